import { expect, test } from 'vitest';
import { binomial, multinomial } from '../../../src-main/engine/statistics/multinomial.ts';
import { seededRandom } from '../../../src-main/engine/statistics/random.ts';

const draws = 40_000;

function moments(values: readonly number[]): { mean: number; variance: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length };
}

/** Probabilities of 0 to `trials` successes. */
function distribution(trials: number, chance: number): number[] {
  const probabilities = [(1 - chance) ** trials];
  for (let k = 1; k <= trials; k += 1)
    probabilities.push(((probabilities[k - 1] ?? 0) * (trials - k + 1) * chance) / (k * (1 - chance)));
  return probabilities;
}

test.each([
  [12, 0.3],
  [60, 0.02],
  [60, 0.45],
  [60, 0.8],
  [300, 0.5],
])('binomial draws of %i trials at %d follow their distribution (chi-squared)', (trials, chance) => {
  const random = seededRandom(7);
  const seen = new Float64Array(trials + 1);
  for (let draw = 0; draw < draws; draw += 1) {
    const value = binomial(trials, chance, random);
    seen[value] = (seen[value] ?? 0) + 1;
  }
  const expected = distribution(trials, chance).map((probability) => probability * draws);
  let [statistic, cells] = [0, 0];
  expected.forEach((wanted, value) => {
    if (wanted < 5) return;
    statistic += ((seen[value] ?? 0) - wanted) ** 2 / wanted;
    cells += 1;
  });
  // Four standard deviations above the mean of chi-squared.
  expect(statistic).toBeLessThan(cells - 1 + 4 * Math.sqrt(2 * (cells - 1)));
});

test('multinomial counts add up and have the means, variances and covariances of drawing item by item', () => {
  const counts = [70_000, 29_000, 900, 100, 0];
  const total = 100_000;
  const draw = multinomial(counts, seededRandom(3));
  const drawn = new Float64Array(counts.length);
  const columns: number[][] = counts.map(() => []);
  for (let sample = 0; sample < 4000; sample += 1) {
    draw(drawn);
    expect(drawn.reduce((sum, count) => sum + count, 0)).toBe(total);
    drawn.forEach((count, kind) => columns[kind]?.push(count));
  }
  counts.forEach((count, kind) => {
    const { mean, variance } = moments(columns[kind] ?? []);
    const wanted = count * (1 - count / total);
    expect(Math.abs(mean - count)).toBeLessThanOrEqual(4 * Math.sqrt(wanted / 4000));
    expect(variance).toBeGreaterThanOrEqual(wanted * 0.88);
    expect(variance).toBeLessThanOrEqual(wanted * 1.12);
  });
  const [first = [], second = []] = columns;
  const both = moments(first.map((value, at) => value + (second[at] ?? 0)));
  expect(both.variance).toBeCloseTo(990, -2); // 99,000 and 1,000 of 100,000
});
