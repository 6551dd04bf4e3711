/** Whether this processor multiplies u8 by s8 exactly: without VNNI, pairs of products are added in 16 bits, which overflow. */
import { GraphBuilder } from './graph/onnx-writer.ts';
import { createSession, floats, floatTensor } from './runtime.ts';

const LENGTH = 64;
const LARGEST = { u8: 255, s8: 127 };
export const EXACT_SUM = LENGTH * LARGEST.u8 * LARGEST.s8;

/** The largest dot product of 64 pairs, as a session computes it. */
export async function largestSum(preciseInt8: boolean): Promise<number> {
  const graph = new GraphBuilder();
  const zero = graph.tensor('zero', Uint8Array.of(0), []);
  const one = graph.scalar(1);
  const x = graph.node('QuantizeLinear', [graph.input('x', 'float32', [1, LENGTH]), one, zero]);
  const weight = graph.tensor('weight', new Int8Array(LENGTH).fill(LARGEST.s8), [LENGTH, 1]);
  graph.output('y', graph.node('com.microsoft:MatMulIntegerToFloat', [x, weight, one, one, zero]), 'float32', [1, 1]);
  const session = await createSession(graph.finish('sum'), { device: 'cpu', threads: 1, preciseInt8 });
  const feeds = { x: floatTensor(new Float32Array(LENGTH).fill(LARGEST.u8), [1, LENGTH]) };
  const sum = floats((await session.run(feeds, ['y']))['y'])[0] ?? NaN;
  await session.release();
  return sum;
}

let needed: Promise<boolean> | null = null;

/** True where int8 sessions need the exact, slower product. Asked of the processor once. */
export function needsPreciseInt8(): Promise<boolean> {
  needed ??= largestSum(false).then((sum) => sum !== EXACT_SUM);
  return needed;
}
