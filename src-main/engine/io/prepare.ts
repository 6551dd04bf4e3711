import type { Language, Passage, Problem, Span } from '../../shared/contract/types.ts';
import { why } from '../../shared/problems.ts';
import type { Print } from '../../shared/text/fingerprint.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { utf16ToCodePoint, verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { countWords } from '../../shared/text/words.ts';
import { givenText } from '../store/given.ts';
import { candidateRow, documentIdOf, givenLineage, passageRow, referenceRow } from '../store/new-rows.ts';
import type { CandidateRow, NewReference, PassageRow, ReferenceRow } from '../store/new-rows.ts';
import { ownSignals } from './signals.ts';
import { isProblem, type ImportOptions, type Read, type ReadAnswer, type ReadPassage } from './readers/entry.ts';

/** A passage with all that can be said of it without the project. */
export interface Prepared {
  document: string;
  passage: PassageRow;
  candidates: CandidateRow[]; // `duplicateOf` in their signals is left open
  references: ReferenceRow[];
  problems: Problem[];
}

/**
 * The part of an import that takes no database, and half of its time. A text whose language is not clear is taken for the
 * `usual` one of its file. The text's print goes where `print` is.
 */
export function prepare(
  entry: Read,
  file: string,
  encoding: string,
  options: Pick<ImportOptions, 'language' | 'questionsAs'>,
  usual: Language = 'en',
  print?: Print,
): Prepared | Problem {
  if (isProblem(entry)) return entry;
  const { document, text, title } = entry;
  const told = options.language ?? entry.language ?? detectLanguage(text).language;
  const language = told ?? usual;
  const problems: Problem[] = [];
  const problem = (reason: ReturnType<typeof why>): void => void problems.push({ ...placeOf(file, entry), ...reason });
  if (told === null) problem(why('problem.unclearLanguage', { language }));
  if (text.includes('\uFFFD')) problem(why('problem.encoding', { encoding }));
  const documentId = documentIdOf(document, document);
  const [sentences, words] = [splitSentences(text, language), countWords(text, language)];
  const passage = passageRow(
    { documentId, position: 0, text, title, language, sentences, words, externalId: entry.id },
    print,
  );
  const asked = options.questionsAs === 'none' ? [] : entry.questions;
  const asCandidates = options.questionsAs === 'candidates';
  const questions = asked.map(({ question, answers, impossible = false, id }) => {
    const spans = answers.map((answer) => place(text, question, answer, problem)).filter((span) => span !== null);
    const [answer = null, ...others] = spans;
    const own = asCandidates && id !== null ? { id } : {};
    const given = givenText({ ...own, answers: others, ...(impossible && answer === null ? { impossible } : {}) });
    return { passageId: passage.id, question, answer, externalId: id, given };
  });
  return {
    document,
    passage,
    candidates: asCandidates ? questions.map((one) => candidateOf({ text, language }, one, file)) : [],
    references: asCandidates ? [] : questions.map(referenceRow),
    problems,
  };
}

function candidateOf(
  passage: Pick<Passage, 'text' | 'language'>,
  { passageId, question, answer, given = null }: NewReference,
  file: string,
): CandidateRow {
  return candidateRow(
    {
      passageId,
      original: question,
      focus: null,
      sentence: null,
      answer,
      score: null,
      signals: { ...ownSignals(passage, question), duplicateOf: null },
      lineage: givenLineage(`import:${file}`, file, question),
      asideReasons: [],
      given,
    },
    passage.language,
  );
}

/** The file with the line, or what stands for it where there are none. */
function placeOf(file: string, { line, place }: ReadPassage): Pick<Problem, 'file' | 'line' | 'place'> {
  return { file, line, ...(place === undefined ? {} : { place }) };
}

/**
 * Where the answer stands: offsets as code points first, then as UTF-16 units, then the nearest place, which is told when
 * the file named another.
 */
function place(
  text: string,
  question: string,
  answer: ReadAnswer,
  problem: (reason: ReturnType<typeof why>) => void,
): Span | null {
  const points = verifySpan(text, answer.text, answer.start, 'codePoint');
  if (points.ok && points.match === 'exact') return points.span;
  const units = verifySpan(text, answer.text, answer.start, 'utf16');
  if (units.ok && units.match === 'exact') return units.span;
  const shown = { answer: answer.text.slice(0, 60), question: question.slice(0, 60) };
  if (!points.ok) problem(why('problem.answer', shown));
  else if (answer.start !== null) {
    const at = utf16ToCodePoint(text, points.span.start);
    problem(why('problem.moved', { ...shown, start: answer.start, at }));
  }
  return points.ok ? points.span : null;
}
