/**
 * Keys and values. The source's are kept once per passage; the target's K slots a step are appended and never reordered:
 * an ancestry list per row says which slots it may see, so a beam change costs no copy.
 */
import type { NextRow } from './decode/step-model.ts';
import { required } from './errors.ts';
import { floats, floatTensor, type Feeds, type RuntimeTensor } from './runtime.ts';

const MASKED = -1e9;
/** Target slots are added for this many steps at once. */
const GROWTH_STEPS = 8;

interface CacheShape {
  readonly layers: number;
  readonly heads: number;
  readonly depth: number;
  /** K, rows per passage. */
  readonly rows: number;
  /** P, source slots with the separator. */
  readonly sourceLength: number;
  /** The graph shows each row all rows of the step, not itself alone. */
  readonly portable: boolean;
}

interface LayerCache {
  /** [B, N, P, D] */
  sourceKeys: RuntimeTensor;
  sourceValues: RuntimeTensor;
  /** [B, N, capacity, D] */
  targetKeys: Float32Array;
  targetValues: Float32Array;
}

export class TargetCache {
  private readonly shape: CacheShape;
  private layers: LayerCache[] = [];
  private capacity = 1;
  private used = 0;
  /** Per passage and row, the slots of its ancestors. */
  private ancestry: number[][][] = [];

  constructor(shape: CacheShape) {
    this.shape = shape;
  }

  /** One masked slot for both caches: no input may have zero size (WebGPU). */
  emptyFeeds(batch: number): Feeds {
    const { layers, heads, depth } = this.shape;
    const empty = floatTensor(new Float32Array(batch * heads * depth), [batch, heads, 1, depth]);
    const feeds: Feeds = {};
    for (let layer = 0; layer < layers; layer++) {
      for (const name of ['sk', 'sv', 'tk', 'tv']) feeds[`${name}_${layer}`] = empty;
    }
    return feeds;
  }

  outputNames(withKeys: boolean): string[] {
    const names = ['y'];
    for (let layer = 0; layer < this.shape.layers; layer++) names.push(`nk_${layer}`, `nv_${layer}`);
    if (withKeys) names.push('keys');
    return names;
  }

  setSource(out: Record<string, RuntimeTensor>, batch: number): void {
    const { layers, heads, depth } = this.shape;
    this.layers = Array.from({ length: layers }, (_, layer) => ({
      sourceKeys: required(out[`nk_${layer}`]),
      sourceValues: required(out[`nv_${layer}`]),
      targetKeys: new Float32Array(batch * heads * depth),
      targetValues: new Float32Array(batch * heads * depth),
    }));
    this.ancestry = Array.from({ length: batch }, () => [[]]);
  }

  /** Ancestry of the coming step's rows. Slots of the step before are [used - K, used). */
  advance(rows: readonly (readonly NextRow[])[]): void {
    const first = this.used - this.shape.rows;
    this.ancestry = this.ancestry.map((before, b) =>
      required(rows[b]).map(({ parent }) => {
        const slots = required(before[parent], 'ancestor');
        return this.used === 0 ? [] : [...slots, first + parent];
      }),
    );
  }

  feeds(batch: number): Feeds {
    const { heads, depth } = this.shape;
    const feeds: Feeds = {};
    this.layers.forEach((layer, i) => {
      feeds[`sk_${i}`] = layer.sourceKeys;
      feeds[`sv_${i}`] = layer.sourceValues;
      feeds[`tk_${i}`] = floatTensor(layer.targetKeys, [batch, heads, this.capacity, depth]);
      feeds[`tv_${i}`] = floatTensor(layer.targetValues, [batch, heads, this.capacity, depth]);
    });
    return feeds;
  }

  /** Additive bias [B, 1, K, P + capacity + own]; `lengths` are source tokens plus one. */
  bias(lengths: readonly number[]): RuntimeTensor {
    const { rows, sourceLength, portable } = this.shape;
    const width = sourceLength + this.capacity + (portable ? rows : 1);
    const bias = new Float32Array(lengths.length * rows * width).fill(MASKED);
    lengths.forEach((length, b) => {
      for (let row = 0; row < rows; row++) {
        const at = (b * rows + row) * width;
        bias.fill(0, at, at + length);
        for (const slot of this.ancestry[b]?.[row] ?? []) bias[at + sourceLength + slot] = 0;
        bias[at + sourceLength + this.capacity + (portable ? row : 0)] = 0;
      }
    });
    return floatTensor(bias, [lengths.length, 1, rows, width]);
  }

  /** Stores the step's K new slots of every passage. */
  append(out: Record<string, RuntimeTensor>, batch: number): void {
    const { rows, heads, depth } = this.shape;
    if (this.used + rows > this.capacity) this.grow(batch, this.used + GROWTH_STEPS * rows);
    const from = rows * depth;
    const to = this.capacity * depth;
    const offset = this.used * depth;
    this.layers.forEach((layer, i) => {
      const newKeys = floats(out[`nk_${i}`]);
      const newValues = floats(out[`nv_${i}`]);
      for (let head = 0; head < batch * heads; head++) {
        layer.targetKeys.set(newKeys.subarray(head * from, (head + 1) * from), head * to + offset);
        layer.targetValues.set(newValues.subarray(head * from, (head + 1) * from), head * to + offset);
      }
    });
    this.used += rows;
  }

  private grow(batch: number, capacity: number): void {
    const { heads, depth } = this.shape;
    const before = this.capacity * depth;
    const after = capacity * depth;
    function resized(values: Float32Array): Float32Array {
      const out = new Float32Array(batch * heads * after);
      for (let head = 0; head < batch * heads; head++)
        out.set(values.subarray(head * before, (head + 1) * before), head * after);
      return out;
    }
    for (const layer of this.layers) {
      layer.targetKeys = resized(layer.targetKeys);
      layer.targetValues = resized(layer.targetValues);
    }
    this.capacity = capacity;
  }

  keep(positions: readonly number[], before: number): void {
    const { heads, depth, sourceLength } = this.shape;
    const kept = (values: Float32Array): Float32Array => keepBlocks(values, values.length / before, positions);
    const source = (tensor: RuntimeTensor): RuntimeTensor =>
      floatTensor(kept(floats(tensor)), [positions.length, heads, sourceLength, depth]);
    for (const layer of this.layers) {
      layer.sourceKeys = source(layer.sourceKeys);
      layer.sourceValues = source(layer.sourceValues);
      layer.targetKeys = kept(layer.targetKeys);
      layer.targetValues = kept(layer.targetValues);
    }
    this.ancestry = positions.map((position) => required(this.ancestry[position]));
  }
}

/** Keeps the blocks of `size` values at these positions. */
export function keepBlocks(values: Float32Array, size: number, positions: readonly number[]): Float32Array {
  const out = new Float32Array(positions.length * size);
  positions.forEach((from, to) => out.set(values.subarray(from * size, (from + 1) * size), to * size));
  return out;
}
