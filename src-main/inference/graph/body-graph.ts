import type { Architecture } from '../bundle/manifest.ts';
import type { Weights } from '../bundle/bundle.ts';
import { attend, attendAll, scoreWidths } from './attention.ts';
import { LayerWriter, type GraphOptions } from './layers.ts';
import { GraphBuilder } from './onnx-writer.ts';

/**
 * The shared Transformer for prefill (L = source + separator) and decode (L = beams folded into the query).
 * Inputs: x f32 [B, L, H]; segments i64 [B, L] (focus models); bias f32 [B, 1, L, W]; sel i64 [n], flattened rows that
 * need logits; without a pointer also bias_sel f32 [B, 1, n / B, W]; per layer the source cache sk_i, sv_i [B, N, P, D]
 * and the target buffer tk_i, tv_i [B, N, T, D]; unless portable, prefill bool [1]: then W is L and no cache is looked at, else
 * W is P + T + 1, each row seeing itself last. In a portable graph W is P + T + L.
 * Outputs: y f32 [n, H] final states of the selected rows; per layer nk_i, nv_i [B, N, L, D]; with a pointer keys f32 [B, L, C].
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
  const choice = options.portable
    ? null
    : {
        prefill: graph.input('prefill', 'bool', [1]),
        widths: scoreWidths(graph, 'sk_0', 'tk_0'),
      };
  const batch = graph.node('Slice', [graph.node('Shape', [bias]), graph.integers([0]), graph.integers([1])]);

  /** [rows, C] to [B, rows / B, C]. */
  function byPassage(value: string, width: number): string {
    return graph.node('Reshape', [
      value,
      graph.node('Concat', [batch, graph.integers([-1]), graph.integers([width])], { axis: 0 }),
    ]);
  }
  function selectRows(value: string): string {
    return graph.node('Gather', [value, sel], { axis: 0 });
  }

  // Rows of all passages as one matrix: products and their biases are one operator.
  x = graph.reshape(x, [-1, hidden]);
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
    const project = (from: string, part: string, factor = 1): string =>
      byPassage(
        write.linear(from, `${attention}.${part}.weight`, `${attention}.${part}.bias`, scaleOf('attention.input'), {
          factor,
        }),
        hidden,
      );
    const inputs = {
      heads,
      depth,
      query: project(queried, 'query', 1 / Math.sqrt(depth)),
      keys: project(normed, 'key'),
      values: project(normed, 'value'),
      bias: selected && biasSel !== null ? biasSel : bias,
    };
    const caches = { sourceKeys, sourceValues, targetKeys, targetValues };
    const { mixed, newKeys, newValues } =
      choice === null ? attendAll(graph, inputs, caches) : attend(graph, choice, inputs, caches);
    graph.output(`nk_${layer}`, newKeys, 'float32', ['B', heads, 'L', depth]);
    graph.output(`nv_${layer}`, newValues, 'float32', ['B', heads, 'L', depth]);
    const attended = write.linear(
      graph.reshape(mixed, [-1, hidden]),
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
  graph.output('y', selectedAlready ? x : selectRows(x), 'float32', ['n', hidden]);
  if (pointer !== null) {
    const keys = write.linear(x, 'pointer.key.weight', 'pointer.key.bias', null);
    graph.output('keys', byPassage(keys, pointer.keySize), 'float32', ['B', 'L', pointer.keySize]);
  }
  return graph.finish('body');
}
