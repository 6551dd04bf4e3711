/** Cuts prepared sources into batches: sorted by length, bounded by padded tokens and by memory. */
import type { Architecture } from './bundle/manifest.ts';

export interface BatchLimits {
  /** Padded source tokens per batch. */
  readonly tokens: number;
  /** Bytes of caches and attention scores per batch. */
  readonly bytes: number;
  readonly passages: number;
}

export const DEFAULT_LIMITS: BatchLimits = { tokens: 2880, bytes: 512 * 1024 * 1024, passages: 64 };

/** Bytes that one passage of `length` source tokens needs while it is decoded with `rows` rows for `steps` steps. */
export function passageBytes(architecture: Architecture, length: number, rows: number, steps: number): number {
  const { layers, hidden, heads } = architecture;
  const slots = length + 1 + rows * steps;
  const caches = layers * 2 * hidden * slots;
  const prefill = 2 * heads * (length + 1) * (length + 3) + 6 * hidden * (length + 1);
  return 4 * (caches + Math.max(prefill, 2 * heads * rows * slots));
}

/** Positions of `lengths` in batches, longest first so that the largest batch shows a lack of memory early. */
export function planBatches(
  lengths: readonly number[],
  bytesOf: (length: number) => number,
  limits: BatchLimits = DEFAULT_LIMITS,
): number[][] {
  const order = lengths.map((_, i) => i).sort((a, b) => (lengths[b] ?? 0) - (lengths[a] ?? 0) || a - b);
  const batches: number[][] = [];
  let batch: number[] = [];
  let longest = 0;
  for (const position of order) {
    const length = lengths[position] ?? 0;
    const widest = Math.max(longest, length);
    const count = batch.length + 1;
    const full =
      count * (widest + 1) > limits.tokens || count * bytesOf(widest) > limits.bytes || count > limits.passages;
    if (batch.length > 0 && full) {
      batches.push(batch);
      batch = [];
      longest = 0;
    }
    batch.push(position);
    longest = Math.max(longest, length);
  }
  if (batch.length > 0) batches.push(batch);
  return batches;
}
