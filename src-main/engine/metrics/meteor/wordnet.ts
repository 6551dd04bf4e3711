import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Synonym sets of an English word, ascending; two words are synonyms when they share one. Answers are kept: repeated words are free. */
export type SynonymSets = (word: string) => readonly number[];

/** Endings of English and what stands in their place in the base form (WordNet's morphy(7WN): nouns, verbs, adjectives). */
const endings: readonly (readonly [string, string])[] = [
  ['s', ''], ['ses', 's'], ['xes', 'x'], ['zes', 'z'], ['ches', 'ch'], ['shes', 'sh'], ['men', 'man'], ['ies', 'y'],
  ['ies', 'y'], ['es', 'e'], ['es', ''], ['ed', 'e'], ['ed', ''], ['ing', 'e'], ['ing', ''],
  ['er', ''], ['est', ''], ['er', 'e'], ['est', 'e'],
]; // prettier-ignore

const none: readonly number[] = [];

/**
 * Reads the synonym sets of WordNet 3.0 from the app's resources (`scripts/wordnet.mjs` makes the file). Null where it is
 * not there: METEOR then runs without synonyms and its signature says so.
 */
export async function readWordNet(resources: string): Promise<SynonymSets | null> {
  let packed: Buffer;
  try {
    packed = await readFile(join(resources, 'wordnet', 'english.txt.gz'));
  } catch {
    return null;
  }
  const [first = '', second = ''] = gunzipSync(packed).toString('utf8').split('\n\n');
  const sets = new Map<string, readonly number[]>();
  for (const line of first.split('\n')) {
    if (line.startsWith('#')) continue;
    const [word = '', ...offsets] = line.split(' ');
    sets.set(word, offsets.map(Number));
  }
  const bases = new Map<string, readonly string[]>();
  for (const line of second.split('\n')) {
    const [form = '', ...words] = line.split(' ');
    bases.set(form, words);
  }
  const known = new Map<string, readonly number[]>();
  return (word) => {
    let answer = known.get(word);
    if (answer === undefined) {
      const all = new Set(sets.get(word) ?? none);
      for (const base of bases.get(word) ?? baseForm(word, sets))
        for (const set of sets.get(base) ?? none) all.add(set);
      answer = all.size === 0 ? none : [...all].sort((one, other) => one - other);
      known.set(word, answer);
    }
    return answer;
  };
}

/** The first base form that the dictionary knows. */
function baseForm(word: string, sets: ReadonlyMap<string, unknown>): string[] {
  if (word.endsWith('ss') || word.length <= 2) return [word];
  for (const [ending, base] of endings) {
    if (!word.endsWith(ending)) continue;
    const form = word.slice(0, -ending.length) + base;
    if (sets.has(form)) return [form];
  }
  return [];
}
