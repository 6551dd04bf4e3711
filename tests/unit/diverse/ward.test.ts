import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cut, ward } from '../../../src-main/engine/diverse/ward.ts';
import expected from '../../golden/ward/expected.json' with { type: 'json' };

function merged(points: readonly (readonly number[])[], sizes = points.map(() => 1)): ReturnType<typeof ward> {
  return ward(Float64Array.from(points.flat()), Float64Array.from(sizes), points[0]?.length ?? 0);
}

/** Clusters as sets of points, whatever their labels. */
function grouped(labels: readonly number[]): number[][] {
  return [...Map.groupBy(labels.keys(), (point) => labels[point]).values()];
}

test.each(expected)('merges and cuts as scipy does', ({ points, heights, cuts }) => {
  const merges = merged(points);
  expect(merges).toHaveLength(heights.length);
  for (const [index, { height }] of merges.entries()) expect(height).toBeCloseTo(heights[index] ?? Number.NaN, 9);
  for (const { clusters, labels } of cuts) expect(cut(merges, points.length, clusters)).toEqual(grouped(labels));
});

test('a point that stands for several is like so many points in one place', () => {
  const place = fc.tuple(
    fc.integer({ min: -90, max: 90 }),
    fc.integer({ min: -90, max: 90 }),
    fc.integer({ min: 1, max: 4 }),
  );
  fc.assert(
    fc.property(fc.uniqueArray(place, { minLength: 2, maxLength: 12, selector: ([x, y]) => `${x} ${y}` }), (places) => {
      const weighted = merged(
        places.map(([x, y]) => [x, y]),
        places.map(([, , size]) => size),
      );
      const repeated = merged(places.flatMap(([x, y, size]) => Array.from({ length: size }, () => [x, y])));
      const heights = repeated.map(({ height }) => height).filter((height) => height > 0);
      expect(weighted).toHaveLength(heights.length);
      for (const [index, { height }] of weighted.entries()) expect(height).toBeCloseTo(heights[index] ?? 0, 6);
    }),
  );
});

test('one point, points in one place, and a cut into more than there are', () => {
  expect(merged([[1, 2]])).toEqual([]);
  expect(cut([], 1, 1)).toEqual([[0]]);
  const alike = merged([[3], [3], [3]]);
  expect(alike.map(({ height }) => height)).toEqual([0, 0]);
  expect(cut(alike, 3, 5)).toEqual([[0], [1], [2]]);
});
