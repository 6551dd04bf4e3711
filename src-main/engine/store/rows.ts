import type {
  Candidate,
  CandidateSignals,
  Language,
  Lineage,
  Passage,
  PassageRow,
  Span,
} from '../../shared/contract/types.ts';
import { readState } from './derive.ts';

export interface PassageRecord {
  row: number;
  id: string;
  document_id: string;
  document_title: string;
  document_passages: number;
  position: number;
  title: string;
  text: string;
  language: Language;
  sentences: string;
  words: number;
  external_id: string | null;
  candidates: number;
  undecided: number;
  accepted: number;
}

export interface CandidateRecord {
  row: number;
  id: string;
  passage_id: string;
  original: string;
  focus_start: number | null;
  focus_end: number | null;
  sentence: number | null;
  answer_start: number | null;
  answer_end: number | null;
  score: number | null;
  signals: string;
  lineage: string;
  state: string;
  passage_text: string;
}

export interface ReferenceRecord {
  id: string;
  question: string;
  answer_start: number | null;
  answer_end: number | null;
}

export const passageColumns =
  'p.*, d.title AS document_title, d.passages AS document_passages FROM passages p JOIN documents d ON d.id = p.document_id';
export const candidateColumns =
  'c.*, s.state, p.text AS passage_text FROM candidates c JOIN states s ON s.candidate_id = c.id JOIN passages p ON p.id = c.passage_id';

export function toSpan(start: number | null, end: number | null): Span | null {
  return start === null || end === null ? null : { start, end };
}

export function toPassageRow(record: PassageRecord): PassageRow {
  const { id, position, title, language, words, candidates, undecided, accepted } = record;
  return {
    id,
    documentId: record.document_id,
    documentTitle: record.document_title,
    position,
    documentPassages: record.document_passages,
    title,
    excerpt: record.text.slice(0, 160),
    language,
    words,
    candidates,
    undecided,
    accepted,
  };
}

export function toPassage(record: PassageRecord, references: readonly ReferenceRecord[]): Passage {
  return {
    ...toPassageRow(record),
    text: record.text,
    sentences: JSON.parse(record.sentences) as Span[],
    externalId: record.external_id,
    references: references.map((reference) => ({
      id: reference.id,
      question: reference.question,
      answer: toSpan(reference.answer_start, reference.answer_end),
    })),
  };
}

/** `names` turns person ids into names; an unknown id stays as it is. */
export function toCandidate(record: CandidateRecord, names: ReadonlyMap<string, string>): Candidate {
  const state = readState(record.state);
  const answer = state.answerBy === null ? toSpan(record.answer_start, record.answer_end) : state.answer;
  const name = (id: string | null): string | null => (id === null ? null : (names.get(id) ?? id));
  return {
    id: record.id,
    passageId: record.passage_id,
    question: state.question ?? record.original,
    original: record.original,
    status: state.status,
    reason: state.reason,
    note: state.note,
    asideReasons: state.asideReasons,
    flag: state.flag,
    type: state.type,
    difficulty: state.difficulty,
    focus: toSpan(record.focus_start, record.focus_end),
    sentence: record.sentence,
    answer: answer && {
      ...answer,
      text: record.passage_text.slice(answer.start, answer.end),
      by: name(state.answerBy),
    },
    score: record.score,
    signals: JSON.parse(record.signals) as CandidateSignals,
    lineage: JSON.parse(record.lineage) as Lineage,
    decidedBy: name(state.decidedBy),
    decidedAt: state.decidedAt,
  };
}
