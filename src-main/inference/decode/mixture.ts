/** The pointer mixture p(w) = g · vocabulary(w) + (1 - g) · copied(w), exact where it is merged (docs/model-bundle.md). */
import type { RowCandidates } from './step-model.ts';

export interface SourceIndex {
  readonly tokens: Int32Array;
  /** Distinct ids in the source, and for each position which of them it is. */
  readonly distinct: Int32Array;
  readonly position: Int32Array;
  /** Positions that may be copied. */
  readonly copyable: Uint8Array;
  readonly anyCopyable: boolean;
}

export function indexSource(tokens: Int32Array, segments: Uint8Array): SourceIndex {
  const numbers = new Map<number, number>();
  const position = new Int32Array(tokens.length);
  tokens.forEach((token, i) => {
    const known = numbers.get(token) ?? numbers.size;
    numbers.set(token, known);
    position[i] = known;
  });
  const copyable = Uint8Array.from(segments, (segment) => (segment === 2 ? 0 : 1));
  return { tokens, distinct: Int32Array.from(numbers.keys()), position, copyable, anyCopyable: copyable.includes(1) };
}

const MASKED = -1e9;

/**
 * Writes the pointer's additive bias of one row into `bias` (length at least the source's) and m1 into `follows`.
 * `history` is the target side so far, the separator included. Positions past the source are masked.
 */
export function pointerFeatures(
  source: SourceIndex,
  history: readonly number[],
  features: Float32Array | null,
  bias: Float32Array,
  follows: Uint8Array,
): void {
  const { tokens, copyable } = source;
  const last = history[history.length - 1] ?? -1;
  const previous = history[history.length - 2] ?? -1;
  const [first = 0, second = 0, third = 0] = features ?? [];
  const seen = features === null ? null : new Set(history);
  for (let j = 0; j < bias.length; j++) {
    follows[j] = 0;
    if (j >= tokens.length || copyable[j] === 0) {
      bias[j] = MASKED;
      if (j < tokens.length) follows[j] = j > 0 && tokens[j - 1] === last ? 1 : 0;
      continue;
    }
    let value = 0;
    if (seen !== null) {
      if (j > 0 && tokens[j - 1] === last) {
        follows[j] = 1;
        value += first;
        if (j > 1 && tokens[j - 2] === previous) value += second;
      }
      if (seen.has(tokens[j] ?? -1)) value += third;
    }
    bias[j] = value;
  }
}

export interface HeadRow {
  readonly topValues: Float32Array;
  readonly topIds: Int32Array;
}

/** Candidates of a model without a pointer: the vocabulary's best. */
export function vocabularyCandidates(row: HeadRow): RowCandidates {
  const logProbabilities = new Float64Array(row.topValues.length);
  for (let i = 0; i < logProbabilities.length; i++) logProbabilities[i] = Math.log(row.topValues[i] ?? 0);
  return { ids: row.topIds, logProbabilities };
}

export interface PointerRow extends HeadRow {
  /** Vocabulary probability of the token at each source position. */
  readonly sourceValues: Float32Array;
  readonly attention: Float32Array;
  /** Gate before sigmoid and before the m1 feature. */
  readonly gate: number;
  readonly follows: Uint8Array;
}

/** Merges vocabulary and source into the `width` best candidates. */
export function mixCandidates(row: PointerRow, source: SourceIndex, gateFeature: number, width: number): RowCandidates {
  const { distinct, position } = source;
  const copied = new Float64Array(distinct.length);
  const vocabulary = new Float64Array(distinct.length);
  let following = 0;
  for (let j = 0; j < position.length; j++) {
    const number = position[j] ?? 0;
    const weight = source.copyable[j] === 0 ? 0 : (row.attention[j] ?? 0);
    copied[number] = (copied[number] ?? 0) + weight;
    vocabulary[number] = row.sourceValues[j] ?? 0;
    if (row.follows[j] === 1) following += weight;
  }
  const gate = source.anyCopyable ? 1 / (1 + Math.exp(-(row.gate + gateFeature * following))) : 1;
  const merged: [number, number][] = [];
  const inSource = new Set<number>();
  for (let i = 0; i < distinct.length; i++) {
    const id = distinct[i] ?? 0;
    inSource.add(id);
    merged.push([id, gate * (vocabulary[i] ?? 0) + (1 - gate) * (copied[i] ?? 0)]);
  }
  for (let i = 0; i < row.topIds.length; i++) {
    const id = row.topIds[i] ?? 0;
    if (!inSource.has(id)) merged.push([id, gate * (row.topValues[i] ?? 0)]);
  }
  merged.sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  merged.length = Math.min(merged.length, width);
  return {
    ids: Int32Array.from(merged, ([id]) => id),
    logProbabilities: Float64Array.from(merged, ([, value]) => Math.log(value)),
  };
}
