/** A score with the interval that 95 % of resamples fall into. */
export type Interval = { value: number; low: number; high: number };

/** The difference of two systems on the same items. `p` is two-sided. */
export type PairedDifference = Interval & { p: number };

/** A small seeded generator (mulberry32): the same seed gives the same interval on every machine. */
export function seededRandom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let value = Math.imul(state ^ (state >>> 15), 1 | state);
    value = (value + Math.imul(value ^ (value >>> 7), 61 | value)) ^ value;
    return ((value ^ (value >>> 14)) >>> 0) / 4294967296;
  };
}

function resample(size: number, random: () => number): number[] {
  return Array.from({ length: size }, () => Math.floor(random() * size));
}

function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const below = sorted[low] ?? 0;
  return below + (place - low) * ((sorted[low + 1] ?? below) - below);
}

/** Percentile bootstrap over items: `score` gets item numbers, possibly with repeats. */
export function bootstrapInterval(
  size: number,
  score: (items: readonly number[]) => number,
  options: { samples?: number; seed?: number } = {},
): Interval {
  const { samples = 1000, seed = 1 } = options;
  const value = score(Array.from({ length: size }, (_item, index) => index));
  if (size < 2) return { value, low: value, high: value };
  const random = seededRandom(seed);
  const scores = Array.from({ length: samples }, () => score(resample(size, random))).sort(
    (left, right) => left - right,
  );
  return { value, low: quantile(scores, 0.025), high: quantile(scores, 0.975) };
}

/** Paired bootstrap (Koehn 2004): both systems are scored on the same resampled items. */
export function pairedBootstrap(
  size: number,
  score: (items: readonly number[]) => number,
  other: (items: readonly number[]) => number,
  options: { samples?: number; seed?: number } = {},
): PairedDifference {
  const { samples = 1000, seed = 1 } = options;
  const difference = (items: readonly number[]): number => score(items) - other(items);
  const value = difference(Array.from({ length: size }, (_item, index) => index));
  if (size < 2) return { value, low: value, high: value, p: 1 };
  const random = seededRandom(seed);
  const differences = Array.from({ length: samples }, () => difference(resample(size, random))).sort(
    (left, right) => left - right,
  );
  const below = differences.filter((sample) => sample <= 0).length;
  const above = differences.filter((sample) => sample >= 0).length;
  const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (samples + 1));
  return { value, low: quantile(differences, 0.025), high: quantile(differences, 0.975), p };
}
