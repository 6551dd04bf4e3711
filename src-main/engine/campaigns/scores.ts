import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { z } from 'zod';
import { language } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';

const count = z.coerce.number().int().nonnegative();

/**
 * One score. A question that two systems wrote alike is scored once and stands under both names. A row without a rater says
 * that the system has no question for the passage, which counts as 0.
 */
export const scoreRow = z.object({
  campaign: z.string(),
  language,
  passage: z.string(),
  title: z.string(),
  words: count, // of the passage
  item: z.string(),
  question: z.string(),
  system: z.string(),
  human: z
    .enum(['0', '1'])
    .transform((value) => value === '1')
    .or(z.boolean()),
  criterion: z.string(),
  rater: z.string(),
  position: count, // in the rater's own order
  repeat: count, // 0 the first time, 1 when shown again
  score: count.max(2),
  seconds: z.coerce.number().nonnegative(),
  comment: z.string(),
});
export type ScoreRow = z.infer<typeof scoreRow>;

const columns = Object.keys(scoreRow.shape) as (keyof ScoreRow)[];

/** Scores as RFC 4180 CSV, one a line, with everything that a report needs. */
export function writeScores(rows: readonly ScoreRow[]): string {
  return stringify(
    rows.map((row) => columns.map((column) => (column === 'human' ? Number(row.human) : row[column]))),
    { header: true, columns },
  );
}

/** Reads what `writeScores` wrote; more columns are ignored. Errors: 'invalid-input' with line and remedy. */
export function readScores(text: string, file: string): ScoreRow[] {
  let records: { record: Record<string, string>; info: { lines: number } }[];
  try {
    // A field may hold line breaks, so the line of a row is the parser's to tell.
    records = parse(text, {
      columns: true,
      bom: true,
      info: true,
      skip_empty_lines: true,
    }) as unknown as typeof records;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new AsklabError('invalid-input', `${file} is not CSV: ${reason}. Give the scores.csv that Asklab exported.`);
  }
  if (records.length === 0)
    throw new AsklabError('invalid-input', `${file} holds no scores. Give the scores.csv that Asklab exported.`);
  const missing = columns.filter((column) => !(column in (records[0]?.record ?? {})));
  if (missing.length > 0)
    throw new AsklabError(
      'invalid-input',
      `${file} lacks the column ${missing.join(', ')}. Give the scores.csv that Asklab exported.`,
    );
  return records.map(({ record, info }) => {
    const parsed = scoreRow.safeParse(record);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    throw new AsklabError(
      'invalid-input',
      `${file}:${info.lines}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}. Correct the line, or export the scores again.`,
    );
  });
}
