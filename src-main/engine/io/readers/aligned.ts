import { why } from '../../../shared/problems.ts';
import { openSource } from '../source.ts';
import type { ReadPassage, Reader } from './entry.ts';

/** Two files of lines, passage and question, as HiQuAD has them; a passage repeated on the next line takes both questions. */
export const readAligned: Reader = async function* (source, options) {
  const file = source.name;
  if (options.questionsPath === undefined) return yield { file, line: null, ...why('problem.noQuestionFile') };
  const questions = await openSource({ path: options.questionsPath }, options.encoding);
  const asked = questions.lines()[Symbol.asyncIterator]();
  const document = file.replace(/\.[^.]*$/u, '') || file;
  let open: ReadPassage[] = []; // the passage whose next line may follow, or none
  let last = 0;
  try {
    for await (const { number, text } of source.lines()) {
      last = number;
      const { value, done } = (await asked.next()) as IteratorResult<{ text: string }, undefined>;
      const passage = text
        .replace(/^\uFEFF/, '')
        .trim()
        .toWellFormed();
      const question = (value?.text ?? '')
        .replace(/^\uFEFF/, '')
        .trim()
        .toWellFormed();
      if (done) yield { file, line: number, ...why('problem.noQuestionLine', { file: questions.name }) };
      else if (passage === '' && question !== '') yield { file, line: number, ...why('problem.questionAlone') };
      if (passage === '') continue;
      if (open[0]?.text !== passage) {
        yield* open;
        open = [{ document, title: '', text: passage, language: null, id: null, line: number, questions: [] }];
      }
      if (question !== '') open[0]?.questions.push({ question, answers: [], id: null });
    }
    yield* open;
    if (!(await asked.next()).done)
      yield { file: questions.name, line: last + 1, ...why('problem.noPassageLine', { file }) };
  } finally {
    await asked.return?.();
  }
};
