import type { MergedFile } from '../../src-main/shared/contract/rounds.ts';
import type { Progress } from '../../src-main/shared/contract/types.ts';
import { engine, onEvent } from './client.ts';
import { frame } from './frame.svelte.ts';
import { t } from './i18n.ts';

/** Returned files that are being merged, in whichever screen that was asked for. */
class Merging {
  /** From 0 to 1; null while nothing is merged. */
  share = $state<number | null>(null);
  #stop: AbortController | null = null;
  #before: Promise<unknown> = Promise.resolve();

  /** Merges after what is being merged. Answers what became of each file; when cancelled, of those merged by then. */
  run(paths: readonly string[]): Promise<MergedFile[]> {
    const mine = this.#before.then(() => this.#merge(paths));
    this.#before = mine.catch(() => undefined); // told to whoever asked for it
    return mine;
  }

  async #merge(paths: readonly string[]): Promise<MergedFile[]> {
    const stop = (this.#stop = new AbortController());
    this.share = 0;
    const off = onEvent('progress', (payload) => {
      const { of, share } = payload as Progress;
      if (of === 'merge') this.share = share;
    });
    try {
      const merged = await engine.rounds.mergeReturns({ paths: [...paths] }, { signal: stop.signal });
      if (merged.length < paths.length) {
        const count = merged.filter((one) => one.refused === null).length;
        frame.notify(t('rounds.mergeCancelled', { count, total: paths.length }));
      }
      return merged;
    } finally {
      off();
      this.share = this.#stop = null;
    }
  }

  cancel(): void {
    this.#stop?.abort();
  }
}

export const merging = new Merging();
