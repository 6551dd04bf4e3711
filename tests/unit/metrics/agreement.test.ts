import { describe, expect, it } from 'vitest';
import {
  cohenKappa,
  fleissKappa,
  krippendorffAlpha,
  observedAgreement,
  type Agreement,
} from '../../../src-main/engine/agreement/agreement.ts';
import { alphaInterval } from '../../../src-main/engine/agreement/interval.ts';
import expected from '../../golden/metrics/expected.json' with { type: 'json' };

const golden = expected.agreement;
const full = golden.ratings.map((ratings) => ratings.map((value) => value ?? 0));
const [first = [], second = []] = full;

function value(agreement: Agreement): number {
  return 'value' in agreement ? agreement.value : Number.NaN;
}

describe('agreement', () => {
  it('equals krippendorff, with missing ratings', () => {
    expect(golden.ratings.flat()).toContain(null);
    expect(value(krippendorffAlpha(golden.ratings, 'nominal'))).toBeCloseTo(golden.alpha_nominal, 9);
    expect(value(krippendorffAlpha(golden.ratings, 'ordinal'))).toBeCloseTo(golden.alpha_ordinal, 9);
    expect(value(krippendorffAlpha(golden.ratings, 'interval'))).toBeCloseTo(golden.alpha_interval, 9);
  });
  it('equals statsmodels', () => {
    expect(value(cohenKappa(first, second))).toBeCloseTo(golden.kappa, 9);
    expect(value(cohenKappa(first, second, 'linear'))).toBeCloseTo(golden.kappaLinear, 9);
    expect(value(cohenKappa(first, second, 'quadratic'))).toBeCloseTo(golden.kappaQuadratic, 9);
    expect(value(fleissKappa(full))).toBeCloseTo(golden.fleiss, 9);
  });
  it('is one for full agreement, and says why where it is undefined', () => {
    expect(observedAgreement([0, 1, null], [0, 2, 1])).toEqual({ value: 0.5 });
    expect(cohenKappa([0, 1, 2], [0, 1, 2], 'linear')).toEqual({ value: 1 });
    expect(cohenKappa([1, 1], [1, 1])).toEqual({ undefinedBecause: 'oneCategoryOnly' });
    expect(cohenKappa([null, 1], [1, null])).toEqual({ undefinedBecause: 'noOverlap' });
    expect(
      krippendorffAlpha(
        [
          [1, null],
          [null, 2],
        ],
        'nominal',
      ),
    ).toEqual({ undefinedBecause: 'noOverlap' });
    expect(fleissKappa([[1, 2]])).toEqual({ undefinedBecause: 'tooFewRaters' });
  });
  it('has an interval around the value, the same for the same seed', () => {
    const interval = alphaInterval(golden.ratings, 'nominal', { samples: 300, seed: 3 });
    if (!('value' in interval)) throw new Error('defined');
    expect(interval.low).toBeLessThan(interval.value);
    expect(interval.high).toBeGreaterThan(interval.value);
    expect(alphaInterval(golden.ratings, 'nominal', { samples: 300, seed: 3 })).toEqual(interval);
  });
});
