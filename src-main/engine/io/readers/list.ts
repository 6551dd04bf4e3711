import { z } from 'zod';
import type { Problem } from '../../../shared/contract/types.ts';
import { why } from '../../../shared/problems.ts';
import type { Source } from '../source.ts';
import { isProblem, type Row } from './entry.ts';
import { parseWhole } from './squad.ts';

/** LAB: a JSON list of `{title, content, questions}`; any list of objects reads the same way. */
export async function* listRows(source: Source): AsyncGenerator<Row | Problem> {
  const list = await parseWhole(source, z.array(z.unknown()), '[{"title": …, "content": …, "questions": […]}]');
  if (isProblem(list)) return yield list;
  for (const [index, value] of list.entries()) {
    source.share = (index + 1) / list.length;
    const entry = index + 1;
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      yield { line: null, entry, values: value as Record<string, unknown> };
    else yield { file: source.name, line: null, place: `#${entry}`, ...why('problem.entry.noObject', { entry }) };
  }
}
