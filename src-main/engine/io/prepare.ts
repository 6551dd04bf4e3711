import type { Passage, Problem, Span } from '../../shared/contract/types.ts';
import { why } from '../../shared/problems.ts';
import type { Print } from '../../shared/text/fingerprint.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { countWords } from '../../shared/text/words.ts';
import { candidateRow, documentIdOf, givenLineage, passageRow, referenceRow } from '../store/new-rows.ts';
import type { CandidateRow, NewReference, PassageRow, ReferenceRow } from '../store/new-rows.ts';
import { ownSignals } from './signals.ts';
import { isProblem, type ImportOptions, type Read, type ReadPassage } from './readers/entry.ts';

/** A passage with all that can be said of it without the project. */
export interface Prepared {
  document: string;
  passage: PassageRow;
  candidates: CandidateRow[]; // `duplicateOf` in their signals is left open
  references: ReferenceRow[];
  problems: Problem[];
}

/** The part of an import that takes no database, and half of its time. The text's print goes where `print` is. */
export function prepare(
  entry: Read,
  file: string,
  encoding: string,
  options: Pick<ImportOptions, 'language' | 'questionsAs'>,
  print?: Print,
): Prepared | Problem {
  if (isProblem(entry)) return entry;
  const { document, text, title, line } = entry;
  const language = options.language ?? entry.language ?? detectLanguage(text).language;
  if (language === null) return { file, line, ...why('problem.language') };
  const problems: Problem[] = [];
  if (text.includes('\uFFFD')) problems.push({ file, line, ...why('problem.encoding', { encoding }) });
  const documentId = documentIdOf(document, document);
  const [sentences, words] = [splitSentences(text, language), countWords(text, language)];
  const passage = passageRow(
    { documentId, position: 0, text, title, language, sentences, words, externalId: entry.id },
    print,
  );
  const asked = options.questionsAs === 'none' ? [] : entry.questions;
  const questions = asked.map(({ question, answer, id }) => ({
    passageId: passage.id,
    question,
    answer: answer && place(file, entry, question, answer, problems),
    externalId: id,
  }));
  const asCandidates = options.questionsAs === 'candidates';
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
  { passageId, question, answer }: NewReference,
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
    },
    passage.language,
  );
}

/** Where the answer stands: offsets as code points first, then as UTF-16 units, then the nearest place. */
function place(
  file: string,
  { text, line }: ReadPassage,
  question: string,
  answer: { text: string; start: number | null },
  problems: Problem[],
): Span | null {
  const points = verifySpan(text, answer.text, answer.start, 'codePoint');
  if (points.ok && points.match === 'exact') return points.span;
  const units = verifySpan(text, answer.text, answer.start, 'utf16');
  if (units.ok && units.match === 'exact') return units.span;
  if (points.ok) return points.span;
  const shown = { answer: answer.text.slice(0, 60), question: question.slice(0, 60) };
  problems.push({ file, line, ...why('problem.answer', shown) });
  return null;
}
