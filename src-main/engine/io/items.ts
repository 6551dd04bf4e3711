import type { ExportFormat, ExportSettings } from '../../shared/contract/exporting.ts';
import type { Candidate, Passage } from '../../shared/contract/types.ts';
import { utf16ToCodePoint } from '../../shared/text/offsets.ts';
import type { Project } from '../store/project.ts';

export type Settings = Omit<ExportSettings, 'folder'>;

/** One question as it leaves the project; `start` in code points, as every format here counts. */
export interface ExportQuestion {
  id: string;
  question: string;
  answer: { text: string; start: number; utf16: number } | null;
  status: string;
  candidate: Candidate | null;
}

/** A passage with the questions that go out, in reading order. */
export interface ExportItem {
  passage: Passage;
  questions: ExportQuestion[];
}

/** Whether the format has a place for this question. */
export function carries(format: ExportFormat, { answer, status }: ExportQuestion): boolean {
  if (format === 'squad-v1') return answer !== null;
  return format !== 'preference' || status === 'edited';
}

/** Streams what the settings choose; `leftOut` hears of each question that the format cannot carry. */
export function* exportItems(
  project: Project,
  settings: Settings,
  leftOut: (question: ExportQuestion) => void = () => undefined,
): Iterable<ExportItem> {
  const { statuses, languages, includeReferences } = settings;
  const filter = { statuses, languages, withReferences: includeReferences };
  for (const { passage, candidates } of project.reviewedPassages(filter)) {
    const chosen = candidates.map((candidate) => fromCandidate(passage, candidate));
    if (includeReferences) chosen.push(...passage.references.map((reference) => fromReference(passage, reference)));
    const questions = chosen.filter((question) => {
      const carried = carries(settings.format, question);
      if (!carried) leftOut(question);
      return carried;
    });
    if (questions.length > 0) yield { passage, questions };
  }
}

function fromCandidate(passage: Passage, candidate: Candidate): ExportQuestion {
  const { id, question, status } = candidate;
  return { id, question, answer: answerOf(passage, candidate.answer), status, candidate };
}

function fromReference(passage: Passage, { id, question, answer }: Passage['references'][number]): ExportQuestion {
  return { id, question, answer: answerOf(passage, answer), status: 'reference', candidate: null };
}

function answerOf(passage: Passage, span: { start: number; end: number } | null): ExportQuestion['answer'] {
  if (!span) return null;
  const text = passage.text.slice(span.start, span.end);
  return { text, start: utf16ToCodePoint(passage.text, span.start), utf16: span.start };
}
