import type { Architecture } from '../bundle/manifest.ts';
import type { Weights } from '../bundle/bundle.ts';
import { LayerWriter, type GraphOptions } from './layers.ts';
import { GraphBuilder } from './onnx-writer.ts';

/** PyTorch's gate order i, f, g, o to ONNX's i, o, f, c (g = c). `width` values per row. */
function reorderGates(values: Float32Array, hidden: number, width: number): Float32Array {
  const out = new Float32Array(values.length);
  const block = hidden * width;
  [0, 3, 1, 2].forEach((from, to) => out.set(values.subarray(from * block, (from + 1) * block), to * block));
  return out;
}

/**
 * One language's embedding and LSTM.
 * Inputs: ids i64 [Q, R] (time-major), lengths i32 [R], per LSTM layer h0_i, c0_i f32 [1, R, H].
 * Outputs: x f32 [R, Q, H], per layer h1_i, c1_i f32 [1, R, H].
 */
export function buildLowGraph(architecture: Architecture, weights: Weights, options: GraphOptions): Uint8Array {
  const { hidden } = architecture;
  const graph = new GraphBuilder();
  const write = new LayerWriter(graph, weights, {}, options);
  const ids = graph.input('ids', 'int64', ['Q', 'R']);
  if (architecture.lowLevel === 'shared') {
    const embedded = write.lookup('embedding.weight', graph.transpose(ids, [1, 0]));
    const projected = write.linear(embedded, 'embedding.projection.weight', 'embedding.projection.bias', null);
    graph.output('x', projected, 'float32', ['R', 'Q', hidden]);
    return graph.finish('low');
  }
  const lengths = graph.input('lengths', 'int32', ['R']);
  let x = write.lookup('embedding.weight', ids);
  for (let layer = 0; layer < architecture.lstmLayers; layer++) {
    const width = layer === 0 ? architecture.embedding : hidden;
    const inputWeight = reorderGates(write.weight(`lstm.weight_ih_l${layer}`).float(), hidden, width);
    const stateWeight = reorderGates(write.weight(`lstm.weight_hh_l${layer}`).float(), hidden, hidden);
    const bias = new Float32Array(8 * hidden);
    bias.set(reorderGates(write.weight(`lstm.bias_ih_l${layer}`).float(), hidden, 1));
    bias.set(reorderGates(write.weight(`lstm.bias_hh_l${layer}`).float(), hidden, 1), 4 * hidden);
    const h0 = graph.input(`h0_${layer}`, 'float32', [1, 'R', hidden]);
    const c0 = graph.input(`c0_${layer}`, 'float32', [1, 'R', hidden]);
    const [y = '', h1 = '', c1 = ''] = graph.nodeWithOutputs(
      'LSTM',
      [
        x,
        graph.tensor('lstm_w', inputWeight, [1, 4 * hidden, width]),
        graph.tensor('lstm_r', stateWeight, [1, 4 * hidden, hidden]),
        graph.tensor('lstm_b', bias, [1, 8 * hidden]),
        lengths,
        h0,
        c0,
      ],
      3,
      { hidden_size: hidden },
    );
    graph.output(`h1_${layer}`, h1, 'float32', [1, 'R', hidden]);
    graph.output(`c1_${layer}`, c1, 'float32', [1, 'R', hidden]);
    x = graph.node('Squeeze', [y, graph.integers([1])]);
  }
  graph.output('x', graph.transpose(x, [1, 0, 2]), 'float32', ['R', 'Q', hidden]);
  return graph.finish('low');
}
