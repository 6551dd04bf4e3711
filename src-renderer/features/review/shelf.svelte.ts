import type { Candidate, CandidateFilter, Passage } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';

export interface Item {
  passage: Passage;
  candidates: Candidate[];
}

/** The queue's passages: one shown, two ahead and one behind in memory. */
export class Shelf {
  item = $state.raw<Item | null>(null);
  position = $state(0);
  total = $state(0);
  exact = $state(true); // else position and total are estimates
  filter = $state.raw<CandidateFilter>({});

  #ahead: Item[] = [];
  #behind: Item[] = [];
  #load = 0;

  /** Reads the queue anew; false when a later load has overtaken this one. */
  async load(around: string | null): Promise<boolean> {
    const load = ++this.#load;
    const answer = await engine.review.queue({ filter: this.filter, around, step: 'here', limit: 3 });
    if (load !== this.#load) return false;
    this.#behind = [];
    this.#ahead = answer.items.slice(1);
    this.position = answer.position;
    this.total = answer.total;
    this.exact = answer.exact;
    this.item = answer.items[0] ?? null;
    void this.preload('previous');
    return true;
  }

  /** Goes one passage on; false at the end. */
  async turn(step: 'next' | 'previous'): Promise<boolean> {
    const shelf = step === 'next' ? this.#ahead : this.#behind;
    if (shelf.length === 0) await this.preload(step);
    const item = step === 'next' ? this.#ahead.shift() : this.#behind.pop();
    if (item === undefined) return false;
    if (this.item !== null) {
      if (step === 'next') this.#behind = [this.item];
      else this.#ahead = [this.item, ...this.#ahead].slice(0, 2);
    }
    this.position += step === 'next' ? 1 : -1;
    this.item = item;
    return true;
  }

  async preload(step: 'next' | 'previous'): Promise<void> {
    const edge = step === 'next' ? (this.#ahead.at(-1) ?? this.item) : (this.#behind[0] ?? this.item);
    if (edge === null) return;
    const load = this.#load;
    const limit = step === 'next' ? 2 - this.#ahead.length : 1;
    if (limit < 1) return;
    const answer = await engine.review
      .queue({ filter: this.filter, around: edge.passage.id, step, limit })
      .catch(() => null);
    if (answer === null || load !== this.#load) return;
    const known = [...this.#ahead, ...this.#behind, this.item].map((item) => item?.passage.id);
    const fresh = answer.items.filter((item) => !known.includes(item.passage.id));
    if (step === 'next') this.#ahead = [...this.#ahead, ...fresh];
    else this.#behind = [...fresh.slice(-1), ...this.#behind];
  }

  /** Puts changed questions in the place of what is in memory, and new ones after the others. */
  replace(candidates: readonly Candidate[]): void {
    const merge = (item: Item): Item => {
      const own = candidates.filter((candidate) => candidate.passageId === item.passage.id);
      if (own.length === 0) return item;
      const kept = item.candidates.map((candidate) => own.find((one) => one.id === candidate.id) ?? candidate);
      const added = own.filter((candidate) => !item.candidates.some((one) => one.id === candidate.id));
      return { ...item, candidates: [...kept, ...added] };
    };
    if (this.item !== null) this.item = merge(this.item);
    this.#ahead = this.#ahead.map(merge);
    this.#behind = this.#behind.map(merge);
  }
}
