import type { Review } from './review.svelte.ts';

/** The decision over a filter that runs: it outlives the screen it was made on, and whoever comes back can cancel it there. */
class Bulk {
  run = $state.raw<AbortController | null>(null);
  shown: Review | null = null; // the queue on the screen
}
export const bulk = new Bulk();
