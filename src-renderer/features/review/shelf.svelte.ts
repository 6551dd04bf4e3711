import type { Candidate, CandidateFilter, Passage } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';

export interface Item {
  passage: Passage;
  candidates: Candidate[];
  at?: number | null | undefined; // in an ordered queue
}
type Step = 'next' | 'previous';

/** Passages kept each way, and how few are left ahead when more are asked for: a key that is held finds the next one there. */
const kept = 8;
const few = 4;

/** The queue's passages: one shown, its neighbours in memory. */
export class Shelf {
  item = $state.raw<Item | null>(null);
  position = $state(0);
  total = $state(0);
  exact = $state(true); // else position and total are estimates
  filter = $state.raw<CandidateFilter>({});

  #held: Record<Step, Item[]> = { next: [], previous: [] }; // the nearest first
  #asked: Record<Step, Promise<boolean> | null> = { next: null, previous: null };
  #load = 0;
  #reading = 0; // answers to what was asked before the neighbours were dropped are dropped too

  /** Reads the queue anew; false when a later load has overtaken this one. */
  async load(around: string | null): Promise<boolean> {
    const load = ++this.#load;
    const answer = await engine.review.queue({ filter: this.filter, around, limit: 3 });
    if (load !== this.#load) return false;
    this.#hold(answer.items.slice(1));
    this.position = answer.position;
    this.total = answer.total;
    this.exact = answer.exact;
    this.item = answer.items[0] ?? null;
    void this.#preload('next');
    void this.#preload('previous');
    return true;
  }
  #hold(next: Item[]): void {
    this.#reading += 1;
    this.#held = { next, previous: [] };
    this.#asked = { next: null, previous: null };
  }

  /** Goes one passage on; false at the end. */
  async turn(step: Step): Promise<boolean> {
    // Many keys may wait for one answer, which is fewer passages than they turn.
    while (this.#held[step].length === 0) if ((await this.#preload(step)) !== true) return false;
    const [item, ...rest] = this.#held[step];
    if (item === undefined) return false;
    const back = step === 'next' ? 'previous' : 'next';
    if (this.item !== null) this.#held[back] = [this.item, ...this.#held[back]].slice(0, kept);
    this.#held[step] = rest;
    this.position += step === 'next' ? 1 : -1;
    this.item = item;
    void this.#preload(step);
    return true;
  }

  /** Asks for more neighbours where few are left, one question at a time. */
  #preload(step: Step): Promise<boolean> | null {
    if (this.item !== null && this.#held[step].length < few) this.#asked[step] ??= this.#ask(step, this.item);
    return this.#asked[step];
  }
  /** False where the queue ends; what came too late for where the queue now stands is dropped, and may be asked again. */
  async #ask(step: Step, shown: Item): Promise<boolean> {
    const reading = this.#reading;
    const last = this.#held[step].at(-1) ?? shown;
    const of = last.passage.id;
    const limit = kept - this.#held[step].length;
    const items = await engine.review.neighbours({ filter: this.filter, of, at: last.at, step, limit }).catch(() => []);
    if (reading !== this.#reading) return true;
    this.#asked[step] = null;
    if ((this.#held[step].at(-1) ?? this.item)?.passage.id !== of) return true;
    this.#held[step] = [...this.#held[step], ...items];
    return items.length > 0;
  }

  /** Reads again what is held of changed passages; `true`: any may have changed. */
  async refresh(changed: true | readonly string[]): Promise<void> {
    if (changed === true) {
      this.#hold([]);
      await Promise.all([this.#preload('next'), this.#preload('previous')]);
      return;
    }
    for (const { passage } of [...this.#held.next, ...this.#held.previous]) {
      if (!changed.includes(passage.id)) continue;
      const fresh = await engine.review.item({ passageId: passage.id }).catch(() => null);
      if (fresh !== null) this.#each((item) => (item.passage.id === passage.id ? { ...fresh, at: item.at } : item));
    }
  }

  /** Puts changed questions in the place of what is in memory, and new ones after the others. */
  replace(candidates: readonly Candidate[]): void {
    const merge = (item: Item): Item => {
      const own = candidates.filter((candidate) => candidate.passageId === item.passage.id);
      if (own.length === 0) return item;
      const same = item.candidates.map((candidate) => own.find((one) => one.id === candidate.id) ?? candidate);
      const added = own.filter((candidate) => !item.candidates.some((one) => one.id === candidate.id));
      return { ...item, candidates: [...same, ...added] };
    };
    if (this.item !== null) this.item = merge(this.item);
    this.#each(merge);
  }
  #each(change: (item: Item) => Item): void {
    this.#held = { next: this.#held.next.map(change), previous: this.#held.previous.map(change) };
  }
}
