import type { Interval } from '../statistics/bootstrap.ts';
import { seededRandom } from '../statistics/random.ts';
import { addBleu, bleuStatistics, cocoBleu } from './bleu.ts';
import { countNgrams } from './ngrams.ts';

/** Every n-gram of an output, as often as it stands there. */
export function ngramsOf(tokens: readonly string[], order: number): string[] {
  return [...countNgrams(tokens, order)].flatMap(([key, count]) => Array<string>(count).fill(key));
}

/** A share from 0 to 1, and what it is without each passage in turn. */
export type LeftOut = { value: number; without: Float64Array };

/** Share of different things (n-grams, outputs) among all things, each list those of one passage. */
export function distinctShare(passages: readonly (readonly string[])[]): LeftOut {
  const home = new Map<string, number>(); // the one passage that has a thing, or `several`
  passages.forEach((things, passage) => {
    for (const thing of things)
      if ((home.get(thing) ?? passage) !== passage) home.set(thing, several);
      else home.set(thing, passage);
  });
  const alone = new Int32Array(passages.length); // things that are gone without the passage
  for (const passage of home.values()) if (passage !== several) alone[passage] = (alone[passage] ?? 0) + 1;
  const total = passages.reduce((sum, { length }) => sum + length, 0);
  const value = total === 0 ? 0 : home.size / total;
  const without = Float64Array.from(passages, ({ length }, passage) =>
    total === length ? 0 : (home.size - (alone[passage] ?? 0)) / (total - length),
  );
  return { value, without };
}
const several = -1;

/**
 * The jackknife's 95 % interval (Efron and Tibshirani 1993, 11.1): drawing a passage twice adds nothing different, so a
 * bootstrap of a share of different things can only lower it. With fewer than two passages it is the value alone.
 */
export function jackknifeInterval({ value, without }: LeftOut): Interval {
  const mean = without.reduce((sum, share) => sum + share, 0) / without.length;
  const squares = without.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const half = without.length < 2 ? 0 : 1.96 * Math.sqrt(((without.length - 1) / without.length) * squares);
  return { value, low: value - half, high: value + half };
}

/**
 * Draws resamples of passages, those of the bootstrap of every other metric, and gives the share of different things in
 * each. It is low by what is drawn twice, but alike for two systems: good for which is higher, not for how high.
 */
export function distinctSampler(passages: readonly (readonly string[])[], seed: number): () => number {
  const numbers = new Map<string, number>();
  const different = passages.map((things) =>
    Uint32Array.from(new Set(things), (thing) => {
      const number = numbers.get(thing) ?? numbers.size;
      numbers.set(thing, number);
      return number;
    }),
  );
  const seenIn = new Int32Array(numbers.size).fill(-1); // the last resample that had a thing
  const drawnIn = new Int32Array(passages.length).fill(-1);
  const random = seededRandom(seed);
  let sample = -1;
  return () => {
    sample += 1;
    let [total, found] = [0, 0];
    for (let draw = 0; draw < passages.length; draw += 1) {
      const passage = Math.floor(random() * passages.length);
      total += passages[passage]?.length ?? 0;
      if (drawnIn[passage] === sample) continue;
      drawnIn[passage] = sample;
      for (const thing of different[passage] ?? []) {
        if (seenIn[thing] === sample) continue;
        seenIn[thing] = sample;
        found += 1;
      }
    }
    return total === 0 ? 0 : found / total;
  };
}

/** BLEU-4 of each candidate of a passage against its siblings, over all passages with two or more; high means alike. */
export function selfBleu(groups: readonly (readonly (readonly string[])[])[]): number {
  const statistics = groups.flatMap((group) =>
    group.length < 2
      ? []
      : group.map((output, index) =>
          bleuStatistics({ output, references: group.filter((_other, at) => at !== index) }),
        ),
  );
  return statistics.length === 0 ? 0 : (cocoBleu(addBleu(statistics))[3] ?? 0);
}
