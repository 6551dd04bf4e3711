import type { Client } from '../../../src-main/shared/contract/define.ts';
import type { Contract } from '../../../src-main/shared/contract/index.ts';
import type { BlindItem, BlindQuestion, Guideline, PracticeItem } from '../../../src-main/shared/contract/rounds.ts';
import type { Reason, Status } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { frame } from '../../app/frame.svelte.ts';
import { errorText, t } from '../../app/i18n.ts';
import { preferences } from '../../app/preferences.svelte.ts';
import { Turning } from '../../app/turning.ts';

type Checked = Awaited<ReturnType<Client<Contract>['checking']['decide']>>;
export type Mode = 'list' | 'edit' | 'reasons' | 'note' | 'flag';

/** The state a row shows for one's own vote. */
export function statusOf({ vote }: BlindQuestion): Status {
  const verdict = vote?.verdict ?? null;
  if (verdict === null) return 'undecided';
  return verdict === 'reject' ? 'rejected' : verdict === 'edit' ? 'edited' : 'accepted';
}

/** One person's passages of one round: one shown, the next in memory. */
export class Check {
  roundId = $state<string | null>(null);
  item = $state.raw<BlindItem | null>(null);
  position = $state(0);
  total = $state(0);
  decided = $state(0);
  questions = $state(0);
  activeId = $state<string | null>(null);
  mode = $state<Mode>('list');
  text = $state('');
  undoLabel = $state<string | null>(null);
  redoLabel = $state<string | null>(null);
  guidelines = $state.raw<Guideline[]>([]);
  practice = $state.raw<PracticeItem[]>([]);
  loaded = $state(false);
  focused = $state(false);
  failure = $state.raw<{ message: string; retry: () => void } | null>(null);

  #next: BlindItem | null = null;
  #shownAt = Date.now();
  readonly #turning = new Turning();
  #load = 0;

  readonly list = $derived(this.item?.questions ?? []);
  readonly active = $derived(this.list.find((question) => question.item === this.activeId) ?? null);
  readonly guideline = $derived(
    this.guidelines.find((one) => one.language === this.item?.passage.language) ?? this.guidelines[0] ?? null,
  );
  readonly done = $derived(this.questions > 0 && this.decided >= this.questions);

  get keysAct(): boolean {
    return this.mode === 'list' && this.focused && preferences.letters && this.active !== null;
  }

  async open(roundId: string): Promise<void> {
    this.roundId = roundId;
    await this.load();
    const briefing = await engine.checking.briefing({ roundId }).catch(() => null);
    this.guidelines = briefing?.guidelines ?? [];
    this.practice = briefing?.practice ?? [];
  }

  async load(around: string | null = null): Promise<void> {
    const { roundId } = this;
    if (roundId === null) return;
    const load = ++this.#load;
    try {
      const answer = await engine.checking.queue({ roundId, around, limit: 2 });
      if (load !== this.#load) return;
      this.position = answer.position;
      this.total = answer.total;
      this.decided = answer.progress.decided;
      this.questions = answer.progress.total;
      this.undoLabel = answer.undo;
      this.redoLabel = answer.redo;
      this.#next = answer.items[1] ?? null;
      this.#show(answer.items[0] ?? null);
      this.loaded = true;
    } catch (error) {
      this.fail(error, () => void this.load(around));
    }
  }

  #show(item: BlindItem | null): void {
    this.#turning.end();
    this.item = item;
    this.mode = 'list';
    this.failure = null;
    this.#shownAt = Date.now();
    const open = item?.questions.find((question) => statusOf(question) === 'undecided');
    this.activeId = open?.item ?? item?.questions[0]?.item ?? null;
  }

  async turn(step: 'next' | 'previous'): Promise<void> {
    const { roundId, item } = this;
    if (roundId === null || item === null) return;
    this.#turning.hold();
    const ready = step === 'next' ? this.#next : null;
    if (ready !== null) {
      this.#next = null;
      this.position += 1;
      this.#show(ready);
    }
    const around = ready?.passage.id ?? item.passage.id;
    const answer = await engine.checking
      .queue({
        roundId,
        around,
        step: ready === null ? step : 'next',
        limit: ready === null && step === 'next' ? 2 : 1,
      })
      .catch(() => null);
    if (answer === null || this.roundId !== roundId) return;
    if (ready !== null) this.#next = answer.items[0] ?? null;
    else if (answer.items[0]) {
      this.position = answer.position;
      this.#next = step === 'next' ? (answer.items[1] ?? null) : item;
      this.#show(answer.items[0]);
    }
    if (this.item !== null)
      frame.announce(`${this.item.passage.title}. ${t('check.count', { count: this.item.questions.length })}`);
  }

  select(id: string | null): void {
    if (id === null || id === this.activeId) return;
    this.mode = 'list';
    this.activeId = id;
    this.#shownAt = Date.now();
  }
  move(by: 1 | -1): void {
    const at = this.list.findIndex((question) => question.item === this.activeId);
    this.select(this.list[at + by]?.item ?? null);
  }
  /** To the next open question of the passage, else to the next passage. */
  skip(): void {
    const next = this.#nextOpen();
    if (next === null) void this.turn('next');
    else this.select(next);
  }
  #nextOpen(): string | null {
    const at = this.list.findIndex((question) => question.item === this.activeId);
    const turned = [...this.list.slice(at + 1), ...this.list.slice(0, Math.max(0, at))];
    return turned.find((question) => statusOf(question) === 'undecided')?.item ?? null;
  }

  accept(question?: string): void {
    const { active } = this;
    if (active === null) return;
    const edited = question !== undefined && question !== active.question ? question : null;
    const vote = {
      verdict: edited === null ? ('accept' as const) : ('edit' as const),
      question: edited,
      reason: null,
      note: null,
    };
    this.#decide(active, vote, { verdict: 'accept', ...(edited === null ? {} : { question: edited }) });
  }
  reject(reason: Reason, note?: string): void {
    const { active } = this;
    if (active === null) return;
    if (reason === 'other' && note === undefined) {
      this.text = '';
      this.mode = 'note';
      return;
    }
    const vote = { verdict: 'reject' as const, question: null, reason, note: note ?? null };
    this.#decide(active, vote, { verdict: 'reject', reason, ...(note === undefined ? {} : { note }) });
  }
  reset(): void {
    if (this.active !== null && statusOf(this.active) !== 'undecided')
      this.#decide(this.active, null, { verdict: 'reset' });
  }
  setFlag(flag: string | null): void {
    const { active, roundId } = this;
    if (active === null || roundId === null) return;
    this.mode = 'list';
    this.#write(active, () => engine.checking.setFlag({ roundId, item: active.item, flag }));
  }

  #decide(
    active: BlindQuestion,
    vote: Omit<NonNullable<BlindQuestion['vote']>, 'flag'> | null,
    input: { verdict: 'accept' | 'reject' | 'reset'; question?: string; reason?: Reason; note?: string },
  ): void {
    const { roundId } = this;
    const decision = [active.item, vote?.verdict, vote?.reason, vote?.question];
    if (roundId === null || this.#turning.repeats(decision)) return;
    const seconds = Math.round((Date.now() - this.#shownAt) / 100) / 10;
    const shown: BlindQuestion = { ...active, vote: vote && { ...vote, flag: active.vote?.flag ?? null } };
    this.mode = 'list';
    this.#replace(shown);
    frame.announce(`${t(`status.${statusOf(shown)}`)}: ${shown.question}`);
    this.#write(active, () => engine.checking.decide({ roundId, item: active.item, seconds, ...input }));
    if (vote === null) return this.#turning.end();
    const next = this.#nextOpen();
    if (next !== null) this.select(next);
    else {
      const passage = this.item?.passage.id;
      this.#turning.begin(decision, () => {
        if (this.item?.passage.id === passage && this.mode === 'list' && this.failure === null) void this.turn('next');
      });
    }
  }
  /** The change is on the screen already; a failure puts back what is stored and offers to try again. */
  #write(before: BlindQuestion, call: () => Promise<Checked>): void {
    call().then(
      (answer) => this.#saved(answer),
      (error: unknown) => {
        this.#turning.end();
        this.#replace(before);
        this.activeId = before.item;
        this.fail(error, () => this.#write(before, call));
      },
    );
  }
  #saved({ question, savedAt, undo, redo, progress }: Checked): void {
    this.failure = null;
    if (question !== null) this.#replace(question);
    frame.savedAt = savedAt;
    this.undoLabel = undo;
    this.redoLabel = redo;
    this.decided = progress.decided;
    this.questions = progress.total;
  }
  #replace(question: BlindQuestion): void {
    const merge = (item: BlindItem | null): BlindItem | null =>
      item && { ...item, questions: item.questions.map((one) => (one.item === question.item ? question : one)) };
    this.item = merge(this.item);
    this.#next = merge(this.#next);
  }
  fail(error: unknown, retry: () => void): void {
    this.failure = { message: errorText(error), retry };
    frame.assertive = errorText(error);
  }

  async step(which: 'undo' | 'redo'): Promise<void> {
    const { roundId } = this;
    if (roundId === null) return;
    this.#turning.end();
    try {
      const answer =
        which === 'undo' ? await engine.checking.undo({ roundId }) : await engine.checking.redo({ roundId });
      this.#saved(answer);
      if (answer.question === null) return;
      const here = this.list.some((one) => one.item === answer.question?.item);
      if (!here) await this.load(answer.passageId);
      this.activeId = answer.question.item;
      this.mode = 'list';
      frame.announce(`${t(which === 'undo' ? 'cmd.undo' : 'cmd.redo')}: ${answer.question.question}`);
    } catch (error) {
      this.fail(error, () => void this.step(which));
    }
  }

  startEdit(): void {
    if (this.active === null) return;
    this.text = this.active.vote?.question ?? this.active.question;
    this.mode = 'edit';
  }
  saveEdit(): void {
    const wording = this.text.trim();
    if (wording !== '') this.accept(wording);
  }
}
