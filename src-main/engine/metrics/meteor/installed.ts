import { createReadStream } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { unzipSync } from 'fflate';
import { told } from '../../../shared/told.ts';
import type { ParaphraseTable } from './align.ts';

/** A person's own METEOR 1.5: its English function words and where its English paraphrase table is, if it is there. */
export type InstalledMeteor = { functionWords: ReadonlySet<string>; paraphraseFile: string | null };

/**
 * Reads METEOR's folder: `meteor-*.jar`, and `data/paraphrase-en.gz` beside it.
 * @throws AsklabError `file-unreadable` where the folder holds no such jar.
 */
export async function readInstalledMeteor(folder: string): Promise<InstalledMeteor> {
  const names = await readdir(folder).catch(() => []);
  const jar = names.find((name) => /^meteor-.*\.jar$/u.test(name));
  const list = 'function/english.words';
  const files =
    jar === undefined ? {} : unzipSync(await readFile(join(folder, jar)), { filter: ({ name }) => name === list });
  const packed = files[list];
  if (packed === undefined) throw told('error.file-unreadable.no-meteor', { path: folder });
  const words = Buffer.from(packed).toString('utf8').split('\n');
  const table = join(folder, 'data', 'paraphrase-en.gz');
  const there = await stat(table).then(
    (found) => found.isFile(),
    () => false,
  );
  return { functionWords: new Set(words.filter((word) => word !== '')), paraphraseFile: there ? table : null };
}

const longestPhrase = 7;
const [lineEnd, space] = [10, 32];

/** A set of phrases that may hold a few too many: a bit for each hash (FNV-1a, cut to 27 bits) of a phrase's bytes. */
const hashBits = 27;
const hashStart = 0x811c9dc5;
const hashStep = (hash: number, byte: number): number => Math.imul(hash ^ byte, 0x01000193);
const placeOf = (hash: number): number => (hash ^ (hash >>> hashBits)) & ((1 << hashBits) - 1);

/** The phrases of up to seven words in the texts. */
function phrasesOf(texts: Iterable<readonly string[]>): Uint8Array {
  const present = new Uint8Array(1 << (hashBits - 3));
  for (const words of texts) {
    const bytes = Buffer.from(words.join(' '));
    for (let start = 0; start < bytes.length; start = wordEnd(bytes, start) + 1) {
      let hash = hashStart;
      let length = 0;
      for (let at = start; at <= bytes.length; at += 1) {
        const byte = at === bytes.length ? space : (bytes[at] ?? space);
        if (byte === space) {
          const place = placeOf(hash);
          present[place >> 3] = (present[place >> 3] ?? 0) | (1 << (place & 7));
          length += 1;
          if (length === longestPhrase) break;
        }
        hash = hashStep(hash, byte);
      }
    }
  }
  return present;
}

function has(phrases: Uint8Array, hash: number): boolean {
  const place = placeOf(hash);
  return ((phrases[place >> 3] ?? 0) & (1 << (place & 7))) > 0;
}

function wordEnd(bytes: Buffer, start: number): number {
  const end = bytes.indexOf(space, start);
  return end < 0 ? bytes.length : end;
}

/**
 * The part of a paraphrase table that given texts can use: pairs of which one text has a phrase and one its paraphrase,
 * and by chance a few more, which no text asks for. METEOR's table has five million pairs; they stream by as bytes, and
 * only the useful ones become text. The table is lines of three: a probability, a phrase, its paraphrase.
 */
export async function readParaphrases(
  file: string,
  texts: Iterable<readonly string[]>,
  signal?: AbortSignal,
): Promise<ParaphraseTable> {
  const present = phrasesOf(texts);
  const table: ParaphraseTable = { next: new Map(), paraphrases: [] };
  const add = (phrase: string, paraphrase: string): void => {
    let node = table;
    for (const word of phrase.split(' ')) {
      let next = node.next.get(word);
      if (next === undefined) node.next.set(word, (next = { next: new Map(), paraphrases: [] }));
      node = next;
    }
    node.paraphrases.push(paraphrase.split(' '));
  };
  let row = 0;
  let phrase: string | null = null; // of the pair read, if a text may have it
  /** Reads the whole lines of a part; answers what follows the last. */
  const read = (part: Buffer): Buffer => {
    let start = 0;
    for (let at = 0; ; start = at += 1) {
      let hash = hashStart;
      // Most lines need no hash: a probability, and the paraphrases of phrases that no text has.
      if (row === 1 || (row === 2 && phrase !== null)) {
        for (; at < part.length && part[at] !== lineEnd; at += 1) hash = hashStep(hash, part[at] ?? 0);
      } else while (at < part.length && part[at] !== lineEnd) at += 1;
      if (at === part.length) return part.subarray(start);
      if (row === 1) phrase = has(present, hash) ? part.toString('utf8', start, at) : null;
      else if (row === 2 && phrase !== null && has(present, hash)) add(phrase, part.toString('utf8', start, at));
      row = row === 2 ? 0 : row + 1;
    }
  };
  const input = createReadStream(file, signal === undefined ? {} : { signal }).pipe(
    createGunzip({ chunkSize: 1 << 20 }),
  );
  let rest: Buffer = Buffer.alloc(0);
  for await (const part of input as AsyncIterable<Buffer>)
    rest = read(rest.length > 0 ? Buffer.concat([rest, part]) : part);
  read(Buffer.concat([rest, Buffer.of(lineEnd)]));
  return table;
}
