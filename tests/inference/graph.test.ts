import { expect, it } from 'vitest';
import { seededRandom } from '../../src-main/inference/decode/sampling.ts';
import { EXACT_SUM, largestSum, needsPreciseInt8 } from '../../src-main/inference/exact-int8.ts';
import { largestOf } from '../../src-main/inference/graph/head-graph.ts';
import { GraphBuilder } from '../../src-main/inference/graph/onnx-writer.ts';
import { createSession, floats, floatTensor, int64Tensor, integers } from '../../src-main/inference/runtime.ts';

it('int8 products are exact on this processor', async () => {
  expect(await largestSum(await needsPreciseInt8())).toBe(EXACT_SUM);
});

// 4,000 is searched whole, 30,000 in blocks of 100, 8,191 is a prime; more candidates than blocks, and all of them.
it.each([
  [4_000, 8],
  [8_191, 8],
  [30_000, 8],
  [30_000, 2],
  [8_000, 136],
  [8_000, 8_000],
])('the largest of rows of %i: %i candidates, with their places', async (size, count) => {
  const graph = new GraphBuilder();
  const [values, places] = largestOf(
    graph,
    graph.input('rows', 'float32', ['n', size]),
    graph.input('k', 'int64', [1]),
    size,
  );
  graph.output('values', values, 'float32', ['n', 'k']);
  graph.output('places', places, 'int64', ['n', 'k']);
  const session = await createSession(graph.finish('largest'), { device: 'cpu', threads: 1 });
  const random = seededRandom(size + count);
  // Runs of neighbours among the largest, so that one block holds several.
  const rows = Float32Array.from({ length: 3 * size }, (_, i) => random() + (i % 977 < 5 ? 1 : 0));
  const out = await session.run(
    { rows: floatTensor(rows, [3, size]), k: int64Tensor(BigInt64Array.of(BigInt(count)), [1]) },
    ['values', 'places'],
  );
  for (let row = 0; row < 3; row++) {
    const whole = rows.subarray(row * size, (row + 1) * size);
    const sorted = whole.toSorted().reverse().subarray(0, count);
    expect(floats(out['values']).subarray(row * count, (row + 1) * count)).toEqual(sorted);
    const found = integers(out['places']).subarray(row * count, (row + 1) * count);
    expect(Float32Array.from(found, (place) => whole[place] ?? NaN)).toEqual(sorted);
    expect(new Set(found).size).toBe(count);
  }
  await session.release();
});
