import { mkdirSync, rmSync } from 'node:fs';
import type { ExportSettings } from '../../shared/contract/exporting.ts';
import { AsklabError } from '../../shared/errors.ts';
import { systemCode, told } from '../../shared/told.ts';
import type { Project } from '../store/project.ts';
import { evidenceOf } from '../store/sets.ts';
import { exportItems, type ExportItem, type Settings } from './items.ts';
import { OutputFile, syncFolder } from './output.ts';
import { emptySplit, SplitPlanner, type NearLinks, type SplitPlan } from './split.ts';
import { sideFiles, textWriters } from './writers/formats.ts';
import { ParquetRows } from './writers/parquet.ts';

export interface Exported {
  files: string[];
  rows: number;
  passages: number;
}

export interface ExportSteps {
  checkpoint?: () => Promise<void>;
  /** Passages written, and how many there will be: known with a plan, else by how far in the project the last one stands. */
  progress?: (done: number, total: number) => void;
}

const itemsPerTurn = 50;

/** Finds what would go out and deals it to splits; `each` sees every item, without it no text is read. */
export async function planExport(
  project: Project,
  settings: Settings,
  { checkpoint }: ExportSteps,
  each?: (item: ExportItem) => void,
  leftOut: () => void = () => undefined,
): Promise<SplitPlan> {
  const planner = new SplitPlanner(settings.split, (row) => project.passageText(row));
  let seen = 0;
  for (const item of exportItems(project, settings, leftOut, each !== undefined)) {
    planner.add(item);
    each?.(item);
    if ((seen += 1) % itemsPerTurn === 0) await checkpoint?.();
  }
  return settings.split ? planner.finish(await nearLinks(project, planner, checkpoint)) : planner.finish();
}

const found = new WeakMap<Project, { key: string; near: NearLinks }>();

/** Searched once for the same passages: another share, seed or grouping asks for nothing new. */
async function nearLinks(
  project: Project,
  planner: SplitPlanner,
  checkpoint: ExportSteps['checkpoint'],
): Promise<NearLinks> {
  const key = planner.key();
  const known = found.get(project);
  if (known?.key === key) return known.near;
  const search = planner.search(project.prints());
  let next = search.next();
  for (let seen = 1; next.done !== true; seen += 1, next = search.next())
    if (seen % itemsPerTurn === 0) await checkpoint?.();
  found.set(project, { key, near: next.value });
  return next.value;
}

/**
 * Writes one file per split, what the format has beside them, and `manifest.json`, under other names first and renamed
 * at the end, the manifest last: what was there before stays until the new is whole. The same project and settings give the same bytes;
 * what is decided after the start is not in it. Errors: 'leakage', 'write-failed', 'disk-full'.
 */
export async function exportProject(
  project: Project,
  settings: ExportSettings,
  steps: ExportSteps = {},
): Promise<Exported> {
  const { folder, ...portable } = settings;
  // One file needs no plan: what is in it is known at the end.
  const plan = portable.split ? await planExport(project, portable, steps) : null;
  if (plan && plan.shared.length > 0) {
    throw told('error.leakage.near-copies', { count: plan.shared.length });
  }
  const files: OutputFile[] = [];
  const add = (name: string): OutputFile => {
    const file = new OutputFile(folder, name);
    files.push(file);
    return file;
  };
  try {
    mkdirSync(folder, { recursive: true });
    const { splits, languages } = await writeData(project, portable, plan, add, steps);
    if (splits.every((split) => split.questions === 0)) throw nothingToExport();
    for (const { name, text } of sideFiles(portable, splits, languages)) add(name).write(text);
    const contents = files.map((file) => file.close());
    const manifest = {
      format: 'asklab-export',
      version: 1,
      settings: portable,
      ...(portable.set === undefined ? {} : { set: evidenceOf(project, portable.set) }),
      splits,
      ...(plan ? { leakage: { shared: plan.shared.length, notCompared: plan.notCompared } } : {}),
      files: contents,
    };
    const last = add('manifest.json');
    last.write(`${JSON.stringify(manifest, null, 2)}\n`);
    last.close();
    // A crash among the renames leaves no manifest, so that old and new files never look like one export.
    rmSync(last.path, { force: true });
    syncFolder(folder);
    for (const file of files) file.settle();
    syncFolder(folder);
    const sum = (key: 'questions' | 'passages'): number => splits.reduce((total, split) => total + split[key], 0);
    return { files: files.map((file) => file.path), rows: sum('questions'), passages: sum('passages') };
  } catch (error) {
    for (const file of files) file.discard();
    throw explained(error, folder);
  }
}

interface Sink {
  item(item: ExportItem): void;
  end(): void;
}

async function writeData(
  project: Project,
  settings: Settings,
  plan: SplitPlan | null,
  add: (name: string) => OutputFile,
  { checkpoint, progress }: ExportSteps,
): Promise<{ splits: SplitPlan['splits']; languages: string[] }> {
  const whole = emptySplit('train');
  const splits = (plan?.splits ?? [whole]).map(({ name, groups }) => ({ ...emptySplit(name), groups }));
  const languages = new Set<string>();
  const sinks = new Map(splits.map((count) => [count.name, { count, sink: sinkFor(settings, count.name, add) }]));
  let done = 0;
  const planned = plan?.splits.reduce((sum, split) => sum + split.passages, 0);
  const last = project.lastPassage();
  for (const item of exportItems(project, settings)) {
    const target = sinks.get(plan ? (plan.splitOf(item.passage.row) ?? '') : whole.name);
    if (!target) continue;
    target.sink.item(item);
    target.count.questions += item.questions.length;
    target.count.passages += 1;
    if (!plan) target.count.groups += 1;
    const { language } = item.passage;
    target.count.languages[language] = (target.count.languages[language] ?? 0) + item.questions.length;
    languages.add(language);
    done += 1;
    progress?.(done, planned ?? Math.round((done * last) / item.passage.row));
    if (done % itemsPerTurn === 0) await checkpoint?.();
  }
  for (const { sink } of sinks.values()) sink.end();
  return { splits, languages: [...languages].sort() };
}

function sinkFor(settings: Settings, split: string, add: (name: string) => OutputFile): Sink {
  if (settings.format === 'hf-parquet') {
    const file = add(`${split}-00000-of-00001.parquet`);
    const rows = new ParquetRows(settings, (bytes) => file.write(bytes));
    return { item: (item) => rows.item(item), end: () => rows.finish() };
  }
  const writer = textWriters[settings.format](settings);
  const file = add(`${split}.${writer.extension}`);
  file.write(writer.head);
  let between = '';
  return {
    item(item) {
      file.write(between + writer.item(item, split));
      between = writer.between;
    },
    end: () => file.write(writer.tail),
  };
}

export function nothingToExport(): AsklabError {
  return told('error.invalid-input.nothing-to-export');
}

function explained(error: unknown, folder: string): unknown {
  if (!(error instanceof Error) || error instanceof AsklabError || !('code' in error)) return error;
  const kept = 'What was there before is untouched.';
  if (error.code === 'ENOSPC')
    return new AsklabError('disk-full', `The disk is full. ${kept} Free some space or choose another folder.`);
  const { path } = error as { path?: string };
  return told('error.write-failed.file', { path: path ?? folder, why: systemCode(error) });
}
