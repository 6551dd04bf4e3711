import type { Architecture } from '../bundle/manifest.ts';
import type { Weights } from '../bundle/bundle.ts';
import { LayerWriter, type GraphOptions } from './layers.ts';
import { GraphBuilder } from './onnx-writer.ts';

/**
 * The shared Transformer for prefill (L = source + separator) and decode (L = beams folded into the query).
 * Inputs: x f32 [B, L, H]; segments i64 [B, L] (focus models); prefill bool [1]; bias f32 [B, 1, L, W]; sel i64 [n], flattened
 * rows that need logits; without a pointer also bias_sel f32 [B, 1, n / B, W]; slots i64 [B, N, L, 3], where the L new keys and
 * values go; parts i64 [2] = P, T; per layer the source cache sk_i, sv_i [B, N, P, D] and the buffer tk_i, tv_i [B, N, T, D].
 * W is L in prefill, where new rows see each other, and P + T in decode, where they see the source and the buffer.
 * Outputs: y f32 [n, H] final states of the selected rows; per layer wk_i, wv_i, the buffer with the new rows; with a pointer
 * keys f32 [B, L, C].
 * A buffer given as input and as output's memory is written in place, so only the new rows move. The source is never copied:
 * its scores are computed apart and only scores are joined.
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
  const prefill = graph.input('prefill', 'bool', [1]);
  const bias = graph.input('bias', 'float32', ['B', 1, 'L', 'W']);
  const sel = graph.input('sel', 'int64', ['n']);
  const biasSel = pointer === null ? graph.input('bias_sel', 'float32', ['B', 1, 'M', 'W']) : null;
  const slots = graph.input('slots', 'int64', ['B', heads, 'L', 3]);
  const parts = graph.input('parts', 'int64', [2]);
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
  /** Stores the new rows and returns the buffer that holds them. */
  function stored(kind: 'k' | 'v', layer: number, values: string): string {
    const buffer = graph.input(`t${kind}_${layer}`, 'float32', ['B', heads, 'T', depth]);
    const name = graph.node('ScatterND', [buffer, slots, values], {}, [`w${kind}_${layer}`]);
    graph.declareOutput(name, 'float32', ['B', heads, 'T', depth]);
    return name;
  }
  function branch(mixed: (inner: GraphBuilder) => string): { graph: GraphBuilder } {
    const inner = new GraphBuilder(graph);
    inner.declareOutput(mixed(inner), 'float32', ['B', heads, 'M', depth]);
    return { graph: inner };
  }
  function probabilities(inner: GraphBuilder, scores: string, added: string): string {
    return inner.node('Softmax', [inner.node('Add', [scores, added])], { axis: -1 });
  }
  function scoresOf(inner: GraphBuilder, query: string, keys: string): string {
    return inner.node('MatMul', [query, inner.transpose(keys, [0, 1, 3, 2])]);
  }

  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    const attention = `${block}.attention`;
    const sourceKeys = graph.input(`sk_${layer}`, 'float32', ['B', heads, 'P', depth]);
    const sourceValues = graph.input(`sv_${layer}`, 'float32', ['B', heads, 'P', depth]);
    const selected = biasSel !== null && layer === layers - 1 && options.everyRow !== true;
    const normed = norm === 'pre' ? write.norm(x, `${attention}.norm`) : x;
    const queried = selected ? selectRows(normed) : normed;
    if (selected) x = selectRows(x);
    function project(from: string, part: 'query' | 'key' | 'value', factor = 1): string {
      const name = `${attention}.${part}`;
      return splitHeads(write.linear(from, `${name}.weight`, `${name}.bias`, `${attention}.input`, { factor }));
    }
    const query = project(queried, 'query', 1 / Math.sqrt(depth));
    const newKeys = project(normed, 'key');
    const newValues = project(normed, 'value');
    const keys = stored('k', layer, newKeys);
    const values = stored('v', layer, newValues);
    const added = selected ? biasSel : bias;
    const mixed = graph.node('If', [prefill], {
      then_branch: branch((inner) =>
        inner.node('MatMul', [probabilities(inner, scoresOf(inner, query, newKeys), added), newValues]),
      ),
      else_branch: branch((inner) => {
        const scores = [scoresOf(inner, query, sourceKeys), scoresOf(inner, query, keys)];
        const shares = probabilities(inner, inner.node('Concat', scores, { axis: 3 }), added);
        const [ofSource = '', ofTarget = ''] = inner.nodeWithOutputs('Split', [shares, parts], 2, { axis: 3 });
        return inner.node('Add', [
          inner.node('MatMul', [ofSource, sourceValues]),
          inner.node('MatMul', [ofTarget, values]),
        ]);
      }),
    });
    const joined = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [0, 0, hidden]);
    const attended = write.linear(
      joined,
      `${attention}.output.weight`,
      `${attention}.output.bias`,
      `${attention}.output`,
    );
    x = graph.node('Add', [x, attended]);
    if (norm === 'post') x = write.norm(x, `${block}.attention.norm`);
    const before = norm === 'pre' ? write.norm(x, `${block}.mlp.norm`) : x;
    const up = graph.node('Relu', [
      write.linear(before, `${block}.mlp.up.weight`, `${block}.mlp.up.bias`, `${block}.mlp.input`),
    ]);
    x = graph.node('Add', [
      x,
      write.linear(up, `${block}.mlp.down.weight`, `${block}.mlp.down.bias`, `${block}.mlp.middle`, {
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
