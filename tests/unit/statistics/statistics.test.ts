import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  pairedBootstrap,
  percentileInterval,
} from '../../../src-main/engine/statistics/bootstrap.ts';
import { kendallTauB, pearson, spearman, type Correlation } from '../../../src-main/engine/statistics/correlation.ts';
import {
  cliffDelta,
  minimumDetectableDifference,
  normalQuantile,
  pairedCohenD,
} from '../../../src-main/engine/statistics/effect.ts';
import { seededRandom } from '../../../src-main/engine/statistics/random.ts';
import { holm, pairedPermutationTest } from '../../../src-main/engine/statistics/significance.ts';
import expected from '../../golden/statistics/expected.json' with { type: 'json' };

const digits = 9;

function value(correlation: Correlation): number {
  return 'value' in correlation ? correlation.value : Number.NaN;
}

describe('correlation', () => {
  it.each(expected.correlation)('equals scipy', (golden) => {
    expect(value(pearson(golden.left, golden.right))).toBeCloseTo(golden.pearson, digits);
    expect(value(spearman(golden.left, golden.right))).toBeCloseTo(golden.spearman, digits);
    expect(value(kendallTauB(golden.left, golden.right))).toBeCloseTo(golden.kendall, digits);
  });
  it('says why it is undefined', () => {
    expect(pearson([1], [2])).toEqual({ undefinedBecause: 'tooFewItems' });
    expect(spearman([1, 2], [3, 3])).toEqual({ undefinedBecause: 'constant' });
    expect(() => kendallTauB([1, 2], [1])).toThrow(RangeError);
  });
});

describe('tests', () => {
  it.each(expected.permutation)('counts every assignment of signs as scipy does', (golden) => {
    const test = pairedPermutationTest(golden.differences);
    expect(test.exact).toBe(true);
    expect(test.p).toBeCloseTo(golden.p, digits);
  });
  it('draws assignments where there are too many, near the exact p', () => {
    // 30 equal items of which 20 went up: exactly twice the binomial tail of 20 or more of 30.
    const differences = Array.from({ length: 30 }, (_item, index) => (index < 20 ? 1 : -1));
    const test = pairedPermutationTest(differences, { samples: 40_000 });
    expect(test).toMatchObject({ difference: 1 / 3, exact: false });
    expect(Math.abs(test.p - 0.0987)).toBeLessThan(0.006);
    expect(pairedPermutationTest(differences, { samples: 40_000 })).toEqual(test);
    expect(pairedPermutationTest([0, 0])).toEqual({ difference: 0, p: 1, exact: true });
  });
  it('corrects by Holm as statsmodels does', () => {
    holm(expected.holm.p).forEach((p, index) => expect(p).toBeCloseTo(expected.holm.adjusted[index] ?? -1, digits));
    expect(holm([])).toEqual([]);
  });
});

describe('effect and power', () => {
  it('equals numpy, scipy and statsmodels', () => {
    expect(pairedCohenD(expected.cohenD.differences)).toBeCloseTo(expected.cohenD.d, digits);
    for (const golden of expected.cliff)
      expect(cliffDelta(golden.left, golden.right)).toBeCloseTo(golden.delta, digits);
    for (const [share = 0, place = 0] of expected.quantiles) expect(normalQuantile(share)).toBeCloseTo(place, 8);
    for (const { items, alpha, power, size } of expected.power)
      expect(minimumDetectableDifference(1, items, { alpha, power })).toBeCloseTo(size, 6);
  });
  it('is nothing where nothing varies', () => {
    expect(pairedCohenD([1, 1])).toBeNull();
    expect(cliffDelta([], [1])).toBeNull();
    expect(() => normalQuantile(1)).toThrow(RangeError);
  });
});

describe('bootstrap', () => {
  const random = seededRandom(5);
  const sample = Array.from({ length: 400 }, () => random());
  const mean = (chosen: readonly number[]): number =>
    chosen.reduce((sum, index) => sum + (sample[index] ?? 0), 0) / chosen.length;

  it('takes percentiles as numpy does', () => {
    const interval = percentileInterval(0, expected.percentile.samples);
    expect(interval.low).toBeCloseTo(expected.percentile.low, digits);
    expect(interval.high).toBeCloseTo(expected.percentile.high, digits);
  });
  it('draws the same numbers from the same seed, and covers the mean', () => {
    const interval = bootstrapInterval(sample.length, mean, { samples: 400 });
    expect(interval).toEqual(bootstrapInterval(sample.length, mean, { samples: 400 }));
    // The standard error of 400 uniform numbers is 0.0144, so the interval is about 0.057 wide.
    expect(interval.high - interval.low).toBeGreaterThan(0.045);
    expect(interval.high - interval.low).toBeLessThan(0.07);
    expect(pairedBootstrap(400, mean, (chosen) => mean(chosen) - 0.1).p).toBeLessThan(0.01);
  });
  it('is wider over clusters whose items are alike', () => {
    const alike = (chosen: readonly number[]): number =>
      chosen.reduce((sum, index) => sum + (sample[index >> 3] ?? 0), 0) / chosen.length;
    const clusters = sample.map((_value, index) => index >> 3);
    const [items, passages] = [{}, { clusters }].map((options) => bootstrapInterval(400, alike, options));
    const width = (interval: typeof items): number => (interval?.high ?? 0) - (interval?.low ?? 0);
    expect(width(passages)).toBeGreaterThan(2 * width(items));
    expect(bootstrapInterval(400, alike, { clusters: sample.map(() => 'one') }).low).toBe(
      alike(sample.map((_v, i) => i)),
    );
  });
});
