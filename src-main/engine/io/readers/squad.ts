import { z } from 'zod';
import type { Problem } from '../../../shared/contract/types.ts';
import { why } from '../../../shared/problems.ts';
import type { Source } from '../source.ts';
import { faultOf, type Reader, type ReadQuestion } from './entry.ts';
import { answersOf, ownId } from './rows.ts';

const article = z.object({ title: z.string().catch(''), paragraphs: z.array(z.unknown()) });
const paragraph = z.object({ context: z.string().min(1), qas: z.array(z.unknown()).default([]) });
const question = z.object({
  id: ownId,
  question: z.string().min(1),
  answers: z.unknown(),
  is_impossible: z.boolean().catch(false),
});

/** SQuAD v1.1 and v2.0; other keys and any kind of version are let through. A bad paragraph or question is a problem of its own. */
export const readSquad: Reader = async function* (source) {
  const file = await parseWhole(source, z.object({ data: z.array(z.unknown()) }), '{"data": [{"paragraphs": …}]}');
  if ('reason' in file) return yield file;
  for (const [index, entry] of file.data.entries()) {
    source.share = (index + 1) / file.data.length;
    const found = article.safeParse(entry);
    if (!found.success) {
      yield wrong(source, `data[${index}]`, found.error);
      continue;
    }
    const title = found.data.title.toWellFormed();
    for (const [position, part] of found.data.paragraphs.entries()) {
      const place = `data[${index}].paragraphs[${position}]`;
      const read = paragraph.safeParse(part);
      if (!read.success) {
        yield wrong(source, place, read.error);
        continue;
      }
      const questions: ReadQuestion[] = [];
      for (const [number, item] of read.data.qas.entries()) {
        const asked = question.safeParse(item);
        if (!asked.success) {
          yield wrong(source, `${place}.qas[${number}]`, asked.error);
          continue;
        }
        const { id, answers, is_impossible: impossible } = asked.data;
        questions.push({
          question: asked.data.question.toWellFormed(),
          answers: answersOf(answers, null),
          impossible,
          id,
        });
      }
      const text = read.data.context.toWellFormed();
      yield { document: title || source.name, title, text, language: null, id: null, line: null, place, questions };
    }
  }
};

function wrong(source: Source, place: string, error: z.ZodError): Problem {
  const issue = error.issues[0];
  const at = [place, ...(issue?.path ?? [])].join('.');
  return { file: source.name, line: null, place, ...why('problem.part', { place: at, error: issue?.message ?? '' }) };
}

/** The whole file as one JSON value of this shape, or why not. */
export async function parseWhole<Schema extends z.ZodType<object>>(
  source: Source,
  schema: Schema,
  shape: string,
): Promise<z.output<Schema> | Problem> {
  const problem = (reason: ReturnType<typeof why>): Problem => ({ file: source.name, line: null, ...reason });
  const text = (await source.whole()).replace(/^\uFEFF/, '');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return problem(why('problem.invalidJsonAt', { at: faultOf(error, text) }));
  }
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : problem(why('problem.shape', { shape }));
}
