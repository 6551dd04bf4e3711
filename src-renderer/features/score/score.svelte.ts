import type { Criterion, ScoringItem, ScoringQueue } from '../../../src-main/shared/contract/campaigns.ts';
import { engine } from '../../app/client.ts';
import { frame } from '../../app/frame.svelte.ts';
import { errorText } from '../../app/i18n.ts';
import { session } from '../../app/session.svelte.ts';
import { WorkTimer } from './timer.ts';

export type Score = 0 | 1 | 2;

/** One person's scoring: what is on the page, which question and criterion the keys act on, and what is saved. */
export class Scoring {
  queues = $state.raw<ScoringQueue[] | null>(null);
  queue = $state.raw<ScoringQueue | null>(null);
  items = $state.raw<ScoringItem[]>([]);
  active = $state(0); // question on the page
  criterion = $state(0);
  noteOpen = $state(false);
  onBreak = $state(false);
  told = $state(false); // a practice question's explanation is open
  undoable = $state(false);
  reading = $state(false); // all is scored and the person looks at it again
  error = $state<string | null>(null);
  readonly timer = new WorkTimer();
  #saving: Promise<void> = Promise.resolve();
  #moving = false;
  #pending = 0; // writes under way; only the answer to the last may replace what the page shows
  #typed: Score[] = []; // keys pressed while the next question was on its way

  get item(): ScoringItem | null {
    return this.items[this.active] ?? null;
  }
  get criteria(): readonly Criterion[] {
    return this.queue?.criteria ?? [];
  }
  get done(): boolean {
    return this.queue !== null && this.queue.done === this.queue.total && this.queue.total > 0;
  }
  /** Keys act on a question: not in a break, a note or an explanation. */
  get keysAct(): boolean {
    return this.item !== null && !this.onBreak && !this.noteOpen && !this.told;
  }

  /** Resolves when every score pressed so far is stored. */
  saved(): Promise<void> {
    return this.#saving;
  }

  async read(campaign?: string): Promise<void> {
    await this.#guard(async () => {
      this.queues = await engine.campaigns.queues({});
      const waiting =
        this.queues.find((one) => one.campaign === campaign) ?? this.queues.find((one) => one.done < one.total);
      const chosen = waiting ?? this.queues[0];
      if (chosen) await this.#open(chosen.campaign, null);
    });
  }

  /** The score of the active criterion; moves on to the next open one, then to the next question. */
  score(value: Score): void {
    if (this.#moving) {
      this.#typed.push(value);
      return;
    }
    const { item } = this;
    const criterion = this.criteria[this.criterion];
    if (!item || !criterion || !this.keysAct) return;
    const scores = { ...item.scores, [criterion.id]: value };
    this.#show({ ...item, scores });
    const open = this.criteria.findIndex((one) => scores[one.id] === undefined);
    const complete = open < 0;
    this.#moving = complete;
    this.#save(item.id, { [criterion.id]: value }, complete);
    if (!complete) this.criterion = this.#nextOpen(scores);
  }

  setScore(question: number, criterion: number, value: Score): void {
    this.active = question;
    this.criterion = criterion;
    this.score(value);
  }

  moveCriterion(by: 1 | -1): void {
    const last = this.criteria.length - 1;
    if (by === 1 && this.criterion === last && this.active < this.items.length - 1) {
      this.active += 1;
      this.criterion = 0;
    } else if (by === -1 && this.criterion === 0 && this.active > 0) {
      this.active -= 1;
      this.criterion = last;
    } else this.criterion = Math.max(0, Math.min(last, this.criterion + by));
  }

  /** To the criterion scored before, on the question before where there is none; its score stays until another is given. */
  back(): void {
    if (this.criterion > 0 || this.active > 0) this.moveCriterion(-1);
    else void this.step(-1);
  }

  async step(by: 1 | -1): Promise<void> {
    const edge = by === 1 ? this.items.at(-1) : this.items[0];
    if (!edge || !this.queue) return;
    const at = edge.position + by;
    if (at < 0 || at >= this.queue.practiceTotal + this.queue.total) return;
    const { campaign } = this.queue;
    await this.#saving;
    await this.#guard(() => this.#open(campaign, at));
    this.active = by === 1 ? 0 : this.items.length - 1;
    this.criterion = 0;
  }

  /** The first question with something open. */
  async goOn(): Promise<void> {
    const campaign = this.queue?.campaign;
    if (campaign === undefined) return;
    await this.#guard(() => this.#open(campaign, null));
  }

  saveNote(comment: string): void {
    this.noteOpen = false;
    const { item } = this;
    if (!item || comment === item.comment) return;
    this.#show({ ...item, comment });
    this.#write(async () => {
      const campaign = this.queue?.campaign ?? '';
      const answer = await engine.campaigns.score({ campaign, item: item.id, comment, seconds: this.timer.take() });
      this.#saved(answer);
    });
  }

  undo(): void {
    const campaign = this.queue?.campaign;
    if (campaign === undefined) return;
    this.#write(async () => {
      const answer = await engine.campaigns.undo({ campaign });
      if (!answer) return;
      this.told = false;
      await this.#open(campaign, answer.item.position);
      this.active = Math.max(
        0,
        this.items.findIndex((one) => one.id === answer.item.id),
      );
      this.criterion = this.#nextOpen(answer.item.scores);
      frame.savedAt = answer.savedAt;
    });
  }

  /** After the last score: back to the questions, which can still be changed. */
  look(): void {
    this.reading = true;
  }

  toggleBreak(): void {
    this.onBreak = !this.onBreak;
    if (this.onBreak) this.timer.pause();
    else this.timer.touch();
  }

  async endPractice(): Promise<void> {
    this.told = false;
    await this.goOn();
  }

  #nextOpen(scores: ScoringItem['scores']): number {
    const open = this.criteria.findIndex((one) => scores[one.id] === undefined);
    return open < 0 ? this.criteria.length - 1 : open;
  }

  #save(item: string, scores: Record<string, Score>, complete: boolean): void {
    this.#write(async () => {
      const campaign = this.queue?.campaign ?? '';
      const answer = await engine.campaigns.score({ campaign, item, scores, seconds: this.timer.take() });
      this.#saved(answer);
      if (complete) await this.#next(answer.item);
    });
    if (complete) void this.#saving.then(() => this.#arrived());
  }

  /** Whatever was typed meanwhile belongs to the question that is there now. */
  #arrived(): void {
    this.#moving = false;
    const typed = this.#typed;
    this.#typed = [];
    for (const value of this.done ? [] : typed) this.score(value);
  }

  async #next(item: ScoringItem): Promise<void> {
    if (item.practice) {
      this.told = true;
      return;
    }
    const open = this.items.findIndex((one) =>
      this.criteria.some((criterion) => one.scores[criterion.id] === undefined),
    );
    if (open >= 0) {
      this.active = open;
      this.criterion = this.#nextOpen(this.items[open]?.scores ?? {});
    } else if (!this.done) await this.goOn();
  }

  #saved(answer: { item: ScoringItem; queue: ScoringQueue; savedAt: number; undo: boolean }): void {
    if (this.#pending === 1) this.#show(answer.item);
    if (this.queue) session.toScore += this.queue.done - answer.queue.done;
    this.queue = answer.queue;
    this.undoable = answer.undo;
    frame.savedAt = answer.savedAt;
  }

  #show(item: ScoringItem): void {
    this.items = this.items.map((one) => (one.id === item.id ? item : one));
  }

  async #open(campaign: string, at: number | null): Promise<void> {
    const page = await engine.campaigns.items({ campaign, at });
    this.items = page.items;
    this.queue = page.queue;
    this.undoable = page.undo;
    const open = page.items.findIndex((one) =>
      this.criteria.some((criterion) => one.scores[criterion.id] === undefined),
    );
    this.active = Math.max(0, open);
    this.criterion = open < 0 ? 0 : this.#nextOpen(page.items[open]?.scores ?? {});
    this.noteOpen = false;
    this.told = false;
    this.timer.take();
    this.timer.touch();
  }

  /** One write after the other, so that scores are stored in the order of the keys. */
  #write(work: () => Promise<void>): void {
    this.#pending += 1;
    this.#saving = this.#saving.then(async () => {
      await this.#guard(work);
      this.#pending -= 1;
    });
  }

  async #guard(work: () => Promise<void>): Promise<void> {
    try {
      await work();
      this.error = null;
    } catch (error) {
      this.error = errorText(error);
      frame.assertive = this.error;
    }
  }
}
