import { createReadStream } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { unzipSync } from 'fflate';
import { AsklabError } from '../../../shared/errors.ts';
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
  if (packed === undefined)
    throw new AsklabError(
      'file-unreadable',
      `${folder} holds no meteor-1.5.jar. Choose the folder that METEOR was unpacked to.`,
    );
  const words = Buffer.from(packed).toString('utf8').split('\n');
  const table = join(folder, 'data', 'paraphrase-en.gz');
  const there = await stat(table).then(
    (found) => found.isFile(),
    () => false,
  );
  return { functionWords: new Set(words.filter((word) => word !== '')), paraphraseFile: there ? table : null };
}

const longestPhrase = 7;

/**
 * The part of a paraphrase table that given texts can use: pairs of which one text has a phrase and one its paraphrase.
 * METEOR's table has five million pairs; they stream by, and memory holds only the useful ones. The table is lines of
 * three: a probability, a phrase, its paraphrase.
 */
export async function readParaphrases(
  file: string,
  texts: Iterable<readonly string[]>,
  signal?: AbortSignal,
): Promise<ParaphraseTable> {
  const present = new Map<string, string>();
  for (const words of texts) {
    const text = words.join(' ');
    let start = 0;
    for (let at = 0; at < words.length; at += 1) {
      let end = start;
      for (let next = at; next < Math.min(words.length, at + longestPhrase); next += 1) {
        end += (words[next]?.length ?? 0) + (next === at ? 0 : 1);
        const phrase = text.slice(start, end);
        present.set(phrase, phrase);
      }
      start += (words[at]?.length ?? 0) + 1;
    }
  }
  const table = new Map<string, string[]>();
  let longest = 0;
  const add = (phrase: string, paraphrase: string): void => {
    const list = table.get(phrase);
    if (list === undefined) table.set(phrase, [paraphrase]);
    else list.push(paraphrase);
    longest = Math.max(longest, phrase.split(' ').length);
  };
  const input = createReadStream(file, signal === undefined ? {} : { signal }).pipe(
    createGunzip({ chunkSize: 1 << 20 }),
  );
  input.setEncoding('utf8');
  let row = 0;
  let phrase: string | undefined; // of the pair read, if a text has it
  let last = ''; // a phrase's pairs stand together
  /** Reads the whole lines of a part; answers what follows the last. */
  const read = (part: string): string => {
    let at = 0;
    for (let end = part.indexOf('\n'); end >= 0; end = part.indexOf('\n', at)) {
      row = (row + 1) % 3;
      if (row === 2 && !(end - at === last.length && part.startsWith(last, at))) {
        last = part.slice(at, end);
        phrase = present.get(last);
      } else if (row === 0 && phrase !== undefined) {
        const paraphrase = present.get(part.slice(at, end));
        if (paraphrase !== undefined) add(phrase, paraphrase);
      }
      at = end + 1;
    }
    return part.slice(at);
  };
  let rest = '';
  for await (const part of input as AsyncIterable<string>) rest = read(rest + part);
  read(`${rest}\n`);
  return { longest, of: (wanted) => table.get(wanted) ?? [] };
}
