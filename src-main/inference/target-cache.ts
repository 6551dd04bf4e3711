/**
 * Keys and values. The source's are kept once per passage; the target's K slots a step are appended and never reordered:
 * an ancestry list per row says which slots it may see, so a beam change costs no copy.
 */
import type { NextRow } from './decode/step-model.ts';
import { required } from './errors.ts';
import { floatTensor, int64Tensor, type Feeds, type RuntimeTensor } from './runtime.ts';

const MASKED = -1e9;
/** Target slots are added for this many steps at once. */
const GROWTH_STEPS = 8;
const KINDS = ['k', 'v'] as const;

interface CacheShape {
  readonly layers: number;
  readonly heads: number;
  readonly depth: number;
  /** K, rows per passage. */
  readonly rows: number;
  /** P, source slots with the separator. */
  readonly sourceLength: number;
}

interface LayerCache {
  /** [B, N, P, D] */
  source: Record<'k' | 'v', Float32Array>;
  /** [B, N, capacity, D] */
  target: Record<'k' | 'v', Float32Array>;
}

export class TargetCache {
  private readonly shape: CacheShape;
  private readonly layers: LayerCache[];
  private capacity = 0;
  private used = 0;
  /** Per passage and row, the slots it may see, its own the last. */
  private ancestry: number[][][];

  constructor(batch: number, shape: CacheShape) {
    this.shape = shape;
    const { heads, depth, sourceLength } = shape;
    const size = batch * heads * sourceLength * depth;
    this.layers = Array.from({ length: shape.layers }, () => ({
      source: { k: new Float32Array(size), v: new Float32Array(size) },
      target: { k: new Float32Array(0), v: new Float32Array(0) },
    }));
    this.ancestry = Array.from({ length: batch }, () => [[]]);
  }

  /** Prefill writes the source's keys and values; its source inputs are one unused slot, as no input may have zero size (WebGPU). */
  prefillFeeds(): { feeds: Feeds; written: Feeds } {
    const { heads, depth, sourceLength } = this.shape;
    const batch = this.ancestry.length;
    const unused = floatTensor(new Float32Array(batch * heads * depth), [batch, heads, 1, depth]);
    const feeds: Feeds = {
      ...this.addresses(0, sourceLength),
      parts: int64Tensor(BigInt64Array.of(1n, BigInt(sourceLength)), [2]),
    };
    const written: Feeds = {};
    this.layers.forEach(({ source }, layer) => {
      for (const kind of KINDS) {
        const buffer = floatTensor(source[kind], [batch, heads, sourceLength, depth]);
        feeds[`s${kind}_${layer}`] = unused;
        feeds[`t${kind}_${layer}`] = buffer;
        written[`w${kind}_${layer}`] = buffer;
      }
    });
    return { feeds, written };
  }

  /** Makes room for the coming step's rows and notes what each may see. */
  advance(rows: readonly (readonly NextRow[])[]): void {
    const count = this.shape.rows;
    if (this.used + count > this.capacity) this.grow(this.used + GROWTH_STEPS * count);
    this.ancestry = this.ancestry.map((before, b) =>
      required(rows[b]).map(({ parent }, row) => [...required(before[parent], 'ancestor'), this.used + row]),
    );
    this.used += count;
  }

  /** Feeds of the step that `advance` announced, and the buffers that it writes in place. */
  stepFeeds(): { feeds: Feeds; written: Feeds } {
    const { heads, depth, rows, sourceLength } = this.shape;
    const { capacity } = this;
    const batch = this.ancestry.length;
    const feeds: Feeds = {
      ...this.addresses(this.used - rows, rows),
      parts: int64Tensor(BigInt64Array.of(BigInt(sourceLength), BigInt(capacity)), [2]),
    };
    const written: Feeds = {};
    this.layers.forEach(({ source, target }, layer) => {
      for (const kind of KINDS) {
        const buffer = floatTensor(target[kind], [batch, heads, capacity, depth]);
        feeds[`s${kind}_${layer}`] = floatTensor(source[kind], [batch, heads, sourceLength, depth]);
        feeds[`t${kind}_${layer}`] = buffer;
        written[`w${kind}_${layer}`] = buffer;
      }
    });
    return { feeds, written };
  }

  /** Where `count` new rows of every passage and head go, from slot `first` on. */
  private addresses(first: number, count: number): Feeds {
    const { heads } = this.shape;
    const batch = this.ancestry.length;
    const slots = new BigInt64Array(batch * heads * count * 3);
    const words = new Int32Array(slots.buffer);
    let at = 0;
    for (let b = 0; b < batch; b++) {
      for (let head = 0; head < heads; head++) {
        for (let row = 0; row < count; row++, at += 6) {
          words[at] = b;
          words[at + 2] = head;
          words[at + 4] = first + row;
        }
      }
    }
    return { slots: int64Tensor(slots, [batch, heads, count, 3]) };
  }

  /** Additive bias [B, 1, K, P + capacity]; `lengths` are source tokens plus one. */
  bias(lengths: readonly number[]): RuntimeTensor {
    const { rows, sourceLength } = this.shape;
    const width = sourceLength + this.capacity;
    const bias = new Float32Array(lengths.length * rows * width).fill(MASKED);
    lengths.forEach((length, b) => {
      for (let row = 0; row < rows; row++) {
        const at = (b * rows + row) * width;
        bias.fill(0, at, at + length);
        for (const slot of this.ancestry[b]?.[row] ?? []) bias[at + sourceLength + slot] = 0;
      }
    });
    return floatTensor(bias, [lengths.length, 1, rows, width]);
  }

  private grow(capacity: number): void {
    const { heads, depth } = this.shape;
    const before = this.capacity * depth;
    const after = capacity * depth;
    const blocks = this.ancestry.length * heads;
    for (const { target } of this.layers) {
      for (const kind of KINDS) {
        const grown = new Float32Array(blocks * after);
        for (let block = 0; block < blocks; block++)
          grown.set(target[kind].subarray(block * before, (block + 1) * before), block * after);
        target[kind] = grown;
      }
    }
    this.capacity = capacity;
  }

  keep(positions: readonly number[]): void {
    const before = this.ancestry.length;
    for (const { source, target } of this.layers) {
      for (const part of [source, target]) {
        for (const kind of KINDS) part[kind] = keepBlocks(part[kind], part[kind].length / before, positions);
      }
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
