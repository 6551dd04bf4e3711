import type { ExportSettings } from '../../shared/contract/exporting.ts';
import type { Candidate, Passage } from '../../shared/contract/types.ts';
import { utf16ToCodePoint } from '../../shared/text/offsets.ts';
import type { Project } from '../store/project.ts';

/** One question as it leaves the project; `start` in code points. */
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

/** Streams what the settings choose. */
export function* exportItems(project: Project, settings: Omit<ExportSettings, 'folder'>): Iterable<ExportItem> {
  const { statuses, languages, includeReferences } = settings;
  for (const { passage, candidates } of project.reviewedPassages({
    statuses,
    languages,
    withReferences: includeReferences,
  })) {
    const questions: ExportQuestion[] = candidates.map((candidate) => ({
      id: candidate.id,
      question: candidate.question,
      answer: answerOf(passage, candidate.answer),
      status: candidate.status,
      candidate,
    }));
    if (includeReferences) {
      for (const reference of passage.references) {
        questions.push({
          id: reference.id,
          question: reference.question,
          answer: answerOf(passage, reference.answer),
          status: 'reference',
          candidate: null,
        });
      }
    }
    if (questions.length > 0) yield { passage, questions };
  }
}

function answerOf(passage: Passage, span: { start: number; end: number } | null): ExportQuestion['answer'] {
  if (!span) return null;
  return {
    text: passage.text.slice(span.start, span.end),
    start: utf16ToCodePoint(passage.text, span.start),
    utf16: span.start,
  };
}
