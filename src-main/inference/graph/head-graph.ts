import type { Architecture } from '../bundle/manifest.ts';
import type { Weights } from '../bundle/bundle.ts';
import { LayerWriter, type GraphOptions } from './layers.ts';
import { GraphBuilder } from './onnx-writer.ts';

/**
 * One language's output layer with the pointer. No array of vocabulary size leaves the graph.
 * Inputs: y f32 [n, H]; k i64 [1]; with a pointer keys f32 [B, P, C], pointer_bias f32 [B, n / B, P] (features and mask),
 * sources i64 [n, P].
 * Outputs: top_values f32 [n, k] probabilities, top_ids i64 [n, k]; with a pointer source_values f32 [n, P] (probability of each
 * source id), attention f32 [B, n / B, P], gate f32 [n, 1] (before the sigmoid and the m1 feature).
 */
export function buildHeadGraph(
  architecture: Architecture,
  language: string,
  weights: Weights,
  shared: Weights,
  scales: Readonly<Record<string, number>>,
  options: GraphOptions,
): Uint8Array {
  const { hidden, embedding, pointer } = architecture;
  const graph = new GraphBuilder();
  const all = new Map([...shared, ...weights]);
  const write = new LayerWriter(graph, all, scales, options);
  const y = graph.input('y', 'float32', ['n', hidden]);
  const k = graph.input('k', 'int64', [1]);
  const dense = write.linear(y, 'output.dense.weight', 'output.dense.bias', `output.dense.input.${language}`);
  const state = write.norm(graph.node('LeakyRelu', [dense], { alpha: { float: 0.01 } }), 'output.norm');
  const logits = write.linear(state, 'embedding.weight', 'output.bias', `output.vocabulary.input.${language}`, {
    wide: true,
  });
  const probabilities = graph.node('Softmax', [logits], { axis: -1 });
  const size = write.weight('embedding.weight').shape[0] ?? 0;
  const [values, ids] = options.portable ? topOf(graph, probabilities, k) : largestOf(graph, probabilities, k, size);
  graph.output('top_values', values, 'float32', ['n', 'k']);
  graph.output('top_ids', ids, 'int64', ['n', 'k']);
  if (pointer !== null) {
    const keys = graph.input('keys', 'float32', ['B', 'P', pointer.keySize]);
    const pointerBias = graph.input('pointer_bias', 'float32', ['B', 'M', 'P']);
    const sources = graph.input('sources', 'int64', ['n', 'P']);
    const batch = graph.node('Slice', [graph.node('Shape', [keys]), graph.integers([0]), graph.integers([1])]);
    const query = write.linear(y, 'pointer.query.weight', 'pointer.query.bias', null, {
      factor: 1 / Math.sqrt(pointer.keySize),
    });
    const shape = graph.node('Concat', [batch, graph.integers([-1]), graph.integers([pointer.keySize])], { axis: 0 });
    const scores = graph.node('MatMul', [graph.node('Reshape', [query, shape]), graph.transpose(keys, [0, 2, 1])]);
    const attention = graph.node('Softmax', [graph.node('Add', [scores, pointerBias])], { axis: -1 });
    graph.output('attention', attention, 'float32', ['B', 'M', 'P']);
    graph.output('gate', write.linear(y, 'pointer.gate.weight', 'pointer.gate.bias', null), 'float32', ['n', 1]);
    graph.output(
      'source_values',
      sourceProbabilities(graph, write, {
        probabilities,
        logits,
        state,
        sources,
        values,
        ids,
        embedding,
        portable: options.portable,
      }),
      'float32',
      ['n', 'P'],
    );
  }
  return graph.finish(`head-${language}`);
}

/** A divisor of the vocabulary's size near 100; null for a small one or where there is none. */
function blockOf(size: number): number | null {
  if (size < 4096) return null;
  for (let distance = 0; distance <= 50; distance++) {
    for (const block of [100 + distance, 100 - distance]) if (size % block === 0) return block;
  }
  return null;
}

function topOf(graph: GraphBuilder, rows: string, k: string): [string, string] {
  const [values = '', places = ''] = graph.nodeWithOutputs('TopK', [rows, k], 2, { axis: -1 });
  return [values, places];
}

/** The k largest of each row [n, size] and their places, looked for in the k blocks with the largest maxima: half of TopK's work. */
export function largestOf(graph: GraphBuilder, rows: string, k: string, size: number): [string, string] {
  const block = blockOf(size);
  if (block === null) return topOf(graph, rows, k);
  const width = graph.integers([block]);
  const blocks = graph.reshape(rows, [0, size / block, block]);
  const maxima = graph.node('ReduceMax', [blocks], { axes: [2], keepdims: 0 });
  const count = graph.node('Min', [k, graph.integers([size / block])]);
  const [, chosen] = topOf(graph, maxima, count);
  const places = graph.node('Unsqueeze', [chosen, graph.integers([2])]);
  const taken = graph.reshape(graph.node('GatherND', [blocks, places], { batch_dims: 1 }), [0, -1]);
  const [values, at] = topOf(graph, taken, k);
  const blockAt = graph.node('GatherElements', [chosen, graph.node('Div', [at, width])], { axis: 1 });
  const ids = graph.node('Add', [graph.node('Mul', [blockAt, width]), graph.node('Mod', [at, width])]);
  return [values, ids];
}

interface SourceInputs {
  readonly probabilities: string;
  readonly logits: string;
  readonly state: string;
  readonly sources: string;
  readonly values: string;
  readonly ids: string;
  readonly embedding: number;
  readonly portable: boolean;
}

/** GatherElements where it is native; else the source ids' logits again, scaled by the best id's known probability. */
function sourceProbabilities(graph: GraphBuilder, write: LayerWriter, from: SourceInputs): string {
  if (!from.portable) return graph.node('GatherElements', [from.probabilities, from.sources], { axis: 1 });
  const table = write.weight('embedding.weight');
  const bias = graph.tensor('output_bias', write.weight('output.bias').float(), [table.shape[0] ?? 0]);
  const rows = graph.tensor('table', table.float(), [...table.shape]);
  const state = graph.node('Unsqueeze', [from.state, graph.integers([2])]);
  function logitsOf(ids: string): string {
    const product = graph.node('MatMul', [graph.node('Gather', [rows, ids], { axis: 0 }), state]);
    return graph.node('Add', [
      graph.node('Squeeze', [product, graph.integers([2])]),
      graph.node('Gather', [bias, ids], { axis: 0 }),
    ]);
  }
  const first = [graph.integers([0]), graph.integers([1]), graph.integers([1])];
  const bestId = graph.node('Slice', [from.ids, ...first]);
  const bestValue = graph.node('Slice', [from.values, ...first]);
  const difference = graph.node('Sub', [logitsOf(from.sources), logitsOf(bestId)]);
  return graph.node('Mul', [graph.node('Exp', [difference]), bestValue]);
}
