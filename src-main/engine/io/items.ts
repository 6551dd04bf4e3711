import type { ExportFormat, ExportSettings } from '../../shared/contract/exporting.ts';
import type { Span } from '../../shared/contract/types.ts';
import { utf16ToCodePoint } from '../../shared/text/offsets.ts';
import type { Project } from '../store/project.ts';
import type { Streamed, StreamedCandidate, StreamedPassage } from '../store/stream.ts';

export type Settings = Omit<ExportSettings, 'folder'>;

/** One question as it leaves the project; `start` in code points, as every format here counts. */
export interface ExportQuestion {
  id: string;
  question: string;
  answer: { text: string; start: number; utf16: number } | null;
  status: string;
  candidate: StreamedCandidate | null;
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
    withSentences: withTexts && format === 'lmqg',
  };
  for (const { passage, candidates, references } of project.reviewedPassages(filter)) {
    const chosen = candidates.map((candidate) => fromCandidate(passage, candidate));
    for (const reference of references) chosen.push(fromReference(passage, reference));
    const questions = chosen.filter((question) => {
      const carried = carries(format, question);
      if (!carried) leftOut(question);
      return carried;
    });
    if (questions.length > 0) yield { passage, questions };
  }
}

function fromCandidate(passage: StreamedPassage, candidate: StreamedCandidate): ExportQuestion {
  const { id, question, status } = candidate;
  return { id, question, answer: answerOf(passage, candidate.answer), status, candidate };
}

function fromReference(
  passage: StreamedPassage,
  { id, question, answer }: Streamed['references'][number],
): ExportQuestion {
  return { id, question, answer: answerOf(passage, answer), status: 'reference', candidate: null };
}

function answerOf({ text }: StreamedPassage, span: Span | null): ExportQuestion['answer'] {
  if (!span) return null;
  return { text: text.slice(span.start, span.end), start: utf16ToCodePoint(text, span.start), utf16: span.start };
}
