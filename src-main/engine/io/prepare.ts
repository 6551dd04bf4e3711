import type { CandidateSignals, Language, Problem, Span } from '../../shared/contract/types.ts';
import { why } from '../../shared/problems.ts';
import { exactKey, fingerprint, type Fingerprint } from '../../shared/text/fingerprint.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { verifySpan } from '../../shared/text/offsets.ts';
import { indexTerms } from '../../shared/text/search.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { countWords } from '../../shared/text/words.ts';
import { ownSignals } from './signals.ts';
import { isProblem, type ImportOptions, type Read, type ReadPassage } from './readers/entry.ts';

/** A passage with all that can be said of it without the project. */
export interface Prepared {
  document: string;
  title: string;
  text: string;
  language: Language;
  externalId: string | null;
  sentences: Span[];
  words: number;
  terms: string;
  print: Fingerprint;
  questions: PreparedQuestion[];
  problems: Problem[];
}

export interface PreparedQuestion {
  question: string;
  answer: Span | null;
  externalId: string | null;
  /** Of a candidate. */
  review: { key: string; terms: string; signals: Omit<CandidateSignals, 'duplicateOf'> } | null;
}

/** The part of an import that takes no database, and half of its time. */
export function prepare(
  entry: Read,
  file: string,
  encoding: string,
  options: Pick<ImportOptions, 'language' | 'questionsAs'>,
): Prepared | Problem {
  if (isProblem(entry)) return entry;
  const { text, title, line } = entry;
  const language = options.language ?? entry.language ?? detectLanguage(text).language;
  if (language === null) return { file, line, ...why('problem.language') };
  const problems: Problem[] = [];
  if (text.includes('\uFFFD')) problems.push({ file, line, ...why('problem.encoding', { encoding }) });
  const asked = options.questionsAs === 'none' ? [] : entry.questions;
  return {
    document: entry.document,
    title,
    text,
    language,
    externalId: entry.id,
    sentences: splitSentences(text, language),
    words: countWords(text, language),
    terms: indexTerms(`${title}\n${text}`),
    print: fingerprint(text, language),
    questions: asked.map(({ question, answer, id }) => ({
      question,
      answer: answer && place(file, entry, question, answer, problems),
      externalId: id,
      review:
        options.questionsAs === 'candidates'
          ? {
              key: exactKey(question),
              terms: indexTerms(question),
              signals: ownSignals({ text, language }, question),
            }
          : null,
    })),
    problems,
  };
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
