/** The mean and the sample standard deviation (n - 1); the deviation of fewer than two values is 0. */
export function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  if (values.length === 0) return { mean: 0, deviation: 0 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
}

/**
 * Cohen's d of paired differences (d_z; Lakens 2013, formula 6): their mean over their standard deviation. Null where
 * there are fewer than two, or where all are equal.
 */
export function pairedCohenD(differences: readonly number[]): number | null {
  const { mean, deviation } = meanAndDeviation(differences);
  return deviation === 0 ? null : mean / deviation;
}

/**
 * Cliff's delta (Cliff 1993), -1 to 1: how much more often a value of the first group is above one of the second than
 * below it. Null where a group is empty.
 */
export function cliffDelta(left: readonly number[], right: readonly number[]): number | null {
  if (left.length === 0 || right.length === 0) return null;
  const sorted = Float64Array.from(right).sort();
  let balance = 0;
  for (const value of left)
    balance += firstPlace(sorted, value, false) - (sorted.length - firstPlace(sorted, value, true));
  return balance / (left.length * right.length);
}

/** How many sorted values are below a value, or with `include` not above it. */
function firstPlace(sorted: Float64Array, value: number, include: boolean): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = sorted[middle] ?? 0;
    if (at < value || (include && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The smallest true difference that a two-sided paired test over `items` units would show with probability `power`:
 * (z of 1 - alpha / 2 + z of power) × deviation / √items, the normal approximation. `deviation` is that of the paired
 * differences.
 */
export function minimumDetectableDifference(
  deviation: number,
  items: number,
  { alpha = 0.05, power = 0.8 }: { alpha?: number; power?: number } = {},
): number {
  return ((normalQuantile(1 - alpha / 2) + normalQuantile(power)) * deviation) / Math.sqrt(items);
}

/** The standard normal's quantile, by Newton's method on its distribution function; `share` above 0 and below 1. */
export function normalQuantile(share: number): number {
  if (!(share > 0 && share < 1)) throw new RangeError('A share above 0 and below 1 is needed.');
  let place = 0;
  for (let round = 0; round < 100; round += 1) {
    const step = (normalDistribution(place) - share) / normalDensity(place);
    place -= Math.max(-1, Math.min(1, step));
    if (Math.abs(step) < 1e-12) break;
  }
  return place;
}

const normalDensity = (place: number): number => Math.exp(-(place ** 2) / 2) / Math.sqrt(2 * Math.PI);

/** Marsaglia's series (2004, "Evaluating the normal distribution"): 1/2 + density × (x + x³/3 + x⁵/15 + …). */
function normalDistribution(place: number): number {
  let term = place;
  let sum = place;
  for (let order = 3; Math.abs(term) > 1e-17 && order < 400; order += 2) {
    term *= place ** 2 / order;
    sum += term;
  }
  return 0.5 + normalDensity(place) * sum;
}
