import type { Progress } from '../../src-main/shared/contract/types.ts';
import { AsklabError } from '../../src-main/shared/errors.ts';
import type { WireError } from '../../src-main/shared/ipc/frames.ts';
import { onEvent } from './client.ts';
import { frame } from './frame.svelte.ts';
import { errorText, t } from './i18n.ts';

/** The project file that is being opened; a large one is read through first, and that can be cancelled. */
class Opening {
  /** The path while it is read through. */
  checking = $state<string | null>(null);
  /** How much of an undo that a crash cut off is done, 0 to 1, while it is finished. */
  finishing = $state<number | null>(null);
  #controller: AbortController | null = null;

  /** Opens one file at a time: another takes its place. */
  async run<T>(path: string, open: (signal: AbortSignal) => Promise<T>): Promise<T> {
    this.cancel();
    const controller = (this.#controller = new AbortController());
    const off = onEvent('progress', (payload) => {
      if ((payload as Progress).of === `check ${path}`) this.checking = path;
    });
    try {
      return await open(controller.signal);
    } finally {
      off();
      if (this.#controller === controller) this.checking = this.#controller = null;
    }
  }

  /** Follows what the engine finishes by itself after an open. */
  start(): void {
    onEvent('progress', (payload) => {
      const { of, share } = payload as Progress;
      if (of === 'undo') this.finishing = share < 1 ? share : null;
    });
    onEvent('failed', (payload) => {
      const { code, message, details } = payload as WireError;
      frame.fail(t('app.notFinished', { message: errorText(new AsklabError(code, message, details)) }));
    });
  }

  cancel(): void {
    this.#controller?.abort();
    this.checking = this.#controller = null;
  }
}

export const opening = new Opening();
