import { exportFields } from '../../../shared/contract/exporting.ts';
import type { Lineage } from '../../../shared/contract/types.ts';
import type { ExportItem, ExportQuestion, Settings } from '../items.ts';

/** Turns passages into a file's text piece by piece: `head`, `item` for each, joined by `between`, then `tail`. */
export interface TextWriter {
  extension: string;
  head: string;
  between: string;
  tail: string;
  item(item: ExportItem, split: string): string;
}

/** Whether a field is to be written: one that the format may go without only if it is chosen, or usual and none are. */
export function chooses({ format, fields }: Pick<Settings, 'format' | 'fields'>): (field: string) => boolean {
  const { usual = [], more = [] } = exportFields[format] ?? {};
  const left = new Set([...usual, ...more]);
  for (const field of fields ?? usual) left.delete(field);
  return (field) => !left.has(field);
}

/** A row's chosen fields. */
export function chosen(settings: Settings): (row: object) => object {
  const wanted = chooses(settings);
  return (row) => Object.fromEntries(Object.entries(row).filter(([field]) => wanted(field)));
}

/** JSON lines: one row a question; of the fields that a row may go without, the chosen ones. */
export function lines(
  row: (item: ExportItem, question: ExportQuestion, split: string) => object,
  settings?: Settings,
): TextWriter {
  const pick = settings && exportFields[settings.format] ? chosen(settings) : (whole: object): object => whole;
  const item: TextWriter['item'] = (entry, split) =>
    entry.questions.map((question) => `${JSON.stringify(pick(row(entry, question, split)))}\n`).join('');
  return { extension: 'jsonl', head: '', between: '', tail: '', item };
}

/** One JSON value, written entry by entry: one entry a passage. */
export function list(value: (item: ExportItem) => object, head = '[\n', tail = '\n]\n'): TextWriter {
  return { extension: 'json', head, between: ',\n', tail, item: (entry) => JSON.stringify(value(entry)) };
}

/** Where a question comes from, for formats that have a place for it. */
export function lineageOf({ candidate, status }: ExportQuestion, { lineage }: Settings): object {
  if (!lineage) return {};
  return {
    status,
    original: candidate?.original ?? null,
    decided_by: candidate?.decidedBy ?? null,
    lineage: readLineage(candidate),
  };
}

/** The same in columns of text: what a generator was asked differs from row to row, and a data set's columns may not. */
export function flatLineage(question: ExportQuestion, settings: Settings): object {
  if (!settings.lineage) return {};
  const { candidate } = question;
  return { ...lineageOf(question, settings), lineage: candidate?.lineage ?? null };
}

/** Who wrote a question, in words. */
export function generatorName({ candidate }: ExportQuestion): string {
  return readLineage(candidate)?.generatorName ?? 'reference';
}

function readLineage(candidate: ExportQuestion['candidate']): Lineage | null {
  return candidate?.lineage ? (JSON.parse(candidate.lineage) as Lineage) : null;
}
