import type { Architecture } from '../bundle/manifest.ts';
import type { Weights } from '../bundle/bundle.ts';
import { LayerWriter, type GraphOptions } from './layers.ts';
import { GraphBuilder } from './onnx-writer.ts';

/**
 * The shared Transformer for prefill (L = source + separator) and decode (L = beams folded into the query).
 * Inputs: x f32 [B, L, H]; segments i64 [B, L] (focus models); bias f32 [B, 1, L, P + T + L]; sel i64 [n], flattened rows that
 * need logits; without a pointer also bias_sel f32 [B, 1, n / B, P + T + L]; per layer the source cache sk_i, sv_i [B, N, P, D]
 * and the target buffer tk_i, tv_i [B, N, T, D].
 * Outputs: y f32 [n, H] final states of the selected rows; per layer nk_i, nv_i [B, N, L, D]; with a pointer keys f32 [B, L, C].
 * The source is never concatenated or copied: its scores are computed apart and only scores are joined.
 */
export function buildBodyGraph(
  architecture: Architecture,
  weights: Weights,
  scales: Readonly<Record<string, number>>,
  options: GraphOptions,
): Uint8Array {
  const { hidden, heads, layers, pointer, norm } = architecture;
  const depth = hidden / heads;
  const graph = new GraphBuilder();
  const write = new LayerWriter(graph, weights, scales, options);
  let x = graph.input('x', 'float32', ['B', 'L', hidden]);
  if (architecture.focus)
    x = graph.node('Add', [x, write.lookup('segment.weight', graph.input('segments', 'int64', ['B', 'L']))]);
  const bias = graph.input('bias', 'float32', ['B', 1, 'L', 'W']);
  const sel = graph.input('sel', 'int64', ['n']);
  const biasSel = pointer === null ? graph.input('bias_sel', 'float32', ['B', 1, 'M', 'W']) : null;
  const batch = graph.node('Slice', [graph.node('Shape', [bias]), graph.integers([0]), graph.integers([1])]);

  function splitHeads(value: string): string {
    return graph.transpose(graph.reshape(value, [0, 0, heads, depth]), [0, 2, 1, 3]);
  }
  function selectRows(value: string): string {
    const rows = graph.node('Gather', [graph.reshape(value, [-1, hidden]), sel], { axis: 0 });
    return graph.node('Reshape', [
      rows,
      graph.node('Concat', [batch, graph.integers([-1]), graph.integers([hidden])], { axis: 0 }),
    ]);
  }

  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    const scaleOf = (part: string): string => `${block}.${part}`;
    const sourceKeys = graph.input(`sk_${layer}`, 'float32', ['B', heads, 'P', depth]);
    const sourceValues = graph.input(`sv_${layer}`, 'float32', ['B', heads, 'P', depth]);
    const targetKeys = graph.input(`tk_${layer}`, 'float32', ['B', heads, 'T', depth]);
    const targetValues = graph.input(`tv_${layer}`, 'float32', ['B', heads, 'T', depth]);
    const selected = biasSel !== null && layer === layers - 1 && options.everyRow !== true;
    const normed = norm === 'pre' ? write.norm(x, `${block}.attention.norm`) : x;
    const queried = selected ? selectRows(normed) : normed;
    if (selected) x = selectRows(x);
    const attention = `${block}.attention`;
    const query = splitHeads(
      write.linear(queried, `${attention}.query.weight`, `${attention}.query.bias`, scaleOf('attention.input'), {
        factor: 1 / Math.sqrt(depth),
      }),
    );
    const newKeys = splitHeads(
      write.linear(normed, `${attention}.key.weight`, `${attention}.key.bias`, scaleOf('attention.input')),
    );
    const newValues = splitHeads(
      write.linear(normed, `${attention}.value.weight`, `${attention}.value.bias`, scaleOf('attention.input')),
    );
    graph.output(`nk_${layer}`, newKeys, 'float32', ['B', heads, 'L', depth]);
    graph.output(`nv_${layer}`, newValues, 'float32', ['B', heads, 'L', depth]);
    const keys = graph.node('Concat', [targetKeys, newKeys], { axis: 2 });
    const values = graph.node('Concat', [targetValues, newValues], { axis: 2 });
    const sourceScores = graph.node('MatMul', [query, graph.transpose(sourceKeys, [0, 1, 3, 2])]);
    const targetScores = graph.node('MatMul', [query, graph.transpose(keys, [0, 1, 3, 2])]);
    const scores = graph.node('Add', [
      graph.node('Concat', [sourceScores, targetScores], { axis: 3 }),
      selected && biasSel !== null ? biasSel : bias,
    ]);
    const probabilities = graph.node('Softmax', [scores], { axis: -1 });
    const sourceLength = graph.node('Slice', [
      graph.node('Shape', [sourceKeys]),
      graph.integers([2]),
      graph.integers([3]),
    ]);
    const sourcePart = graph.node('Slice', [probabilities, graph.integers([0]), sourceLength, graph.integers([3])]);
    const targetPart = graph.node('Slice', [
      probabilities,
      sourceLength,
      graph.integers([2 ** 31 - 1]),
      graph.integers([3]),
    ]);
    const mixed = graph.node('Add', [
      graph.node('MatMul', [sourcePart, sourceValues]),
      graph.node('MatMul', [targetPart, values]),
    ]);
    const joined = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [0, 0, hidden]);
    const attended = write.linear(
      joined,
      `${attention}.output.weight`,
      `${attention}.output.bias`,
      scaleOf('attention.output'),
    );
    x = graph.node('Add', [x, attended]);
    if (norm === 'post') x = write.norm(x, `${block}.attention.norm`);
    const before = norm === 'pre' ? write.norm(x, `${block}.mlp.norm`) : x;
    const up = graph.node('Relu', [
      write.linear(before, `${block}.mlp.up.weight`, `${block}.mlp.up.bias`, scaleOf('mlp.input')),
    ]);
    x = graph.node('Add', [
      x,
      write.linear(up, `${block}.mlp.down.weight`, `${block}.mlp.down.bias`, scaleOf('mlp.middle'), {
        nonNegative: true,
      }),
    ]);
    if (norm === 'post') x = write.norm(x, `${block}.mlp.norm`);
  }
  if (norm === 'pre') x = write.norm(x, 'final.norm');
  const selectedAlready = biasSel !== null && options.everyRow !== true;
  const rows = graph.reshape(x, [-1, hidden]);
  graph.output('y', selectedAlready ? rows : graph.node('Gather', [rows, sel], { axis: 0 }), 'float32', ['n', hidden]);
  if (pointer !== null) {
    graph.output('keys', write.linear(x, 'pointer.key.weight', 'pointer.key.bias', null), 'float32', [
      'B',
      'L',
      pointer.keySize,
    ]);
  }
  return graph.finish('body');
}
