import type { Problem } from '../../../shared/contract/types.ts';
import { why } from '../../../shared/problems.ts';
import type { Source } from '../source.ts';
import { faultOf, type Row } from './entry.ts';

/** One JSON object a line. */
export async function* jsonlRows(source: Source): AsyncGenerator<Row | Problem> {
  for await (const { number, text } of source.lines()) {
    const line = number === 1 ? text.replace(/^\uFEFF/, '') : text;
    if (line.trim() === '') continue;
    yield parseLine(source.name, number, line);
  }
}

function parseLine(file: string, line: number, text: string): Row | Problem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { file, line, ...why('problem.notJsonAt', { at: faultOf(error, text) }) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { file, line, ...why('problem.noObject') };
  return { line, entry: null, values: value as Record<string, unknown> };
}
