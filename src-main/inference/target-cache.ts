/**
 * Keys and values. The source's are kept once per passage; the target's K slots a step are appended and never reordered:
 * an ancestry list per row says which slots it may see, so a beam change costs no copy.
 */
import type { NextRow } from './decode/step-model.ts';
import { required } from './errors.ts';
import type { Memory } from './memory.ts';
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
  readonly memory: Memory;
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

  private targetMemory(name: string, batch: number): Float32Array {
    const { heads, depth, memory } = this.shape;
    return memory.floats(name, batch * heads * this.capacity * depth);
  }

  setSource(out: Record<string, RuntimeTensor>, batch: number): void {
    const { layers } = this.shape;
    this.layers = Array.from({ length: layers }, (_, layer) => ({
      sourceKeys: required(out[`nk_${layer}`]),
      sourceValues: required(out[`nv_${layer}`]),
      targetKeys: this.targetMemory(`tk_${layer}`, batch),
      targetValues: this.targetMemory(`tv_${layer}`, batch),
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
    const target = (values: Float32Array): RuntimeTensor => floatTensor(values, [batch, heads, this.capacity, depth]);
    this.layers.forEach((layer, i) => {
      feeds[`sk_${i}`] = layer.sourceKeys;
      feeds[`sv_${i}`] = layer.sourceValues;
      feeds[`tk_${i}`] = target(layer.targetKeys);
      feeds[`tv_${i}`] = target(layer.targetValues);
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
    this.capacity = capacity;
    /** The wider rows may lie in the same memory: the last is moved first. */
    const resized = (name: string, values: Float32Array): Float32Array => {
      const out = this.targetMemory(name, batch);
      for (let head = batch * heads - 1; head >= 0; head--)
        out.set(values.subarray(head * before, (head + 1) * before), head * after);
      return out;
    };
    this.layers.forEach((layer, i) => {
      layer.targetKeys = resized(`tk_${i}`, layer.targetKeys);
      layer.targetValues = resized(`tv_${i}`, layer.targetValues);
    });
  }

  keep(positions: readonly number[]): void {
    const { heads, depth, sourceLength } = this.shape;
    const source = (tensor: RuntimeTensor): RuntimeTensor =>
      floatTensor(keepBlocks(floats(tensor), heads * sourceLength * depth, positions), [
        positions.length,
        heads,
        sourceLength,
        depth,
      ]);
    for (const layer of this.layers) {
      layer.sourceKeys = source(layer.sourceKeys);
      layer.sourceValues = source(layer.sourceValues);
      layer.targetKeys = keepBlocks(layer.targetKeys, heads * this.capacity * depth, positions);
      layer.targetValues = keepBlocks(layer.targetValues, heads * this.capacity * depth, positions);
    }
    this.ancestry = positions.map((position) => required(this.ancestry[position]));
  }
}

/** Moves the blocks of `size` values at these rising positions to the front, where they stay. */
export function keepBlocks(values: Float32Array, size: number, positions: readonly number[]): Float32Array {
  positions.forEach((from, to) => values.copyWithin(to * size, from * size, (from + 1) * size));
  return values.subarray(0, positions.length * size);
}
