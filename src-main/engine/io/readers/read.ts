import type { Problem } from '../../../shared/contract/types.ts';
import { AsklabError } from '../../../shared/errors.ts';
import type { Source } from '../source.ts';
import { readAligned } from './aligned.ts';
import type { ImportFormat, ImportOptions, Read, Reader, Row } from './entry.ts';
import { jsonlRows } from './jsonl.ts';
import { listRows } from './list.ts';
import { parquetRows } from './parquet.ts';
import { fromRows } from './rows.ts';
import { readSquad } from './squad.ts';
import { tableRows } from './table.ts';
import { readText } from './text.ts';

/** Formats whose rows have columns with roles. */
export const rowReaders: Partial<Record<ImportFormat, (source: Source) => AsyncGenerator<Row | Problem>>> = {
  jsonl: jsonlRows,
  csv: tableRows(','),
  tsv: tableRows('\t'),
  lab: listRows,
  parquet: parquetRows,
};

const readers: Record<ImportFormat, Reader> = {
  text: readText(false),
  markdown: readText(true),
  jsonl: fromRows(jsonlRows),
  csv: fromRows(tableRows(',')),
  tsv: fromRows(tableRows('\t')),
  lab: fromRows(listRows),
  parquet: fromRows(parquetRows),
  squad: readSquad,
  aligned: readAligned,
};

/** Everything a source holds, good rows and bad ones, in order. Error: 'file-unreadable'. */
export function read(source: Source, format: ImportFormat, options: ImportOptions): AsyncIterable<Read> {
  return readers[format](source, options);
}

/** What the content looks like; the name's ending decides where content does not. Error: 'format-unknown'. */
export function detectFormat({ name, head }: Source, options: ImportOptions): ImportFormat {
  if (options.format !== undefined) return options.format;
  if (options.questionsPath !== undefined) return 'aligned';
  if (head.startsWith('PAR1')) return 'parquet';
  if (head.slice(0, 4096).includes('\0'))
    throw new AsklabError(
      'format-unknown',
      `${name} is neither text nor Parquet. Choose a text, Markdown, CSV, JSON or Parquet file.`,
      { name },
    );
  const ending = /\.([a-z]+)$/iu.exec(name)?.[1]?.toLowerCase() ?? '';
  if (ending === 'jsonl' || ending === 'ndjson') return 'jsonl';
  if (ending === 'csv' || ending === 'tsv') return ending;
  if (ending === 'md' || ending === 'markdown') return 'markdown';
  const start = head.replace(/^\uFEFF/, '').trimStart();
  if (start.startsWith('{')) return isObjectLine(start) ? 'jsonl' : 'squad';
  if (/^\[\s*(\{|\])/u.test(start)) return 'lab';
  return 'text';
}

/** Whether the first line is an object of its own, and no whole SQuAD file. */
function isObjectLine(start: string): boolean {
  const line = start.slice(0, start.search(/\r?\n|$/u));
  try {
    return !Array.isArray((JSON.parse(line) as { data?: unknown }).data);
  } catch {
    return line.length > 1 && !/"(data|paragraphs|version)"\s*:/u.test(start.slice(0, 4096)) && /^\{\s*"/u.test(line);
  }
}
