import type {
  Language,
  Passage,
  PassageFilter,
  PassageRow,
  Progress,
  Span,
} from '../../../src-main/shared/contract/types.ts';
import { engine, onEvent } from '../../app/client.ts';
import { frame } from '../../app/frame.svelte.ts';
import { errorText, languageInSentence, t } from '../../app/i18n.ts';
import { splitSentences } from '../../../src-main/shared/text/sentences.ts';
import { cutSentence, joinSentence, nextWordStart } from './sentences.ts';

export type LanguageChoice = Language | 'any';
export type Sort = 'position' | 'words' | 'undecided';
export type StateChoice = NonNullable<PassageFilter['state']> | 'any';

type Page = Awaited<ReturnType<(typeof engine)['passages']['list']>>;
type Corrections = Awaited<ReturnType<(typeof engine)['passages']['history']>>;
type SavedFilters = Awaited<ReturnType<(typeof engine)['passages']['filters']>>;

const pageSize = 200;

/** The list of passages under a filter, what is selected in it, and the passage looked at. */
export class Passages {
  search = $state('');
  language = $state<LanguageChoice>('any');
  state = $state<StateChoice>('any');
  set = $state<string | null>(null); // by name
  rows = $state.raw<PassageRow[]>([]); // from the start of the list, or up to its end
  offset = $state(0); // rows before them
  total = $state<number | null>(null);
  exact = $state(true); // else the total is an estimate
  loading = $state(true);
  correcting = $state.raw<{ share: number; stop: AbortController } | null>(null); // the language of many
  error = $state<string | null>(null);
  active = $state(0);
  sort = $state<Sort>('position');
  /** Sentences of the passage looked at are being corrected; the offset where a cut would fall. */
  caret = $state<number | null>(null);
  /** Everything the filter matches is selected, loaded or not. */
  all = $state(false);
  chosen = $state.raw<ReadonlySet<string>>(new Set());
  passage = $state.raw<Passage | null>(null);
  corrections = $state.raw<Corrections>([]); // of the passage looked at
  saved = $state.raw<SavedFilters>([]);
  #next: string | null = null; // where the rows after those here begin
  #previous: string | null = null; // where those before them end
  #owed: { by: number; extend: boolean } | null = null; // a move beyond the rows here, made when the next ones come
  #reading = new AbortController();
  #looking = new AbortController();
  #anchor = 0;

  get filter(): PassageFilter {
    return {
      ...(this.search.trim() === '' ? {} : { search: this.search.trim() }),
      ...(this.language === 'any' ? {} : { languages: [this.language] }),
      ...(this.state === 'any' ? {} : { state: this.state }),
      ...(this.set === null ? {} : { set: this.set }),
    };
  }
  get filtered(): boolean {
    return Object.keys(this.filter).length > 0;
  }
  get current(): PassageRow | null {
    return this.rows[this.active] ?? null;
  }
  get selectedCount(): number {
    return this.all ? (this.total ?? this.rows.length) : this.chosen.size;
  }
  /** What a run over the selection takes. */
  get selection(): PassageFilter {
    return this.all ? this.filter : { ids: [...this.chosen] };
  }
  isSelected(id: string): boolean {
    return this.all || this.chosen.has(id);
  }

  /** Reads the list again; old rows stay until the new ones are here. `keep`: as many rows as now, same place. */
  async read(keep = false): Promise<void> {
    this.#reading.abort();
    const reading = (this.#reading = new AbortController());
    const { signal } = reading;
    this.loading = true;
    try {
      const { filter, sort } = this;
      const limit = keep ? Math.min(500, Math.max(pageSize, this.rows.length)) : pageSize;
      const backwards = keep && this.#previous !== null;
      const [page, count] = await Promise.all([
        engine.passages.list({ filter, sort, limit, backwards }, { signal }),
        engine.passages.count({ filter }, { signal }),
      ]);
      if (signal.aborted) return;
      if (backwards) this.active += page.rows.length - this.rows.length;
      this.total = count.passages;
      this.exact = count.exact;
      this.error = null;
      this.#hold(page, backwards);
      if (!keep) {
        this.all = false;
        this.chosen = new Set();
        this.active = 0;
      }
      this.active = Math.max(0, Math.min(this.active, page.rows.length - 1));
    } catch (error) {
      if (!signal.aborted) this.error = errorText(error);
    } finally {
      if (reading === this.#reading) this.loading = false;
    }
  }

  #hold({ rows, next }: Page, backwards: boolean): void {
    this.rows = rows;
    this.#owed = null;
    this.#next = backwards ? null : next;
    this.#previous = backwards ? next : null;
    this.offset = this.#previous === null ? 0 : Math.max(0, (this.total ?? 0) - rows.length);
  }
  /** The first or the last row of the whole list, loaded or not. */
  async toEdge(edge: 'start' | 'end'): Promise<void> {
    const backwards = edge === 'end';
    const here = (backwards ? this.#next : this.#previous) === null;
    if (!here) await this.#fetch(null, backwards, (page) => this.#hold(page, backwards));
    this.move(backwards ? this.rows.length - 1 : 0);
  }
  more(): Promise<void> {
    if (this.#next === null) return Promise.resolve();
    return this.#fetch(this.#next, false, ({ rows, next }) => {
      this.rows = [...this.rows, ...rows];
      this.#next = next;
      this.#settle();
    });
  }
  before(): Promise<void> {
    if (this.#previous === null) return Promise.resolve();
    return this.#fetch(this.#previous, true, ({ rows, next }) => {
      this.rows = [...rows, ...this.rows];
      this.#previous = next;
      this.active += rows.length;
      this.#anchor += rows.length;
      this.offset = next === null ? 0 : Math.max(0, this.offset - rows.length);
      this.#settle();
    });
  }
  #settle(): void {
    const owed = this.#owed;
    this.#owed = null;
    if (owed !== null) this.move(this.active + owed.by, owed.extend);
  }
  async #fetch(cursor: string | null, backwards: boolean, take: (page: Page) => void): Promise<void> {
    if (this.loading) return;
    const { signal } = this.#reading;
    this.loading = true;
    try {
      const { filter, sort } = this;
      const page = await engine.passages.list({ filter, sort, cursor, backwards, limit: pageSize }, { signal });
      if (!signal.aborted) take(page);
    } catch (error) {
      if (!signal.aborted) this.error = errorText(error);
    } finally {
      if (!signal.aborted) this.loading = false;
    }
  }

  async look(id: string | null): Promise<void> {
    this.#looking.abort();
    const { signal } = (this.#looking = new AbortController());
    if (id === null) {
      this.passage = null;
      return;
    }
    try {
      const [passage, corrections] = await Promise.all([
        engine.passages.get({ id }, { signal }),
        engine.passages.history({ id }, { signal }),
      ]);
      if (signal.aborted) return;
      this.corrections = corrections;
      if (passage.id !== this.passage?.id) this.caret = null;
      this.passage = passage;
    } catch (error) {
      if (!signal.aborted) this.error = errorText(error);
    }
  }

  move(to: number, extend = false): void {
    const next = Math.max(0, Math.min(to, this.rows.length - 1));
    const waits = to < next ? this.#previous !== null : to > next && this.#next !== null;
    this.#owed = waits ? { by: (this.#owed?.by ?? 0) + to - next, extend } : null;
    if (extend) {
      const [from, until] = [Math.min(this.#anchor, next), Math.max(this.#anchor, next)];
      this.#choose([...this.chosen, ...this.rows.slice(from, until + 1).map((row) => row.id)]);
    } else this.#anchor = next;
    this.active = next;
    if (next > this.rows.length - 40) void this.more();
    if (next < 40) void this.before();
  }
  toggle(index = this.active): void {
    const row = this.rows[index];
    if (row === undefined) return;
    this.#anchor = index;
    const chosen = new Set(this.all ? this.rows.map((one) => one.id) : this.chosen);
    if (!chosen.delete(row.id)) chosen.add(row.id);
    this.#choose(chosen);
  }
  selectAll(): void {
    this.all = this.rows.length > 0;
    this.chosen = new Set();
  }
  clearSelection(): void {
    this.#choose([]);
  }
  clearFilter(): void {
    this.search = '';
    this.language = 'any';
    this.state = 'any';
    this.set = null;
  }
  use({ search = '', languages = [], state, set }: PassageFilter): void {
    this.search = search;
    this.language = languages[0] ?? 'any';
    this.state = state ?? 'any';
    this.set = set ?? null;
  }

  // ── Saved filters ────────────────────────────────────────────────────────
  /** The name of the filter in use, when it is a saved one. */
  get savedName(): string | null {
    const key = (filter: PassageFilter): string =>
      JSON.stringify([filter.search, filter.languages, filter.state, filter.set]);
    return this.saved.find(({ filter }) => key(filter) === key(this.filter))?.name ?? null;
  }
  readSaved(): Promise<void> {
    return this.#keep(engine.passages.filters({}));
  }
  save(name: string, filter: PassageFilter): Promise<void> {
    return this.#keep(engine.passages.saveFilter({ name, filter }));
  }
  removeSaved(name: string): Promise<void> {
    return this.#keep(engine.passages.removeFilter({ name }));
  }
  async #keep(answer: Promise<SavedFilters>): Promise<void> {
    try {
      this.saved = await answer;
    } catch (error) {
      this.error = errorText(error);
    }
  }
  /** Its passages stay. */
  async removeSet(name: string): Promise<void> {
    try {
      await engine.sets.remove({ name });
      if (this.set === name) this.set = null;
      frame.notify(t('sets.removed', { name }));
    } catch (error) {
      this.error = errorText(error);
    }
  }
  #choose(ids: Iterable<string>): void {
    this.all = false;
    this.chosen = new Set(ids);
  }

  /** Whose language a change corrects: the selection, else the passage looked at. */
  get corrected(): PassageFilter | null {
    if (this.selectedCount > 0) return this.selection;
    return this.passage === null ? null : { ids: [this.passage.id] };
  }
  async setLanguage(language: Language): Promise<void> {
    const passages = this.corrected;
    if (passages === null) return;
    await this.#correct(async (signal) => {
      const { changed } = await engine.passages.setLanguage({ passages, language }, { signal });
      frame.notify(t('passages.languageChanged', { count: changed, name: languageInSentence(language) }));
    });
  }
  /** Takes back the person's last correction, or brings it again. */
  async step(which: 'undo' | 'redo'): Promise<void> {
    await this.#correct(async (signal) => {
      const { kind, passages } = await engine.passages[which]({}, { signal });
      if (kind === null) frame.notify(t('passages.nothingCorrected'));
      else frame.notify(t(which === 'undo' ? 'passages.undone' : 'passages.redone', { count: passages }));
    });
  }
  /** A correction of many passages tells how far it is, and can be stopped. */
  async #correct(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const stop = new AbortController();
    const off = onEvent('progress', (payload) => {
      const { of, share } = payload as Progress;
      if (of === 'language' && share < 1) this.correcting = { share, stop };
    });
    try {
      await work(stop.signal);
      await Promise.all([this.read(true), this.look(this.passage?.id ?? null)]);
    } catch (error) {
      this.error = errorText(error);
    } finally {
      off();
      this.correcting = null;
    }
  }

  // ── Sentences ────────────────────────────────────────────────────────────
  startSentences(): void {
    this.caret = this.passage?.sentences[1]?.start ?? this.passage?.sentences[0]?.start ?? null;
  }
  moveCaret(direction: 1 | -1): void {
    if (this.passage === null || this.caret === null) return;
    this.caret = nextWordStart(this.passage, this.caret, direction);
  }
  /** Cuts the sentence at the caret, or joins it with the one before when the caret stands at its start. */
  async cutOrJoin(at = this.caret): Promise<void> {
    const { passage } = this;
    if (passage === null || at === null) return;
    const index = passage.sentences.findIndex((sentence) => sentence.start === at);
    if (index === 0) return;
    if (index > 0) {
      frame.announce(t('passages.sentences.joined', { first: index, second: index + 1 }));
      return this.#setSentences(joinSentence(passage.sentences, index));
    }
    const cut = cutSentence(passage.text, passage.sentences, at);
    if (cut === null) return;
    frame.announce(t('passages.sentences.cutAt', { first: cut.findIndex((sentence) => sentence.start === at) }));
    await this.#setSentences(cut);
  }
  async sentencesByRule(): Promise<void> {
    if (this.passage !== null) await this.#setSentences(splitSentences(this.passage.text, this.passage.language));
  }
  async #setSentences(sentences: readonly Span[]): Promise<void> {
    if (this.passage === null) return;
    try {
      const { id } = this.passage;
      this.passage = await engine.passages.setSentences({ id, sentences: [...sentences] });
      this.corrections = await engine.passages.history({ id });
      frame.savedAt = Date.now();
    } catch (error) {
      this.error = errorText(error);
    }
  }
}
