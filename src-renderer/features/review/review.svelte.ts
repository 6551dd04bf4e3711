import { SvelteMap } from 'svelte/reactivity';
import type { Candidate, CandidateFilter, Reason, Span } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { frame } from '../../app/frame.svelte.ts';
import { errorText, t } from '../../app/i18n.ts';
import { preferences } from '../../app/preferences.svelte.ts';
import { Turning } from '../../app/turning.ts';
import {
  editedQuestion,
  isOpen,
  nextOpen,
  ordered,
  tidyFilter,
  trimSpan,
  type Order,
  type questionTypes,
  type difficulties,
} from './review.ts';
import { bulk } from './bulk.svelte.ts';
import { Shelf } from './shelf.svelte.ts';
import { Writes } from './writes.ts';

interface Reviewed {
  candidates: Candidate[];
  savedAt: number;
  undo: string | null;
  redo: string | null;
}
type Type = (typeof questionTypes)[number];
type Difficulty = (typeof difficulties)[number];

export type Mode = 'list' | 'edit' | 'write' | 'reasons' | 'note' | 'mark' | 'tags' | 'flag' | 'bulk';

/** The queue under the hands: which row is active, what is open in it, and what a person decides. */
export class Review {
  activeId = $state<string | null>(null);
  mode = $state<Mode>(bulk.run === null ? 'list' : 'bulk');
  text = $state(''); // what an edit, a note or a flag holds
  showDiff = $state(true);
  order = $state<Order>('sentence');
  undoLabel = $state<string | null>(null);
  redoLabel = $state<string | null>(null);
  mark = $state.raw<{ anchor: number; head: number } | null>(null);
  waiting = $state(false);
  loaded = $state(false);
  focused = $state(false); // the list, or nothing in particular, has the focus
  failure = $state.raw<{ id: string; message: string; retry: () => void } | null>(null);
  readonly drafts = new SvelteMap<string, string>();
  lastTags: { type: Type | null; difficulty: Difficulty | null } | null = null;

  readonly #shelf = new Shelf();
  readonly #writes = new Writes<Reviewed>(
    this.#shelf,
    (id, answer) => {
      if (this.failure?.id === id) this.failure = null;
      this.#saved(answer);
    },
    (id, error, retry) => {
      this.#turning.end();
      this.activeId = id;
      this.fail(id, error, retry);
    },
  );
  #loading = 0; // loads at work
  #arrived = false; // passages came meanwhile
  #shownAt = Date.now();
  readonly #turning = new Turning();

  readonly item = $derived(this.#shelf.item);
  readonly position = $derived(this.#shelf.position);
  readonly total = $derived(this.#shelf.total);
  readonly exact = $derived(this.#shelf.exact);
  readonly candidates = $derived(this.item === null ? [] : ordered(this.item.candidates, this.order));
  readonly active = $derived(this.candidates.find((candidate) => candidate.id === this.activeId) ?? null);
  readonly activeIndex = $derived(this.candidates.findIndex((candidate) => candidate.id === this.activeId));

  /** Whether single keys act: the list has the focus and no field is open. */
  get keysAct(): boolean {
    return this.mode === 'list' && this.focused && preferences.letters && this.item !== null;
  }
  get inList(): boolean {
    return this.mode === 'list' && this.item !== null;
  }

  get filter(): CandidateFilter {
    return this.#shelf.filter;
  }
  set filter(filter: CandidateFilter) {
    this.#shelf.filter = filter;
  }

  async load(around: string | null = null): Promise<void> {
    const slow = setTimeout(() => (this.waiting = true), 120);
    this.#loading += 1;
    try {
      if (!(await this.#shelf.load(around))) return;
      this.#show();
      this.loaded = true;
    } catch (error) {
      this.fail('', error, () => void this.load(around));
    } finally {
      clearTimeout(slow);
      this.#loading -= 1;
      if (this.#loading === 0) {
        this.waiting = false;
        const again = this.#arrived && this.item === null;
        this.#arrived = false;
        if (again) void this.load();
      }
    }
  }
  /** Passages came while none is shown. A load at work is let to its end: while they go on coming none would reach it. */
  arrived(): void {
    if (this.#loading > 0) this.#arrived = true;
    else void this.load();
  }

  setFilter(filter: CandidateFilter): void {
    this.filter = tidyFilter(filter);
    void this.load();
  }

  #show(): void {
    this.#turning.end();
    this.mode = bulk.run === null ? 'list' : 'bulk';
    this.mark = null;
    this.failure = null;
    this.#shownAt = Date.now();
    this.activeId = this.candidates.find(isOpen)?.id ?? this.candidates[0]?.id ?? null;
  }

  async turn(step: 'next' | 'previous'): Promise<void> {
    this.#turning.hold();
    if (!(await this.#shelf.turn(step)) || this.item === null) return;
    this.#show();
    frame.announce(`${this.item.passage.title}. ${t('review.count', { count: this.candidates.length })}`);
  }

  select(id: string | null): void {
    if (id === null || id === this.activeId) return;
    if (this.mode === 'edit') this.leaveEdit();
    this.mode = 'list';
    this.activeId = id;
    this.#shownAt = Date.now();
  }
  move(by: 1 | -1): void {
    this.select(this.candidates[this.activeIndex + by]?.id ?? null);
  }
  skip(): void {
    const next = nextOpen(this.candidates, this.activeId);
    if (next === null) void this.turn('next');
    else this.select(next);
  }
  goToSentence(sentence: number): void {
    this.select(this.candidates.find((candidate) => candidate.sentence === sentence)?.id ?? null);
  }

  // ── Decisions ────────────────────────────────────────────────────────────
  accept(question?: string): void {
    const candidate = this.active;
    if (candidate === null) return;
    const status = question === undefined && candidate.question === candidate.original ? 'accepted' : 'edited';
    const shown: Candidate = {
      ...candidate,
      status,
      question: question ?? candidate.question,
      reason: null,
      note: null,
    };
    this.#decide(candidate, shown, () =>
      engine.review.decide({
        candidateId: candidate.id,
        verdict: 'accept',
        ...(question === undefined ? {} : { question }),
        seconds: this.#seconds(),
      }),
    );
  }
  /** An edit that stands is kept; the generator's wording is accepted as it is. */
  acceptShown(): void {
    this.accept(this.active?.status === 'edited' ? this.active.question : undefined);
  }
  askReason(): void {
    this.mode = 'reasons';
  }
  reject(reason: Reason, note?: string): void {
    const candidate = this.active;
    if (candidate === null) return;
    if (reason === 'other' && note === undefined) {
      this.text = '';
      this.mode = 'note';
      return;
    }
    const shown: Candidate = { ...candidate, status: 'rejected', reason, note: note ?? null };
    this.#decide(candidate, shown, () =>
      engine.review.decide({
        candidateId: candidate.id,
        verdict: 'reject',
        reason,
        ...(note === undefined || note === '' ? {} : { note }),
        seconds: this.#seconds(),
      }),
    );
  }
  reset(): void {
    const candidate = this.active;
    if (candidate === null || candidate.status === 'undecided') return;
    this.#turning.end();
    const shown: Candidate = {
      ...candidate,
      status: 'undecided',
      reason: null,
      note: null,
      question: candidate.original,
    };
    this.#writes.write(candidate, shown, () =>
      engine.review.decide({ candidateId: candidate.id, verdict: 'reset', seconds: this.#seconds() }),
    );
  }
  #decide(candidate: Candidate, shown: Candidate, call: () => Promise<Reviewed>): void {
    this.mode = 'list';
    const decision = [candidate.id, shown.status, shown.reason, shown.question];
    if (this.#turning.repeats(decision)) return;
    frame.announce(`${t(`status.${shown.status}`)}: ${shown.question}`);
    this.#writes.write(candidate, shown, call);
    const next = nextOpen(this.candidates, candidate.id);
    if (next !== null) this.select(next);
    else {
      const passage = this.item?.passage.id;
      this.#turning.begin(decision, () => {
        if (this.item?.passage.id === passage && this.mode === 'list' && this.failure === null) void this.turn('next');
      });
    }
  }
  fail(id: string, error: unknown, retry: () => void): void {
    this.failure = { id, message: errorText(error), retry };
    frame.assertive = errorText(error);
  }
  #saved(answer: Reviewed): void {
    this.#shelf.replace(answer.candidates.filter(({ id }) => !this.#writes.isPending(id)));
    frame.savedAt = answer.savedAt;
    this.undoLabel = answer.undo;
    this.redoLabel = answer.redo;
  }
  #seconds(): number {
    return Math.round((Date.now() - this.#shownAt) / 100) / 10;
  }

  async step(which: 'undo' | 'redo'): Promise<void> {
    this.#turning.end();
    frame.dismiss();
    try {
      const answer = await bulk.step(which, this, (signal) => engine.review[which]({}, { signal }));
      if (answer === null) return frame.notify(t('review.bulkUnchanged'));
      const touched = answer.candidates[0];
      this.#saved(answer);
      if (touched === undefined) return;
      if (touched.passageId !== this.item?.passage.id) await this.load(touched.passageId);
      // A question that someone wrote is gone after its undo; the list is read again.
      else await this.refresh();
      if (this.candidates.some((candidate) => candidate.id === touched.id)) this.activeId = touched.id;
      this.mode = 'list';
      frame.announce(`${t(which === 'undo' ? 'cmd.undo' : 'cmd.redo')}: ${touched.question}`);
    } catch (error) {
      this.fail('', error, () => void this.step(which));
    }
  }
  /** What changed elsewhere is read again, here and in the neighbours kept. */
  async changed(passages: true | readonly string[]): Promise<void> {
    const isChanged = (id: string | undefined): boolean => passages === true || passages.includes(id ?? '');
    const shown = this.item?.passage.id;
    if (isChanged(shown)) void this.refresh();
    await this.#shelf.refresh(passages);
    // A neighbour may have been turned to while it was read.
    if (this.item?.passage.id !== shown && isChanged(this.item?.passage.id)) void this.refresh();
  }
  async refresh(): Promise<void> {
    const id = this.item?.passage.id;
    if (id === undefined || this.#writes.busy) return;
    const item = await engine.review.item({ passageId: id }).catch(() => null);
    if (item === null || this.item?.passage.id !== id || this.#writes.busy) return;
    this.#shelf.item = { ...item, at: this.item.at };
    if (this.active === null) this.activeId = this.candidates.find(isOpen)?.id ?? this.candidates[0]?.id ?? null;
  }

  // ── Edit, write ──────────────────────────────────────────────────────────
  startEdit(): void {
    if (this.active === null) return;
    this.text = this.drafts.get(this.active.id) ?? this.active.question;
    this.mode = 'edit';
  }
  leaveEdit(): void {
    if (this.mode === 'edit' && this.active !== null) {
      if (this.text.trim() !== this.active.question) this.drafts.set(this.active.id, this.text);
      else this.drafts.delete(this.active.id);
    }
    this.mode = 'list';
  }
  saveEdit(turn: boolean): void {
    const candidate = this.active;
    if (candidate === null || this.text.trim() === '') return;
    const question = editedQuestion(candidate, this.text);
    this.drafts.delete(candidate.id);
    this.accept(question ?? (candidate.question === candidate.original ? undefined : candidate.original));
    if (turn) void this.turn('next');
  }
  restoreText(): void {
    this.text = this.active?.original ?? this.text;
  }
  toggleDiff(): void {
    this.showDiff = !this.showDiff;
  }
  toggleOrder(): void {
    this.order = this.order === 'sentence' ? 'score' : 'sentence';
  }
  startWrite(): void {
    this.text = '';
    this.mode = 'write';
  }
  async saveWrite(): Promise<void> {
    const item = this.item;
    const question = this.text.trim();
    if (item === null || question === '') return;
    try {
      const sentence = this.active?.sentence ?? null;
      const answer = await engine.review.write({
        passageId: item.passage.id,
        question,
        sentence,
        seconds: this.#seconds(),
      });
      this.mode = 'list';
      this.#saved(answer);
      const written = answer.candidates.find((candidate) => candidate.question === question);
      if (written) this.activeId = written.id;
    } catch (error) {
      this.fail('', error, () => void this.saveWrite());
    }
  }

  // ── Answer, tags, flag ───────────────────────────────────────────────────
  startMark(selected: Span | null): void {
    const { item, active } = this;
    if (item === null || active === null) return;
    const sentence = active.sentence === null ? undefined : item.passage.sentences[active.sentence];
    const at = active.answer ?? selected ?? { start: sentence?.start ?? 0, end: sentence?.start ?? 0 };
    this.mark = { anchor: (selected ?? at).start, head: (selected ?? at).end };
    this.mode = 'mark';
  }
  storeMark(): void {
    const { item, active, mark } = this;
    if (item === null || active === null || mark === null || mark.anchor === mark.head) return;
    const span = trimSpan(item.passage.text, {
      start: Math.min(mark.anchor, mark.head),
      end: Math.max(mark.anchor, mark.head),
    });
    if (span.start === span.end) return;
    const answer = { ...span, text: item.passage.text.slice(span.start, span.end), by: null };
    this.mode = 'list';
    this.mark = null;
    this.#writes.write(active, { ...active, answer }, () =>
      engine.review.setAnswer({ candidateId: active.id, answer: span }),
    );
  }
  removeMark(): void {
    const active = this.active;
    if (active === null || active.answer === null) return;
    this.mode = 'list';
    this.mark = null;
    this.#writes.write(active, { ...active, answer: null }, () =>
      engine.review.setAnswer({ candidateId: active.id, answer: null }),
    );
  }
  setTags(change: { type?: Type | null; difficulty?: Difficulty | null }): void {
    const active = this.active;
    if (active === null) return;
    const next = {
      type: change.type ?? (active.type as Type | null),
      difficulty: change.difficulty ?? active.difficulty,
    };
    this.lastTags = next;
    this.#writes.write(active, { ...active, ...next }, () =>
      engine.review.setTags({ candidateId: active.id, ...next }),
    );
  }
  /** The pair given last, once more. */
  repeatTags(): void {
    if (this.lastTags !== null) this.setTags(this.lastTags);
    this.leave();
  }
  startFlag(): void {
    this.text = this.active?.flag ?? '';
    this.mode = 'flag';
  }
  setFlag(flag: string | null): void {
    const active = this.active;
    if (active === null) return;
    this.mode = 'list';
    this.#writes.write(active, { ...active, flag }, () => engine.review.setFlag({ candidateId: active.id, flag }));
  }
  /** Closes what is open; a running bulk decision is cancelled first, and its strip stays until it is taken back. */
  leave(): void {
    if (bulk.run !== null) return bulk.run.abort();
    this.mode = 'list';
    this.mark = null;
  }
}
