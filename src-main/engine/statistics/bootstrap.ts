import { seededRandom } from './random.ts';

/** A number with the interval that 95 % of resamples fall into (percentile bootstrap; Efron and Tibshirani 1993, 13.3). */
export type Interval = { value: number; low: number; high: number };

/** The difference of two systems on the same items. `p` is two-sided. */
export type PairedDifference = Interval & { p: number };

/** How often and from which seed to resample. */
export type BootstrapOptions = {
  samples?: number;
  seed?: number;
  /**
   * A name for each item, such as its passage: items of one name are drawn together, because they are not independent
   * (Davison and Hinkley 1997, 3.8). Without it each item is drawn alone.
   */
  clusters?: readonly (string | number)[];
};

/** The 95 % percentile interval of resampled values, numbers between two of them by linear interpolation. */
export function percentileInterval(value: number, samples: ArrayLike<number>): Interval {
  const sorted = Float64Array.from(samples).sort();
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const low = Math.floor(place);
  const below = sorted[low] ?? 0;
  return below + (place - low) * ((sorted[low + 1] ?? below) - below);
}

/** Item numbers by cluster, in the order of first appearance. */
export function clusterItems(clusters: readonly (string | number)[]): number[][] {
  const groups = new Map<string | number, number[]>();
  clusters.forEach((name, item) => {
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  });
  return [...groups.values()];
}

function* resamples(size: number, { samples = 1000, seed = 1, clusters }: BootstrapOptions): Generator<number[]> {
  const random = seededRandom(seed);
  if (clusters === undefined) {
    for (let sample = 0; sample < samples; sample += 1)
      yield Array.from({ length: size }, () => Math.floor(random() * size));
    return;
  }
  const groups = clusterItems(clusters);
  for (let sample = 0; sample < samples; sample += 1)
    yield groups.flatMap(() => groups[Math.floor(random() * groups.length)] ?? []);
}

function units(size: number, clusters: BootstrapOptions['clusters']): number {
  return clusters === undefined ? size : new Set(clusters).size;
}

/**
 * A statistic of `size` items with its 95 % interval. `score` gets item numbers, possibly with repeats. With fewer than
 * two items (or clusters) the interval is the value itself.
 */
export function bootstrapInterval(
  size: number,
  score: (items: readonly number[]) => number,
  options: BootstrapOptions = {},
): Interval {
  const value = score(Array.from({ length: size }, (_item, index) => index));
  if (units(size, options.clusters) < 2) return { value, low: value, high: value };
  return percentileInterval(value, Array.from(resamples(size, options), score));
}

/**
 * Paired bootstrap (Koehn 2004, "Statistical significance tests for machine translation evaluation"): both systems are
 * scored on the same resampled items. `p` is twice the smaller share of resamples on either side of no difference, the
 * observed data counted as one of them.
 */
export function pairedBootstrap(
  size: number,
  score: (items: readonly number[]) => number,
  other: (items: readonly number[]) => number,
  options: BootstrapOptions = {},
): PairedDifference {
  const difference = (items: readonly number[]): number => score(items) - other(items);
  const value = difference(Array.from({ length: size }, (_item, index) => index));
  if (units(size, options.clusters) < 2) return { value, low: value, high: value, p: 1 };
  const differences = Array.from(resamples(size, options), difference);
  return { ...percentileInterval(value, differences), p: bootstrapP(differences) };
}

/** Two-sided p of resampled differences, never below 2 / (samples + 1). */
export function bootstrapP(differences: ArrayLike<number>): number {
  let below = 0;
  let above = 0;
  for (let index = 0; index < differences.length; index += 1) {
    const difference = differences[index] ?? 0;
    if (difference <= 0) below += 1;
    if (difference >= 0) above += 1;
  }
  return Math.min(1, (2 * (Math.min(below, above) + 1)) / (differences.length + 1));
}
