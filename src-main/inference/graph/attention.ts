import { GraphBuilder } from './onnx-writer.ts';

/** One layer's attention. Values are names: query, keys and values of the rows at hand [B, L, H]. */
export interface AttentionInputs {
  readonly heads: number;
  readonly depth: number;
  readonly query: string;
  readonly keys: string;
  readonly values: string;
  /** Additive, [B, 1, rows of the query, slots]. */
  readonly bias: string;
}

export interface CacheInputs {
  /** [B, N, P, D] */
  readonly sourceKeys: string;
  readonly sourceValues: string;
  /** [B, N, T, D] */
  readonly targetKeys: string;
  readonly targetValues: string;
}

/** i64 [3]: how many scores of a row are over the source, over the target's slots and its own. */
export function scoreWidths(graph: GraphBuilder, sourceKeys: string, targetKeys: string): string {
  const slots = [sourceKeys, targetKeys].map((keys) => slotsOf(graph, keys));
  return graph.node('Concat', [...slots, graph.integers([1])], { axis: 0 });
}

function slotsOf(graph: GraphBuilder, keys: string): string {
  return graph.node('Slice', [graph.node('Shape', [keys]), graph.integers([2]), graph.integers([3])]);
}

/** What was attended [B, rows of the query, H]; keys and values by head [B, N, L, D]. */
export interface Attended {
  readonly mixed: string;
  readonly newKeys: string;
  readonly newValues: string;
}

/** Over the rows at hand alone, in one operator: scores stay in the processor's cache. */
function attendRows(graph: GraphBuilder, inputs: AttentionInputs): Attended {
  const { heads, query, keys, values, bias } = inputs;
  const [mixed = '', newKeys = '', newValues = ''] = graph.nodeWithOutputs(
    'Attention',
    [query, keys, values, bias],
    3,
    // The query carries 1 / sqrt(D) already.
    { q_num_heads: heads, kv_num_heads: heads, scale: { float: 1 } },
  );
  return { mixed, newKeys, newValues };
}

/** Query, keys and values by head [B, N, L, D]. */
function splitHeads(graph: GraphBuilder, { heads, depth, query, keys, values }: AttentionInputs): string[] {
  return [query, keys, values].map((value) =>
    graph.transpose(graph.reshape(value, [0, 0, heads, depth]), [0, 2, 1, 3]),
  );
}

function scoresOf(graph: GraphBuilder, query: string, keys: string): string {
  return graph.node('MatMul', [query, graph.transpose(keys, [0, 1, 3, 2])]);
}

/** Softmax over the joined scores of several parts. */
function sharesOf(graph: GraphBuilder, scores: readonly string[], bias: string): string {
  const joined = graph.node('Add', [graph.node('Concat', scores, { axis: 3 }), bias]);
  return graph.node('Softmax', [joined], { axis: -1 });
}

function joinHeads(graph: GraphBuilder, value: string, { heads, depth }: AttentionInputs): string {
  return graph.reshape(graph.transpose(value, [0, 2, 1, 3]), [0, 0, heads * depth]);
}

/**
 * Over the source, the target's slots and each row itself. Neither keys nor values are copied: scores are computed apart and
 * only they are joined, a row's own as a plain sum of products.
 */
function attendCaches(graph: GraphBuilder, inputs: AttentionInputs, caches: CacheInputs, widths: string): Attended {
  const [query = '', newKeys = '', newValues = ''] = splitHeads(graph, inputs);
  const own = graph.node('ReduceSum', [graph.node('Mul', [query, newKeys]), graph.integers([-1])]);
  const scores = [scoresOf(graph, query, caches.sourceKeys), scoresOf(graph, query, caches.targetKeys), own];
  const shares = sharesOf(graph, scores, inputs.bias);
  const [source = '', target = '', self = ''] = graph.nodeWithOutputs('Split', [shares, widths], 3, { axis: 3 });
  const mixed = graph.node('Sum', [
    graph.node('MatMul', [source, caches.sourceValues]),
    graph.node('MatMul', [target, caches.targetValues]),
    graph.node('Mul', [self, newValues]),
  ]);
  return { mixed: joinHeads(graph, mixed, inputs), newKeys, newValues };
}

/** Over both caches and the rows at hand, for prefill and decode alike, in operators that every provider has. */
export function attendAll(graph: GraphBuilder, inputs: AttentionInputs, caches: CacheInputs): Attended {
  const [query = '', newKeys = '', newValues = ''] = splitHeads(graph, inputs);
  const keys = graph.node('Concat', [caches.targetKeys, newKeys], { axis: 2 });
  const values = graph.node('Concat', [caches.targetValues, newValues], { axis: 2 });
  const scores = [scoresOf(graph, query, caches.sourceKeys), scoresOf(graph, query, keys)];
  const shares = sharesOf(graph, scores, inputs.bias);
  const length = slotsOf(graph, caches.sourceKeys);
  const source = graph.node('Slice', [shares, graph.integers([0]), length, graph.integers([3])]);
  const rest = graph.node('Slice', [shares, length, graph.integers([2 ** 31 - 1]), graph.integers([3])]);
  const mixed = graph.node('Add', [
    graph.node('MatMul', [source, caches.sourceValues]),
    graph.node('MatMul', [rest, values]),
  ]);
  return { mixed: joinHeads(graph, mixed, inputs), newKeys, newValues };
}

/** Over the rows at hand alone where `prefill` holds, else over caches and each row itself. */
export function attend(
  graph: GraphBuilder,
  choice: { prefill: string; widths: string },
  inputs: AttentionInputs,
  caches: CacheInputs,
): Attended {
  const { heads, depth } = inputs;
  function branch(write: (graph: GraphBuilder) => Attended): GraphBuilder {
    const part = new GraphBuilder(graph);
    const { mixed, newKeys, newValues } = write(part);
    part.declare(mixed, 'float32', ['B', 'M', heads * depth]);
    part.declare(newKeys, 'float32', ['B', heads, 'L', depth]);
    part.declare(newValues, 'float32', ['B', heads, 'L', depth]);
    return part;
  }
  const [mixed = '', newKeys = '', newValues = ''] = graph.choose(
    choice.prefill,
    {
      yes: branch((part) => attendRows(part, inputs)),
      no: branch((part) => attendCaches(part, inputs, caches, choice.widths)),
    },
    3,
  );
  return { mixed, newKeys, newValues };
}
