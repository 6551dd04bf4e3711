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

/** What was attended [B, rows of the query, H]; keys and values by head [B, N, L, D]. */
export interface Attended {
  readonly mixed: string;
  readonly newKeys: string;
  readonly newValues: string;
}

/** Over the rows at hand alone, in one operator: scores stay in the processor's cache. */
export function attendRows(graph: GraphBuilder, inputs: AttentionInputs): Attended {
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

/**
 * Over the source, the target's slots and the rows at hand, in operators that every provider has. The source is never
 * concatenated or copied: its scores are computed apart and only scores are joined.
 */
export function attendCaches(graph: GraphBuilder, inputs: AttentionInputs, caches: CacheInputs): Attended {
  const { heads, depth, bias } = inputs;
  function splitHeads(value: string): string {
    return graph.transpose(graph.reshape(value, [0, 0, heads, depth]), [0, 2, 1, 3]);
  }
  function transposed(value: string): string {
    return graph.transpose(value, [0, 1, 3, 2]);
  }
  const query = splitHeads(inputs.query);
  const newKeys = splitHeads(inputs.keys);
  const newValues = splitHeads(inputs.values);
  const keys = graph.node('Concat', [caches.targetKeys, newKeys], { axis: 2 });
  const values = graph.node('Concat', [caches.targetValues, newValues], { axis: 2 });
  const sourceScores = graph.node('MatMul', [query, transposed(caches.sourceKeys)]);
  const targetScores = graph.node('MatMul', [query, transposed(keys)]);
  const scores = graph.node('Add', [graph.node('Concat', [sourceScores, targetScores], { axis: 3 }), bias]);
  const probabilities = graph.node('Softmax', [scores], { axis: -1 });
  const length = graph.node('Slice', [
    graph.node('Shape', [caches.sourceKeys]),
    graph.integers([2]),
    graph.integers([3]),
  ]);
  const sourcePart = graph.node('Slice', [probabilities, graph.integers([0]), length, graph.integers([3])]);
  const targetPart = graph.node('Slice', [probabilities, length, graph.integers([2 ** 31 - 1]), graph.integers([3])]);
  const mixed = graph.node('Add', [
    graph.node('MatMul', [sourcePart, caches.sourceValues]),
    graph.node('MatMul', [targetPart, values]),
  ]);
  return {
    mixed: graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [0, 0, heads * depth]),
    newKeys,
    newValues,
  };
}

/** The first where `prefill` holds, else the second. */
export function attend(graph: GraphBuilder, prefill: string, inputs: AttentionInputs, caches: CacheInputs): Attended {
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
    prefill,
    { yes: branch((part) => attendRows(part, inputs)), no: branch((part) => attendCaches(part, inputs, caches)) },
    3,
  );
  return { mixed, newKeys, newValues };
}
