import type { engine as Engine } from '../../app/client.ts';
import { engine } from '../../app/client.ts';
import { errorText, t } from '../../app/i18n.ts';
import { problemRows } from '../../app/problemRows.ts';
import { toCsv } from '../../app/save.ts';
import type { Job, Language, Passage } from '../../../src-main/shared/contract/types.ts';

type Inspect = (typeof Engine)['importing']['inspect'];
type Input = Parameters<Inspect>[0];
type Options = NonNullable<Input['options']>;
export type Source = Input['source'];
export type Inspected = Awaited<ReturnType<Inspect>>;
export type Format = Inspected['format'];
export type Role = Inspected['columns'][number]['role'];
export type QuestionsAs = NonNullable<Options['questionsAs']>;
export type SplitMode = NonNullable<Options['splitter']>['mode'];

export const formats: readonly Format[] = [
  'text',
  'markdown',
  'jsonl',
  'csv',
  'tsv',
  'squad',
  'parquet',
  'lab',
  'aligned',
];
export const encodings = ['UTF-8', 'UTF-16LE', 'windows-1252', 'GB18030', 'EUC-KR', 'ISO-8859-1'] as const;
export const roles: readonly Role[] = [
  'text',
  'title',
  'document',
  'language',
  'id',
  'question',
  'answer',
  'answerStart',
  'ignore',
];

export const sourceName = (source: Source): string =>
  'path' in source ? (source.path.split(/[\\/]/).at(-1) ?? source.path) : source.title;

/** What reading a file in one way gave. */
interface Reading {
  options: string;
  found: Inspected | null;
  error: string | null;
}

/** What is to be imported, how it is read, and what reading it would give. Nothing is written before `start`. */
export class Import {
  sources = $state.raw<Source[]>([]);
  shown = $state(0);
  format = $state<Format | 'found'>('found');
  encoding = $state<string>('found');
  language = $state<Language | 'found'>('found');
  questionsAs = $state<QuestionsAs>('references');
  questionsPath = $state<string | null>(null);
  splitMode = $state<SplitMode>('blank-line');
  minimum = $state(20);
  maximum = $state(4000);
  columns = $state.raw<Record<string, Role>>({});
  readings = $state.raw<ReadonlyMap<Source, Reading>>(new Map());
  error = $state<string | null>(null);
  jobId = $state<string | null>(null);
  #inspecting = new AbortController();

  get source(): Source | null {
    return this.sources[this.shown] ?? null;
  }
  get options(): Options {
    return {
      ...(this.format === 'found' ? {} : { format: this.format }),
      ...(this.encoding === 'found' ? {} : { encoding: this.encoding }),
      ...(this.language === 'found' ? {} : { language: this.language }),
      ...(Object.keys(this.columns).length === 0 ? {} : { columns: this.columns }),
      ...(this.questionsPath === null ? {} : { questionsPath: this.questionsPath }),
      questionsAs: this.questionsAs,
      splitter: {
        mode: this.splitMode,
        minimum: Math.max(0, Math.round(Number(this.minimum) || 0)),
        maximum: Math.max(50, Math.round(Number(this.maximum) || 50)),
      },
    };
  }
  /** The file shown, as it was read last; it stays while it is read in another way. */
  get inspected(): Inspected | null {
    return this.#of(this.source)?.found ?? null;
  }
  get unreadable(): string | null {
    return this.#of(this.source)?.error ?? null;
  }
  get reading(): boolean {
    return this.source !== null && !this.#isRead(this.source);
  }
  /** All files as they would go in, a passage that stands in two of them once; null: not counted, since one is large. */
  get totals(): { passages: number | null; questions: number | null; problems: number; known: number; failed: number } {
    const found = this.sources.map((source) => this.#of(source)?.found ?? null).filter((one) => one !== null);
    const sum = (of: (one: Inspected) => number | null): number | null =>
      found.reduce<number | null>((all, one) => (all === null || of(one) === null ? null : all + (of(one) ?? 0)), 0);
    const different = (of: (one: Inspected) => number[]): number => new Set(found.flatMap(of)).size;
    return {
      passages: found.some((one) => one.passages === null) ? null : different((one) => one.keys),
      questions: sum((one) => one.questions),
      problems: sum((one) => one.problems.length) ?? 0,
      known: different((one) => one.known),
      failed: this.sources.filter((source) => (this.#of(source)?.error ?? null) !== null).length,
    };
  }
  #of(source: Source | null): Reading | undefined {
    return source === null ? undefined : this.readings.get(source);
  }
  #isRead(source: Source): boolean {
    return this.#of(source)?.options === JSON.stringify(this.options);
  }
  get splits(): boolean {
    const format = this.inspected?.format;
    return format === 'text' || format === 'markdown';
  }
  get hasQuestions(): boolean {
    return (this.inspected?.questions ?? 0) > 0 || this.inspected?.format === 'aligned';
  }
  get ready(): boolean {
    const { passages, failed } = this.totals;
    return this.sources.length > 0 && this.sources.every((one) => this.#isRead(one)) && failed === 0 && passages !== 0;
  }

  add(sources: readonly Source[]): void {
    if (sources.length === 0) return;
    const fresh = this.jobId !== null;
    this.sources = fresh ? [...sources] : [...this.sources, ...sources];
    this.shown = fresh ? 0 : this.sources.length - sources.length;
    this.jobId = null;
    this.columns = {};
  }
  remove(index: number): void {
    this.sources = this.sources.filter((_, at) => at !== index);
    this.shown = Math.max(0, Math.min(this.shown, this.sources.length - 1));
  }
  setRole(name: string, role: Role): void {
    const found = Object.fromEntries((this.inspected?.columns ?? []).map((column) => [column.name, column.role]));
    // One column a role: the one that had it gives it up.
    const others = Object.entries({ ...found, ...this.columns }).map(
      ([other, had]) => [other, had === role && role !== 'ignore' ? 'ignore' : had] as const,
    );
    this.columns = { ...Object.fromEntries(others), [name]: role };
  }

  /** Reads every file that was not yet read this way, the one shown first. */
  async inspect(): Promise<void> {
    this.#inspecting.abort();
    const { signal } = (this.#inspecting = new AbortController());
    const { source: first, options } = this;
    for (const source of [...this.sources].sort((left, right) => Number(right === first) - Number(left === first))) {
      if (this.#isRead(source)) continue;
      const answer = await engine.importing.inspect({ source, options }, { signal }).then(
        (found) => ({ found, error: null }),
        (error: unknown) => ({ found: null, error: errorText(error) }),
      );
      if (signal.aborted) return;
      this.readings = new Map(this.readings).set(source, { options: JSON.stringify(options), ...answer });
      if (source === first && answer.found !== null) this.#guess(answer.found);
    }
  }

  /** No column is named like a passage or a question: the longest texts, and what ends as questions do, are proposed. */
  #guess({ columns, passages }: Inspected): void {
    if (Object.keys(this.columns).length > 0) return;
    const free = columns.filter(({ role, examples }) => role === 'ignore' && examples.length > 0);
    const named = (role: Role): boolean => columns.some((one) => one.role === role);
    const asks = free.find(({ examples }) => examples.every((text) => /[?？]\s*$/u.test(text)));
    const length = (column: Inspected['columns'][number]): number => column.examples.join('').length;
    const longest = [...free].sort((left, right) => length(right) - length(left))[0];
    if (passages === 0 && !named('text') && longest !== undefined && length(longest) > 0)
      this.setRole(longest.name, 'text');
    if (!named('question') && asks !== undefined && asks !== longest) this.setRole(asks.name, 'question');
  }

  async start(): Promise<void> {
    if (!this.ready) return;
    try {
      const job = await engine.importing.start({ sources: this.sources, options: this.options });
      this.jobId = job.id;
      this.error = null;
    } catch (error) {
      this.error = errorText(error);
    }
  }
}

export interface Pair {
  left: string;
  right: string;
  similarity: number;
}

type Figure = 'passages' | 'references' | 'candidates' | 'duplicates' | 'near' | 'notCompared';

/** What a finished import added and found; zero where the job does not say. */
export function figuresOf(job: Job): Record<Figure, number> {
  const figure = (name: string): number => {
    const value = job.result?.[name];
    return typeof value === 'number' ? value : 0;
  };
  return {
    passages: figure('passages'),
    references: figure('references'),
    candidates: figure('candidates'),
    duplicates: figure('duplicates'),
    near: figure('nearDuplicates'),
    notCompared: figure('notCompared'),
  };
}

/** The first pairs of copies and near copies, by passage id. */
export function pairsOf(job: Job): Pair[] {
  const pairs = job.result?.['pairs'];
  return Array.isArray(pairs) ? (pairs as Pair[]) : [];
}

export async function namedPairs(
  pairs: readonly Pair[],
): Promise<{ left: Passage; right: Passage; similarity: number }[]> {
  return Promise.all(
    pairs.map(async ({ left, right, similarity }) => ({
      left: await engine.passages.get({ id: left }),
      right: await engine.passages.get({ id: right }),
      similarity,
    })),
  );
}

/** The left-out rows and the pairs of a finished import as CSV. */
export async function report(job: Job): Promise<string> {
  const problems = await problemRows(job);
  const pairs = await namedPairs(pairsOf(job));
  const { duplicates, near } = figuresOf(job);
  const left = duplicates + near - pairs.length;
  return toCsv([
    ['kind', 'file', 'line', 'reason', 'passage', 'other passage', 'similarity'],
    ...problems.map((row) => ['problem', ...row, null, null, null]),
    ...pairs.map(({ left, right, similarity }) => [
      similarity === 1 ? 'copy' : 'near copy',
      null,
      null,
      null,
      left.title,
      right.title,
      similarity,
    ]),
    ...(left > 0 && pairs.length > 0
      ? [['copy', null, null, t('import.pairsLeftOut', { count: left }), null, null, null]]
      : []),
  ]);
}
