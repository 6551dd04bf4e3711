import type { Interval } from '../statistics/bootstrap.ts';
import { addBleu, bleuStatistics, cocoBleu } from './bleu.ts';
import { countNgrams } from './ngrams.ts';

/** Every n-gram of an output, as often as it stands there. */
export function ngramsOf(tokens: readonly string[], order: number): string[] {
  return [...countNgrams(tokens, order)].flatMap(([key, count]) => Array<string>(count).fill(key));
}

/**
 * Share of different things (n-grams, outputs) among all things, 0 to 1, each list those of one passage. Drawing a passage
 * twice adds nothing different, so a bootstrap can only lower this share: the 95 % interval is the jackknife's, which
 * leaves out one passage at a time (Efron and Tibshirani 1993, 11.1). With fewer than two passages it is the value alone.
 */
export function distinctShare(passages: readonly (readonly string[])[]): Interval {
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
  const without = passages.map(({ length }, passage) =>
    total === length ? 0 : (home.size - (alone[passage] ?? 0)) / (total - length),
  );
  const mean = without.reduce((sum, share) => sum + share, 0) / without.length;
  const squares = without.reduce((sum, share) => sum + (share - mean) ** 2, 0);
  const half = without.length < 2 ? 0 : 1.96 * Math.sqrt(((without.length - 1) / without.length) * squares);
  return { value, low: Math.max(0, value - half), high: Math.min(1, value + half) };
}
const several = -1;

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
