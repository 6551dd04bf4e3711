/** Counts of the n-grams of a token list. */
export type NgramCounts = Map<string, number>;

const joint = '\u0001';

/** Counts n-grams of one order. */
export function countNgrams(tokens: readonly string[], order: number): NgramCounts {
  const counts: NgramCounts = new Map();
  for (let at = 0; at + order <= tokens.length; at += 1) {
    let key = tokens[at] ?? '';
    for (let next = 1; next < order; next += 1) key += joint + (tokens[at + next] ?? '');
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** How many n-grams of the first are in the second, each counted at most as often as there. */
export function clippedMatches(own: NgramCounts, other: NgramCounts): number {
  let matches = 0;
  for (const [key, count] of own) matches += Math.min(count, other.get(key) ?? 0);
  return matches;
}
