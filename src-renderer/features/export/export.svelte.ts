import { exportFields } from '../../../src-main/shared/contract/exporting.ts';
import type { Checked, ExportFormat, ExportSettings } from '../../../src-main/shared/contract/exporting.ts';
import type { Language, Status } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { errorText, t } from '../../app/i18n.ts';
import { languages } from '../../ui/languages.ts';

type Preview = Awaited<ReturnType<(typeof engine)['exporting']['preview']>>;
export type GroupBy = NonNullable<ExportSettings['split']>['by'];
export type SplitChoice = 'none' | GroupBy;

export const formatGroups: { key: 'datasets' | 'training' | 'tools'; formats: ExportFormat[] }[] = [
  { key: 'datasets', formats: ['hf-parquet', 'hf-jsonl', 'squad-v1', 'squad-v2', 'lab', 'lmqg', 'csv'] },
  { key: 'training', formats: ['lalm', 'alpaca', 'sharegpt', 'openai-chat', 'preference'] },
  { key: 'tools', formats: ['label-studio', 'argilla', 'doccano'] },
];
export const formatOrder: ExportFormat[] = formatGroups.flatMap((group) => group.formats);

/** What an export would write, and the job that writes it. */
export class Export {
  format = $state<ExportFormat>('hf-parquet');
  statuses = $state.raw<ReadonlySet<Status>>(new Set<Status>(['accepted', 'edited']));
  languages = $state.raw<ReadonlySet<Language>>(new Set(languages));
  checked = $state<Checked>('any');
  set = $state(''); // by name; empty: all passages
  references = $state(false);
  lineage = $state(true);
  neutralise = $state(false);
  /** Fields of any format that are chosen otherwise than usual. */
  turned = $state.raw<ReadonlySet<string>>(new Set());
  split = $state<SplitChoice>('cluster');
  sizes = $state<'shares' | 'counts'>('shares');
  train = $state(80);
  dev = $state(10);
  test = $state(10);
  trainCount = $state(180_000); // LAB's
  devCount = $state(20_000);
  seed = $state(1);
  shownSplit = $state('train');
  shownAs = $state<'table' | 'file'>('table');
  preview = $state.raw<Preview | null>(null);
  reading = $state(false);
  error = $state<string | null>(null);
  jobId = $state<string | null>(null);
  folder = $state<string | null>(null);
  #reading = new AbortController();

  get settings(): Omit<ExportSettings, 'folder'> {
    return {
      format: this.format,
      statuses: [...this.statuses],
      checked: this.checked,
      ...(this.languages.size === 5 ? {} : { languages: [...this.languages] }),
      ...(this.set === '' ? {} : { set: this.set }),
      includeReferences: this.references,
      lineage: this.lineage,
      neutraliseFormulas: this.neutralise,
      ...(this.fields.some(({ usual, chosen }) => usual !== chosen)
        ? { fields: this.fields.filter(({ chosen }) => chosen).map(({ name }) => name) }
        : {}),
      split:
        this.split === 'none' ? null : { by: this.split, seed: Math.round(Number(this.seed) || 0), ...this.#sizes() },
    };
  }
  /** Shares of one, or counts of questions, of which the test split gets the rest. */
  #sizes(): { train: number; dev: number; test: number } {
    const whole = (value: number): number => Math.max(0, Math.round(Number(value)) || 0);
    // Numbers up to one would be read as shares.
    if (this.sizes === 'counts')
      return { train: Math.max(2, whole(this.trainCount)), dev: whole(this.devCount), test: 0 };
    const parts = [this.train, this.dev, this.test].map((part) => Math.max(0, Number(part) || 0));
    const sum = parts.reduce((total, part) => total + part, 0);
    const [train = 1, dev = 0, test = 0] = sum === 0 ? [1, 0, 0] : parts.map((part) => part / sum);
    return { train, dev, test };
  }
  /** What the format may go without. */
  get fields(): { name: string; usual: boolean; chosen: boolean }[] {
    const { usual = [], more = [] } = exportFields[this.format] ?? {};
    const of = (usually: boolean) => (name: string) => ({
      name,
      usual: usually,
      chosen: usually !== this.turned.has(name),
    });
    return [...usual.map(of(true)), ...more.map(of(false))];
  }
  turn(field: string): void {
    const next = new Set(this.turned);
    if (!next.delete(field)) next.add(field);
    this.turned = next;
  }
  get leaks(): boolean {
    return (this.preview?.leakage.shared ?? 0) > 0;
  }
  get ready(): boolean {
    return this.preview !== null && !this.reading && this.preview.rows > 0 && !this.leaks;
  }

  /** The first rows of the next split that has any. */
  showNextSplit(): void {
    const names = this.preview?.splits.filter(({ questions }) => questions > 0).map(({ name }) => name) ?? [];
    this.shownSplit = names[(names.indexOf(this.shownSplit) + 1) % Math.max(1, names.length)] ?? 'train';
  }

  toggleStatus(status: Status): void {
    const next = new Set(this.statuses);
    if (!next.delete(status)) next.add(status);
    this.statuses = next;
  }
  toggleLanguage(language: Language): void {
    const next = new Set(this.languages);
    if (!next.delete(language)) next.add(language);
    if (next.size > 0) this.languages = next;
  }
  step(by: number): void {
    const at = formatOrder.indexOf(this.format) + by;
    this.format = formatOrder[Math.max(0, Math.min(at, formatOrder.length - 1))] ?? this.format;
  }

  async read(): Promise<void> {
    this.#reading.abort();
    const { signal } = (this.#reading = new AbortController());
    this.reading = true;
    try {
      const preview = await engine.exporting.preview(this.settings, { signal });
      if (signal.aborted) return;
      this.preview = preview;
      this.error = null;
    } catch (error) {
      if (!signal.aborted) this.error = errorText(error);
    } finally {
      if (!signal.aborted) this.reading = false;
    }
  }

  async write(): Promise<void> {
    if (!this.ready) return;
    const [folder] = (await window.asklabDesktop?.openFileDialog({ kind: 'folder' })) ?? [];
    if (folder === undefined) return;
    try {
      const job = await engine.exporting.start({ ...this.settings, folder });
      this.jobId = job.id;
      this.folder = folder;
      this.error = null;
    } catch (error) {
      this.error = errorText(error);
    }
  }
}

export function splitName(name: string): string {
  if (name === 'validation') return t('export.dev');
  return name === 'train' || name === 'test' ? t(`export.${name}`) : name;
}
