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

/** JSON lines: one row a question. */
export function lines(row: (item: ExportItem, question: ExportQuestion, split: string) => object): TextWriter {
  const item: TextWriter['item'] = (entry, split) =>
    entry.questions.map((question) => `${JSON.stringify(row(entry, question, split))}\n`).join('');
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

/** Who wrote a question, in words. */
export function generatorName({ candidate }: ExportQuestion): string {
  return readLineage(candidate)?.generatorName ?? 'reference';
}

function readLineage(candidate: ExportQuestion['candidate']): Lineage | null {
  return candidate?.lineage ? (JSON.parse(candidate.lineage) as Lineage) : null;
}
