import type { ExportItem, ExportQuestion, Settings } from '../items.ts';
import { chooses, chosen, lineageOf, lines, list, type TextWriter } from './writer.ts';

/** SQuAD, one article a passage, so that the file can be streamed; readers join by title. */
export function squad(version: '1.1' | 'v2.0', settings: Settings): TextWriter {
  const entry = ({ passage, questions }: ExportItem): object => ({
    title: passage.title || passage.documentTitle,
    paragraphs: [{ context: passage.text, qas: questions.map(asked) }],
  });
  const asked = (question: ExportQuestion): object => ({
    id: question.id,
    question: question.question,
    answers: question.answers.map(({ text, start }) => ({ text, answer_start: start })),
    ...(version === 'v2.0' ? { is_impossible: question.impossible } : {}),
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
  is_impossible: boolean;
  language: string;
}

/** The columns of the SQuAD dataset on Hugging Face, and those that may be added. */
export function huggingFaceRow({ passage }: ExportItem, asked: ExportQuestion): HuggingFaceRow {
  const { id, question, impossible } = asked;
  const answers = {
    text: asked.answers.map((answer) => answer.text),
    answer_start: asked.answers.map((answer) => answer.start),
  };
  const { title, text: context, language } = passage;
  return { id, title, context, question, answers, is_impossible: impossible, language };
}

/** LAB: passages with the list of their questions; on request with the id that a passage's file gave it. */
export function lab(settings: Settings): TextWriter {
  const pick = chosen(settings);
  return list(({ passage, questions }) =>
    pick({
      id: passage.ownId ?? passage.id,
      title: passage.title,
      content: passage.text,
      questions: questions.map((entry) => entry.question),
    }),
  );
}

/** lmqg: the passage with the sentence, and both with the answer, between highlight marks. */
export function lmqg(settings: Settings): TextWriter {
  return lines(({ passage }, { id, question, answer }) => {
    const { text } = passage;
    const at = answer?.utf16 ?? -1;
    const span = passage.sentences.find((sentence) => sentence.start <= at && at < sentence.end);
    const sentence = span ? text.slice(span.start, span.end) : '';
    return {
      id,
      question,
      paragraph: text,
      answer: answer?.text ?? '',
      sentence,
      paragraph_sentence: span ? marked(text, span.start, sentence) : text,
      paragraph_answer: answer ? marked(text, at, answer.text) : text,
      sentence_answer: span && answer ? marked(sentence, at - span.start, answer.text) : '',
    };
  }, settings);
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
export function csv(settings: Settings): TextWriter {
  const { lineage, neutraliseFormulas } = settings;
  const wanted = columns.map(chooses(settings));
  const safe = (value: string): string => (neutraliseFormulas && /^[=+\-@\t\r]/u.test(value) ? `'${value}` : value);
  const cell = (value: string): string => (/[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
  const line = (values: readonly string[]): string => `${values.map(cell).join(',')}\r\n`;
  const row = ({ passage }: ExportItem, entry: ExportQuestion, split: string): string[] => {
    const { id, question, answer, impossible, status, candidate } = entry;
    const plain = [id, passage.documentId, passage.title, passage.text, question, answer?.text ?? ''];
    const rest = [answer ? String(answer.start) : '', String(impossible), split, passage.language, status];
    const generator = candidate?.generator ?? '';
    const { original = '', score = null, decidedBy = null, lineage: from = null } = candidate ?? {};
    const more = [original, generator, score === null ? '' : String(score), decidedBy ?? '', from ?? ''];
    return [...[...plain, ...rest].filter((_, at) => wanted[at]), ...(lineage ? more : [])].map(safe);
  };
  return {
    extension: 'csv',
    head: line([...columns.filter((_, at) => wanted[at]), ...(lineage ? lineageColumns : [])]),
    between: '',
    tail: '',
    item: (item, split) => item.questions.map((question) => line(row(item, question, split))).join(''),
  };
}
