import type { MetricName, ScoredItem, ScoreTable, TableFormat } from '../../../src-main/shared/contract/evaluation.ts';
import type { Generator } from '../../../src-main/shared/contract/generation.ts';
import type { Job, Language, PassageFilter } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { generatorName } from '../../app/generators.ts';
import { errorText, t } from '../../app/i18n.ts';
import { session } from '../../app/session.svelte.ts';

/** Metrics in the order of the table's columns; the first five stand in it, each can be looked at. */
export const metrics: readonly MetricName[] = [
  'bleu4', 'meteor', 'rougeL', 'chrf', 'copiedShare', 'bleu1', 'bleu2', 'bleu3', 'sacreBleu1', 'sacreBleu2', 'sacreBleu3', 'sacreBleu',
  'rougeLF1', 'distinct1', 'distinct2', 'distinctOutputs', 'selfBleu', 'questionForm', 'endMark',
]; // prettier-ignore
export const columns = metrics.slice(0, 5);

/** Metrics that a single question has. */
export const itemMetrics: readonly MetricName[] = [
  'bleu4', 'meteor', 'rougeL', 'chrf', 'copiedShare', 'rougeLF1', 'selfBleu', 'questionForm', 'endMark',
]; // prettier-ignore

const latinNames: Partial<Record<MetricName, string>> = {
  bleu1: 'BLEU-1',
  bleu2: 'BLEU-2',
  bleu3: 'BLEU-3',
  bleu4: 'BLEU-4',
  sacreBleu1: 'sacreBLEU-1',
  sacreBleu2: 'sacreBLEU-2',
  sacreBleu3: 'sacreBLEU-3',
  sacreBleu: 'sacreBLEU',
  rougeL: 'ROUGE-L',
  rougeLF1: 'ROUGE-L F1',
  meteor: 'METEOR',
  chrf: 'chrF',
  distinct1: 'distinct-1',
  distinct2: 'distinct-2',
};

export function metricLabel(metric: MetricName): string {
  const name = latinNames[metric];
  if (name !== undefined) return name;
  return t(`evaluation.name.${metric as 'selfBleu' | 'copiedShare' | 'questionForm' | 'endMark' | 'distinctOutputs'}`);
}

/** A system as a person reads it: baselines have names of their own in every language. */
export function systemLabel(name: string): string {
  if (name === 'central sentence') return t('evaluation.central');
  return name.startsWith('rules (') ? t('evaluation.rules') : name;
}

/** The one signature of a metric over all systems; null where they differ, so that they do not share a column. */
export function signatureOf(table: ScoreTable, metric: MetricName): string | null {
  const signatures = new Set(
    table.systems.flatMap(({ values }) =>
      values.filter((value) => value.metric === metric).map((one) => one.signature),
    ),
  );
  const [only] = signatures;
  return signatures.size === 1 ? (only ?? null) : null;
}

const page = 50;

/** The chosen run, its tables and the questions under them. */
export class Evaluate {
  run = $state<string | null>(null);
  tables = $state.raw<ScoreTable[]>([]);
  language = $state<Language | null>(null);
  metric = $state<MetricName>('bleu4');
  order = $state<'worst' | 'best'>('worst');
  other = $state<number | null>(null);
  items = $state.raw<ScoredItem[]>([]);
  total = $state(0);
  error = $state<string | null>(null);
  #reading = new AbortController();
  #paging = new AbortController();

  get table(): ScoreTable | null {
    return this.tables.find((one) => one.language === this.language) ?? this.tables[0] ?? null;
  }

  /** Reads a run's tables; a run that is not scored yet has none. */
  async open(id: string): Promise<void> {
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    if (this.run !== id) {
      this.run = id;
      this.tables = [];
      this.items = [];
    }
    await this.#try(async () => {
      const tables = await engine.evaluation.tables({ id }, { signal });
      if (signal.aborted) return;
      this.tables = tables;
      this.language = this.table?.language ?? null;
      if ((this.other ?? 0) >= (this.table?.systems.length ?? 0)) this.other = null;
      await this.readItems();
    }, signal);
  }

  async readItems(more = false): Promise<void> {
    this.#paging.abort();
    const { signal } = (this.#paging = new AbortController());
    const { run, table } = this;
    if (run === null || table === null || !itemMetrics.includes(this.metric)) {
      this.items = [];
      this.total = 0;
      return;
    }
    await this.#try(async () => {
      const answer = await engine.evaluation.items(
        {
          id: run,
          language: table.language,
          other: this.other,
          metric: this.metric,
          order: this.order,
          offset: more ? this.items.length : 0,
          limit: page,
        },
        { signal },
      );
      if (signal.aborted) return;
      this.total = answer.total;
      this.items = more ? [...this.items, ...answer.items] : answer.items;
    }, signal);
  }

  choose(metric: MetricName): void {
    this.metric = metric;
    void this.readItems();
  }

  nextMetric(): void {
    const at = columns.indexOf(this.metric);
    this.choose(columns[(at + 1) % columns.length] ?? 'bleu4');
  }

  nextLanguage(): void {
    const at = this.tables.findIndex((one) => one.language === this.table?.language);
    this.language = this.tables[(at + 1) % this.tables.length]?.language ?? null;
    void this.readItems();
  }

  /** The tables as text; null where it failed. */
  async exported(format: TableFormat): Promise<{ name: string; type: string; text: string } | null> {
    const { run } = this;
    if (run === null) return null;
    try {
      return await engine.evaluation.exported({ id: run, format });
    } catch (error) {
      this.error = errorText(error);
      return null;
    }
  }

  async #try(work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!signal.aborted) this.error = errorText(error);
    }
  }
}

/** The next run as the form holds it. */
export class Draft {
  name = $state('');
  generators = $state.raw<Generator[]>([]);
  available = $state.raw<{ language: Language; passages: number }[]>([]);
  filters = $state.raw<{ name: string; filter: PassageFilter }[]>([]);
  saved = $state(''); // name of a filter
  source = $state('');
  file = $state<string | null>(null);
  languages = $state<Language[]>([]);
  perLanguage = $state<number | string>('');
  profile = $state<'paper' | 'plain'>('paper');
  against = $state<string[]>([]);
  meteorFolder = $state<string | null>(null);
  error = $state<string | null>(null);
  starting = $state(false);
  loaded = $state(false);

  /** What the chosen filter lets through. */
  get passages(): PassageFilter {
    return this.filters.find(({ name }) => name === this.saved)?.filter ?? {};
  }
  get most(): number | null {
    const number = Math.floor(Number(this.perLanguage));
    return number >= 1 ? number : null;
  }
  get count(): number {
    return this.available
      .filter(({ language }) => this.languages.includes(language))
      .reduce((sum, { passages }) => sum + Math.min(passages, this.most ?? passages), 0);
  }
  get ready(): boolean {
    return (
      this.name.trim() !== '' && this.count > 0 && !this.starting && (this.source !== 'file' || this.file !== null)
    );
  }

  async read(): Promise<void> {
    try {
      const [generators, available, filters] = await Promise.all([
        engine.generation.generators({}),
        engine.evaluation.available({ passages: this.passages }),
        engine.passages.filters({}),
      ]);
      const named = new Set(filters.map(({ name }) => name));
      const sets = session.sets.filter(({ name }) => !named.has(name));
      this.filters = [...filters, ...sets.map(({ name }) => ({ name, filter: { set: name } }))];
      this.generators = generators.filter(({ problem }) => problem === null);
      this.available = available;
      this.languages = available.map(({ language }) => language);
      if (this.source === '') this.source = this.generators[0]?.id ?? 'file';
      if (this.name === '') this.name = this.nameOf(this.source) ?? '';
      this.loaded = true;
    } catch (error) {
      this.error = errorText(error);
    }
  }

  /** What a run of this generator is called at first. */
  nameOf(id: string): string | null {
    const found = this.generators.find((one) => one.id === id);
    return found === undefined ? null : generatorName(found.name);
  }

  async start(): Promise<Job | null> {
    if (!this.ready) return null;
    this.starting = true;
    try {
      this.error = null;
      return await engine.evaluation.start({
        name: this.name.trim(),
        passages: { ...this.passages, languages: [...this.languages] },
        perLanguage: this.most,
        source:
          this.source === 'file'
            ? { kind: 'file', path: this.file ?? '' }
            : { kind: 'generator', generator: this.source },
        against: [...this.against],
        profile: this.profile,
        meteorFolder: this.meteorFolder,
      });
    } catch (error) {
      this.error = errorText(error);
      return null;
    } finally {
      this.starting = false;
    }
  }
}

export function save({ name, type, text }: { name: string; type: string; text: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
