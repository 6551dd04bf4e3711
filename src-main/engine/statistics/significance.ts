import { seededRandom } from './random.ts';

/** Two-sided p of a paired test. `exact`: every assignment of signs was counted, none drawn. */
export type PairedTest = { difference: number; p: number; exact: boolean };

const exactItems = 20;

/**
 * Paired permutation test (Fisher 1935, sign flips): if the two systems were alike, each item's difference could as well
 * have the other sign. `p` is the share of assignments whose mean is at least as far from zero. Up to 20 items that
 * differ, all assignments are counted; above, `samples` are drawn and the observed one counts as one of them
 * (Phipson and Smyth 2010). Give one difference per independent unit: the mean of a passage, where questions share one.
 */
export function pairedPermutationTest(
  differences: readonly number[],
  options: { samples?: number; seed?: number } = {},
): PairedTest {
  const { samples = 10_000, seed = 1 } = options;
  const moving = Float64Array.from(differences.filter((difference) => difference !== 0));
  const total = moving.reduce((sum, difference) => sum + difference, 0);
  const difference = differences.length === 0 ? 0 : total / differences.length;
  if (moving.length === 0) return { difference, p: 1, exact: true };
  const spread = moving.reduce((sum, value) => sum + Math.abs(value), 0);
  // Sums of the same numbers in another order differ in their last digits: those count as equal.
  const far = Math.abs(total) - spread * 1e-12;
  if (moving.length <= exactItems) {
    let count = 0;
    const assignments = 2 ** moving.length;
    let sum = spread;
    const signs = new Int8Array(moving.length).fill(1);
    // Gray code: each step turns one sign.
    for (let step = 1; step <= assignments; step += 1) {
      if (Math.abs(sum) >= far) count += 1;
      const turn = Math.min(31 - Math.clz32(step & -step), moving.length - 1);
      sum -= 2 * (signs[turn] ?? 0) * Math.abs(moving[turn] ?? 0);
      signs[turn] = -(signs[turn] ?? 0);
    }
    return { difference, p: count / assignments, exact: true };
  }
  const random = seededRandom(seed);
  let count = 1;
  for (let sample = 0; sample < samples; sample += 1) {
    let sum = 0;
    let bits = 0; // One draw is 32 signs.
    for (let place = 0; place < moving.length; place += 1) {
      if (place % 32 === 0) bits = random() * 4294967296;
      const value = moving[place] ?? 0;
      sum += (bits >>> (place % 32)) & 1 ? value : -value;
    }
    if (Math.abs(sum) >= far) count += 1;
  }
  return { difference, p: count / (samples + 1), exact: false };
}

/** Holm's step-down correction (Holm 1979): adjusted p in the order given, each at most 1. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_p, index) => index).sort((one, other) => (pValues[one] ?? 0) - (pValues[other] ?? 0));
  const adjusted = new Array<number>(pValues.length).fill(1);
  let most = 0;
  order.forEach((index, place) => {
    most = Math.max(most, Math.min(1, (pValues[index] ?? 1) * (pValues.length - place)));
    adjusted[index] = most;
  });
  return adjusted;
}
