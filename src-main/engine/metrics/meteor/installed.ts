import { createReadStream } from 'node:fs';
import { readFile, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
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
  const present = new Set<string>();
  for (const words of texts) {
    for (let at = 0; at < words.length; at += 1) {
      let phrase = words[at] ?? '';
      present.add(phrase);
      for (let end = at + 1; end < Math.min(words.length, at + longestPhrase); end += 1) {
        phrase += ` ${words[end] ?? ''}`;
        present.add(phrase);
      }
    }
  }
  const table = new Map<string, string[]>();
  let longest = 0;
  let row = 0;
  let phrase = '';
  const input = createReadStream(file, signal === undefined ? {} : { signal }).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    row = (row + 1) % 3;
    if (row === 2) phrase = line;
    if (row !== 0 || !present.has(phrase) || !present.has(line)) continue;
    const list = table.get(phrase);
    if (list === undefined) table.set(phrase, [line]);
    else list.push(line);
    longest = Math.max(longest, phrase.split(' ').length);
  }
  return { longest, of: (text) => table.get(text) ?? [] };
}
