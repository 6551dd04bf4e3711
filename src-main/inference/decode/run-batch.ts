import { cancelledError, required } from '../errors.ts';
import type { Hypothesis, Search } from './search.ts';
import type { NextRow, StepBatch } from './step-model.ts';

export interface BatchHooks {
  readonly signal?: AbortSignal | undefined;
  /** A passage's search ended; `index` is its position in the batch as given. */
  readonly onFinished?: (index: number, results: Hypothesis[]) => void;
  /** Awaited between steps: a place for progress, messages and overtaking. */
  readonly betweenSteps?: () => Promise<void>;
}

/** Runs one search per passage; the batch shrinks as passages finish and is released at the end. Throws 'cancelled' between steps. */
export async function runBatch(
  batch: StepBatch,
  searches: readonly Search[],
  hooks: BatchHooks = {},
): Promise<Hypothesis[][]> {
  try {
    return await search(batch, searches, hooks);
  } finally {
    batch.release();
  }
}

async function search(batch: StepBatch, searches: readonly Search[], hooks: BatchHooks): Promise<Hypothesis[][]> {
  const results: Hypothesis[][] = searches.map(() => []);
  if (searches.length === 0) return results;
  if (hooks.signal?.aborted) throw cancelledError();
  let alive = searches.map((_, i) => i);
  let candidates = (await batch.start()).map((row) => [row]);
  for (;;) {
    const rows: NextRow[][] = [];
    const kept: number[] = [];
    alive.forEach((index, position) => {
      const search = required(searches[index]);
      const next = search.advance(required(candidates[position]));
      if (next === null) {
        results[index] = search.results();
        hooks.onFinished?.(index, results[index]);
      } else {
        rows.push(next);
        kept.push(position);
      }
    });
    if (kept.length === 0) return results;
    if (kept.length < alive.length) {
      batch.keep(kept);
      alive = kept.map((position) => required(alive[position]));
    }
    await hooks.betweenSteps?.();
    if (hooks.signal?.aborted) throw cancelledError();
    candidates = await batch.step(rows);
  }
}
