import type { ExportItem, ExportQuestion, Settings } from '../items.ts';
import { lineageOf, lines, list, type TextWriter } from './writer.ts';

/** SQuAD, one article a passage, so that the file can be streamed; readers join by title. */
export function squad(version: '1.1' | 'v2.0', settings: Settings): TextWriter {
  const entry = ({ passage, questions }: ExportItem): object => ({
    title: passage.title || passage.documentTitle,
    paragraphs: [{ context: passage.text, qas: questions.map(asked) }],
  });
  const asked = (question: ExportQuestion): object => ({
    id: question.id,
    question: question.question,
    answers: question.answer ? [{ text: question.answer.text, answer_start: question.answer.start }] : [],
    ...(version === 'v2.0' ? { is_impossible: false } : {}),
    ...lineageOf(question, settings),
  });
  return list(entry, `{"version":"${version}","data":[\n`, '\n]}\n');
}

export interface HuggingFaceRow {
  id: string;
  title: string;
  context: string;
  question: string;
  answers: { text: string[]; answer_start: number[] };
}

/** The columns of the SQuAD dataset on Hugging Face. */
export function huggingFaceRow({ passage }: ExportItem, { id, question, answer }: ExportQuestion): HuggingFaceRow {
  const answers = { text: answer ? [answer.text] : [], answer_start: answer ? [answer.start] : [] };
  return { id, title: passage.title, context: passage.text, question, answers };
}

/** LAB: passages with the list of their questions. */
export function lab(): TextWriter {
  return list(({ passage, questions }) => ({
    title: passage.title,
    content: passage.text,
    questions: questions.map((entry) => entry.question),
  }));
}

/** lmqg: the passage with the sentence, and both with the answer, between highlight marks. */
export function lmqg(): TextWriter {
  return lines(({ passage }, { question, answer }) => {
    const { text } = passage;
    const at = answer?.utf16 ?? -1;
    const span = passage.sentences.find((sentence) => sentence.start <= at && at < sentence.end);
    const sentence = span ? text.slice(span.start, span.end) : '';
    return {
      question,
      paragraph: text,
      answer: answer?.text ?? '',
      sentence,
      paragraph_sentence: span ? marked(text, span.start, sentence) : text,
      paragraph_answer: answer ? marked(text, at, answer.text) : text,
      sentence_answer: span && answer ? marked(sentence, at - span.start, answer.text) : '',
    };
  });
}

function marked(whole: string, start: number, part: string): string {
  const pieces = [whole.slice(0, start).trimEnd(), `<hl> ${part} <hl>`, whole.slice(start + part.length).trimStart()];
  return pieces.filter((piece) => piece !== '').join(' ');
}

const columns = [
  'id',
  'document_id',
  'title',
  'context',
  'question',
  'answer_text',
  'answer_start',
  'is_impossible',
  'split',
  'language',
  'status',
];
const lineageColumns = ['original', 'generator', 'score', 'decided_by', 'lineage'];

/** RFC 4180. On request a cell that a spreadsheet would take for a formula gets an apostrophe. */
export function csv({ lineage, neutraliseFormulas }: Settings): TextWriter {
  const safe = (value: string): string => (neutraliseFormulas && /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value);
  const cell = (value: string): string => (/[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const line = (values: readonly string[]): string => `${values.map(cell).join(',')}\r\n`;
  const row = ({ passage }: ExportItem, entry: ExportQuestion, split: string): string[] => {
    const { id, question, answer, status, candidate } = entry;
    const plain = [id, passage.documentId, passage.title, passage.text, question, answer?.text ?? ''];
    const rest = [answer ? String(answer.start) : '', 'false', split, passage.language, status];
    const generator = candidate?.generator ?? '';
    const { original = '', score = null, decidedBy = null, lineage: from = null } = candidate ?? {};
    const more = [original, generator, score === null ? '' : String(score), decidedBy ?? '', from ?? ''];
    return [...plain, ...rest, ...(lineage ? more : [])].map(safe);
  };
  return {
    extension: 'csv',
    head: line(lineage ? [...columns, ...lineageColumns] : columns),
    between: '',
    tail: '',
    item: (item, split) => item.questions.map((question) => line(row(item, question, split))).join(''),
  };
}
