import type { Candidate } from '../../../src-main/shared/contract/types.ts';
import type { Shelf } from './shelf.svelte.ts';

/**
 * Changes on their way to the disk: each is shown at once and written; where that fails the row is as before, and its
 * retry shows and writes the change again.
 */
export class Writes<Answer> {
  readonly #shelf: Shelf;
  readonly #saved: (id: string, answer: Answer) => void;
  readonly #failed: (id: string, error: unknown, retry: () => void) => void;
  readonly #pending: Record<string, number> = {}; // by candidate

  constructor(
    shelf: Shelf,
    saved: (id: string, answer: Answer) => void,
    failed: (id: string, error: unknown, retry: () => void) => void,
  ) {
    this.#shelf = shelf;
    this.#saved = saved;
    this.#failed = failed;
  }

  get busy(): boolean {
    return Object.values(this.#pending).some((count) => count > 0);
  }
  isPending(id: string): boolean {
    return (this.#pending[id] ?? 0) > 0;
  }

  write(before: Candidate, shown: Candidate, call: () => Promise<Answer>): void {
    const { id } = before;
    const settle = (): void => {
      this.#pending[id] = (this.#pending[id] ?? 1) - 1;
    };
    const attempt = (): void => {
      this.#shelf.replace([shown]);
      this.#pending[id] = (this.#pending[id] ?? 0) + 1;
      call().then(
        (answer) => {
          settle();
          this.#saved(id, answer);
        },
        (error: unknown) => {
          settle();
          this.#shelf.replace([before]);
          this.#failed(id, error, attempt);
        },
      );
    };
    attempt();
  }
}
