import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { z } from 'zod';
import type { importSource } from '../../shared/contract/importing.ts';
import type { AsklabError } from '../../shared/errors.ts';
import { systemCode, told } from '../../shared/told.ts';
import { decoderFor, detectEncoding } from './encoding.ts';

export type ImportSource = z.input<typeof importSource>;

const headBytes = 1 << 20;
const longestText = 400 * (1 << 20); // below the longest string of V8

/** A file or pasted text, read in pieces as often as wanted. */
export interface Source {
  name: string;
  path: string | null;
  bytes: number;
  encoding: string;
  /** The first megabyte, decoded. */
  head: string;
  /** How much has been handed out, from 0 to 1; readers of whole values set it as they go through them. */
  share: number;
  chunks(): AsyncIterable<string>;
  /** Line by line, without ends of line. */
  lines(): AsyncIterable<{ number: number; text: string }>;
  /** All of it, for formats that are one value. Error: 'file-unreadable' when too large. */
  whole(): Promise<string>;
}

/** Error: 'file-unreadable'. */
export async function openSource(source: ImportSource, encoding?: string): Promise<Source> {
  if ('text' in source) {
    const { text, title } = source;
    return make(title, null, Buffer.byteLength(text), 'utf-8', text, () => pasted(text));
  }
  const { path } = source;
  const { head, bytes } = await readHead(path);
  const chosen = encoding ?? detectEncoding(head);
  const text = decoderFor(chosen).decode(head, { stream: true });
  return make(basename(path), path, bytes, chosen, text, () => decoded(path, chosen));
}

function make(
  name: string,
  path: string | null,
  bytes: number,
  encoding: string,
  head: string,
  chunks: () => AsyncIterable<Chunk>,
): Source {
  return {
    name,
    path,
    bytes,
    encoding,
    head,
    share: 0,
    async *chunks() {
      for await (const { text, end } of chunks()) {
        this.share = bytes === 0 ? 1 : end / bytes;
        yield text;
      }
    },
    lines() {
      return linesOf(this.chunks());
    },
    async whole() {
      if (bytes > longestText) throw told('error.file-unreadable.too-large', { path: name });
      let text = '';
      for await (const chunk of this.chunks()) text += chunk;
      return text;
    },
  };
}

/** Decoded text, and the byte of the file where it ends. */
interface Chunk {
  text: string;
  end: number;
}

async function* pasted(text: string): AsyncGenerator<Chunk> {
  yield await Promise.resolve({ text: text.replace(/^\uFEFF/, ''), end: Buffer.byteLength(text) });
}

async function readHead(path: string): Promise<{ head: Uint8Array; bytes: number }> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const { buffer, bytesRead } = await file.read(Buffer.alloc(Math.min(size, headBytes)), 0, undefined, 0);
      return { head: buffer.subarray(0, bytesRead), bytes: size };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

async function* decoded(path: string, encoding: string): AsyncGenerator<Chunk> {
  const decoder = decoderFor(encoding);
  const stream = createReadStream(path, { highWaterMark: 1 << 18 });
  try {
    let end = 0;
    for await (const bytes of stream as AsyncIterable<Buffer>) {
      end += bytes.length;
      yield { text: decoder.decode(bytes, { stream: true }), end };
    }
    yield { text: decoder.decode(), end };
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): AsklabError {
  return told('error.file-unreadable.file', { path: basename(path), why: systemCode(error) });
}

async function* linesOf(chunks: AsyncIterable<string>): AsyncGenerator<{ number: number; text: string }> {
  let number = 0;
  let rest = '';
  for await (const chunk of chunks) {
    rest += chunk;
    let start = 0;
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n', start)) {
      yield { number: (number += 1), text: rest.slice(start, rest[end - 1] === '\r' && end > start ? end - 1 : end) };
      start = end + 1;
    }
    rest = rest.slice(start);
    if (rest.length > longestText) throw told('error.file-unreadable.long-line', { line: number + 1 });
  }
  if (rest !== '') yield { number: number + 1, text: rest };
}
