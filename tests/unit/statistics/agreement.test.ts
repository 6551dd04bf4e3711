import { describe, expect, it } from 'vitest';
import {
  cohenKappa,
  fleissKappa,
  krippendorffAlpha,
  observedAgreement,
} from '../../../src-main/engine/agreement/coefficients.ts';
import type { Agreement, Ratings } from '../../../src-main/engine/agreement/ratings.ts';
import { agreementReport } from '../../../src-main/engine/agreement/report.ts';
import { seededRandom } from '../../../src-main/engine/statistics/random.ts';
import expected from '../../golden/statistics/expected.json' with { type: 'json' };

const digits = 9;

function value(agreement: Agreement): number {
  return 'value' in agreement ? agreement.value : Number.NaN;
}

describe('agreement', () => {
  it.each(expected.agreement)('equals krippendorff, scikit-learn and statsmodels', (golden) => {
    const [first = [], second = []] = golden.ratings;
    expect(value(krippendorffAlpha(golden.ratings, 'nominal'))).toBeCloseTo(golden.nominal, digits);
    expect(value(krippendorffAlpha(golden.ratings, 'ordinal'))).toBeCloseTo(golden.ordinal, digits);
    expect(value(krippendorffAlpha(golden.ratings, 'interval'))).toBeCloseTo(golden.interval, digits);
    expect(value(observedAgreement(first, second))).toBeCloseTo(golden.observed, digits);
    expect(value(cohenKappa(first, second))).toBeCloseTo(golden.kappa, digits);
    expect(value(cohenKappa(first, second, 'linear'))).toBeCloseTo(golden.kappaLinear, digits);
    expect(value(cohenKappa(first, second, 'quadratic'))).toBeCloseTo(golden.kappaQuadratic, digits);
    expect(value(fleissKappa(golden.ratings))).toBeCloseTo(golden.fleiss, digits);
  });

  it('is one for full agreement, and says why where it is undefined', () => {
    expect(observedAgreement([0, 1, null], [0, 2, 1])).toEqual({ value: 0.5 });
    expect(cohenKappa([0, 1, 2], [0, 1, 2], 'linear')).toEqual({ value: 1 });
    expect(cohenKappa([1, 1], [1, 1])).toEqual({ undefinedBecause: 'oneCategoryOnly' });
    expect(cohenKappa([null, 1], [1, null])).toEqual({ undefinedBecause: 'noOverlap' });
    const apart: Ratings[] = [
      [1, null],
      [null, 2],
    ];
    expect(krippendorffAlpha(apart, 'nominal')).toEqual({ undefinedBecause: 'noOverlap' });
    expect(fleissKappa([[1, 2]])).toEqual({ undefinedBecause: 'tooFewRaters' });
    expect(krippendorffAlpha([[1, 2]], 'nominal')).toEqual({ undefinedBecause: 'tooFewRaters' });
    expect(() =>
      cohenKappa(
        Array.from({ length: 101 }, (_item, index) => index),
        [],
      ),
    ).toThrow(RangeError);
  });
});

describe('agreement report', () => {
  const ratings = expected.agreement[0]?.ratings ?? [];

  it('gives the coefficients with intervals, the same for the same seed', async () => {
    const report = await agreementReport(ratings, { samples: 300, seed: 3 });
    expect(report.fleiss.ratings).toBe(expected.agreement[0]?.fleissRatings);
    expect(report.pairs.map(({ left, right }) => [left, right])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    const kappa = report.pairs[1]?.kappa;
    if (kappa === undefined || !('value' in kappa)) throw new Error('defined');
    expect(kappa.value).toBeCloseTo(value(cohenKappa(ratings[0] ?? [], ratings[2] ?? [])), digits);
    const { ordinal } = report.alpha;
    if (!('value' in ordinal)) throw new Error('defined');
    expect(ordinal.value).toBeCloseTo(value(krippendorffAlpha(ratings, 'ordinal')), digits);
    expect(ordinal.low).toBeLessThan(ordinal.value);
    expect(ordinal.high).toBeGreaterThan(ordinal.value);
    expect(await agreementReport(ratings, { samples: 300, seed: 3 })).toEqual(report);
    expect((await agreementReport(ratings, { samples: 300, seed: 4 })).alpha).not.toEqual(report.alpha);
  });

  it('tells the share of equal pairs over all raters, with its interval', async () => {
    const { observed } = await agreementReport(
      [
        [0, 1, 2, 0],
        [0, 1, 1, null],
        [0, 2, null, 0],
      ],
      { samples: 300 },
    );
    // Of 1 + 1 + 1 pairs of the first item, 1 of 3 of the second, 0 of 1, 1 of 1.
    expect(observed).toMatchObject({ value: 5 / 8 });
    if (!('value' in observed)) throw new Error('defined');
    expect(observed.low).toBeLessThan(observed.value);
    expect(observed.high).toBeGreaterThan(observed.value);
  });

  it('gives every level and every weight of two categories what computing each gives', async () => {
    const two = ratings.map((row) => row.map((rating) => (rating === null ? null : Number(rating > 1))));
    expect(new Set(two.flat().filter((rating) => rating !== null)).size).toBe(2);
    const { alpha, pairs } = await agreementReport(two, { samples: 20 });
    for (const level of ['nominal', 'ordinal', 'interval'] as const)
      expect(alpha[level]).toMatchObject({
        value: expect.closeTo(value(krippendorffAlpha(two, level)), digits) as number,
      });
    const [pair] = pairs;
    for (const [weight, found] of [
      ['linear', pair?.kappaLinear],
      ['quadratic', pair?.kappaQuadratic],
    ] as const)
      expect(found).toMatchObject({
        value: expect.closeTo(value(cohenKappa(two[0] ?? [], two[1] ?? [], weight)), digits) as number,
      });
  });

  it('draws whole clusters: copies of an item in one cluster do not narrow the interval', async () => {
    const copied = ratings.map((row) => row.flatMap((rating) => [rating, rating, rating, rating]));
    const clusters = copied[0]?.map((_rating, index) => Math.floor(index / 4)) ?? [];
    const width = async (rows: Ratings[], names?: number[]): Promise<number> => {
      const { nominal } = (
        await agreementReport(rows, { samples: 500, ...(names === undefined ? {} : { clusters: names }) })
      ).alpha;
      return 'value' in nominal ? nominal.high - nominal.low : Number.NaN;
    };
    const [single, naive, clustered] = [await width(ratings), await width(copied), await width(copied, clusters)];
    expect(naive).toBeLessThan(single * 0.65);
    expect(Math.abs(clustered - single)).toBeLessThan(single * 0.2);
  });

  it('says why in every place, and counts what was rated', async () => {
    const alone = await agreementReport([[1, 2, 1]]);
    expect(alone.alpha.nominal).toEqual({ undefinedBecause: 'tooFewRaters' });
    expect(alone.pairs).toEqual([]);
    const { items, ratings: count, alpha, pairs } = await agreementReport([[1, 1, null], [1, 1, 2], []]);
    expect([items, count]).toEqual([2, 4]);
    expect(alpha.nominal).toEqual({ undefinedBecause: 'oneCategoryOnly' });
    expect(pairs[0]?.observed).toMatchObject({ value: 1 });
    expect(pairs[2]?.kappa).toEqual({ undefinedBecause: 'noOverlap' });
  });

  it('reports progress on 100,000 items of five people, lets others run, and stops when asked', async () => {
    const random = seededRandom(1);
    const many = Array.from({ length: 5 }, () => Array.from({ length: 100_000 }, () => Math.floor(random() * 3)));
    const shares: number[] = [];
    let others = 0;
    const timer = setInterval(() => (others += 1), 1);
    await agreementReport(many, { samples: 1000, onProgress: (share) => shares.push(share) });
    clearInterval(timer);
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    expect(shares.at(-1)).toBe(1);
    expect(others).toBeGreaterThan(1);
    const controller = new AbortController();
    const stopped = agreementReport(many, { signal: controller.signal, onProgress: () => controller.abort() });
    await expect(stopped).rejects.toThrow('abort');
  });
});
