import type { ExportFormat, ExportSettings } from '../../shared/contract/exporting.ts';
import type { Span } from '../../shared/contract/types.ts';
import { utf16ToCodePoint } from '../../shared/text/offsets.ts';
import { readGiven, type Given } from '../store/given.ts';
import type { Project } from '../store/project.ts';
import type { Streamed, StreamedCandidate, StreamedPassage } from '../store/stream.ts';

export type Settings = Omit<ExportSettings, 'folder'>;

/** One question as it leaves the project; `start` in code points, as every format here counts. */
export interface ExportQuestion {
  id: string; // its file's own, the first time; else the project's
  ownId: string | null;
  question: string;
  answer: Answer | null;
  answers: Answer[]; // all, the first is `answer`
  impossible: boolean; // the passage does not answer it
  status: string;
  candidate: StreamedCandidate | null;
}

interface Answer {
  text: string;
  start: number;
  utf16: number;
}

/** A passage with the questions that go out, in reading order. */
export interface ExportItem {
  passage: StreamedPassage;
  questions: ExportQuestion[];
}

/** Whether the format has a place for this question. */
export function carries(format: ExportFormat, { answer, status }: ExportQuestion): boolean {
  if (format === 'squad-v1') return answer !== null;
  return format !== 'preference' || status === 'edited';
}

/** Formats that name a question's generator. */
const naming: readonly ExportFormat[] = ['label-studio', 'argilla'];

/** Streams what the settings choose, with texts or only what tells it; `leftOut` hears of each question that the format cannot carry. */
export function* exportItems(
  project: Project,
  settings: Settings,
  leftOut: (question: ExportQuestion) => void = () => undefined,
  withTexts = true,
): Iterable<ExportItem> {
  const { format, statuses, languages, set, checked, includeReferences, lineage } = settings;
  const filter = {
    statuses,
    languages,
    set,
    checked,
    withReferences: includeReferences,
    withTexts,
    withLineage: withTexts && (lineage || naming.includes(format)),
    withSentences: withTexts && (format === 'lmqg' || format === 'lalm'),
  };
  const known = new Set<string>(); // own ids that are written: one that comes again is not unique
  for (const { passage, candidates, references } of project.reviewedPassages(filter)) {
    const chosen = candidates.map((candidate) => fromCandidate(passage, candidate));
    for (const reference of references) chosen.push(fromReference(passage, reference));
    const questions = chosen.filter((question) => {
      const carried = carries(format, question);
      if (!carried) leftOut(question);
      return carried;
    });
    if (withTexts) for (const question of questions) useOwnId(question, known);
    if (questions.length > 0) yield { passage, questions };
  }
}

function useOwnId(question: ExportQuestion, known: Set<string>): void {
  const { ownId } = question;
  if (ownId === null || known.has(ownId)) return;
  known.add(ownId);
  question.id = ownId;
}

function fromCandidate(passage: StreamedPassage, candidate: StreamedCandidate): ExportQuestion {
  const { id, question, status, answer, given } = candidate;
  const { id: ownId = null, ...more } = readGiven(given);
  return { id, ownId, question, ...answersOf(passage, answer, more), status, candidate };
}

function fromReference(passage: StreamedPassage, reference: Streamed['references'][number]): ExportQuestion {
  const { id, ownId, question, answer, given } = reference;
  return { id, ownId, question, ...answersOf(passage, answer, readGiven(given)), status: 'reference', candidate: null };
}

function answersOf(
  { text }: StreamedPassage,
  first: Span | null,
  { answers: more = [], impossible = false }: Given,
): Pick<ExportQuestion, 'answer' | 'answers' | 'impossible'> {
  const answers = (first ? [first, ...more] : []).map(({ start, end }) => {
    return { text: text.slice(start, end), start: utf16ToCodePoint(text, start), utf16: start };
  });
  return { answer: answers[0] ?? null, answers, impossible: impossible && answers.length === 0 };
}
