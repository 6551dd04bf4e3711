import type { Progress } from '../../src-main/shared/contract/types.ts';
import { onEvent } from './client.ts';

/** The project file that is being opened; a large one is read through first, and that can be cancelled. */
class Opening {
  /** The path while it is read through. */
  checking = $state<string | null>(null);
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

  cancel(): void {
    this.#controller?.abort();
    this.checking = this.#controller = null;
  }
}

export const opening = new Opening();
