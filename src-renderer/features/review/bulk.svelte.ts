import type { BulkProgress } from '../../../src-main/shared/contract/types.ts';
import { onEvent } from '../../app/client.ts';
import type { Review } from './review.svelte.ts';

/**
 * The decision over a filter that runs, or the undo or redo of one: it outlives the screen it was made on, and whoever
 * comes back can cancel it there.
 */
class Bulk {
  kind = $state<'decide' | 'undo' | 'redo'>('decide');
  progress = $state.raw<BulkProgress | null>(null);
  run = $state.raw<AbortController | null>(null);
  shown: Review | null = null; // the queue on the screen

  /** Runs an undo or redo; one large enough to tell how far it is has the strip, and gives null when it is cancelled there. */
  async step<T>(kind: 'undo' | 'redo', review: Review, work: (signal: AbortSignal) => Promise<T>): Promise<T | null> {
    const run = new AbortController();
    const off = onEvent('bulk', (payload) => {
      if (this.run !== null) return;
      [this.kind, this.progress, this.run] = [kind, payload as BulkProgress, run];
      (this.shown ?? review).mode = 'bulk';
    });
    try {
      return await work(run.signal);
    } catch (error) {
      if (run.signal.aborted) return null;
      throw error;
    } finally {
      off();
      if (this.run === run) {
        this.run = null;
        (this.shown ?? review).mode = 'list';
      }
    }
  }
}
export const bulk = new Bulk();
