import { stringify } from 'csv-stringify/sync';
import type { ExportFormat, ExportSettings } from '../../shared/contract/exporting.ts';
import type { ExportItem, ExportQuestion } from './items.ts';

/** Turns passages into a file's text piece by piece: `head`, then `item` for each, joined by `between`, then `tail`. */
export interface Writer {
  extension: string;
  head: string;
  between: string;
  tail: string;
  /** The text of one passage with its questions, or null where the format can carry none of them. */
  item(item: ExportItem, split: string): string | null;
}

type Settings = Omit<ExportSettings, 'folder'>;

const instruction = 'Ask one question that the passage answers.';

function lines(row: (item: ExportItem, question: ExportQuestion, split: string) => object | null): Writer {
  return {
    extension: 'jsonl',
    head: '',
    between: '\n',
    tail: '\n',
    item: (item, split) => {
      const rows = item.questions.map((question) => row(item, question, split)).filter((value) => value !== null);
      return rows.length === 0 ? null : rows.map((value) => JSON.stringify(value)).join('\n');
    },
  };
}

function array(head: string, tail: string, value: (item: ExportItem) => object | null): Writer {
  return {
    extension: 'json',
    head,
    between: ',\n',
    tail,
    item: (item) => {
      const found = value(item);
      return found && JSON.stringify(found);
    },
  };
}

/** SQuAD: one article per passage keeps the file streamable; readers join by title. Offsets in code points. */
function squad(version: 'v1' | 'v2'): Writer {
  return array(`{"version":"${version === 'v1' ? '1.1' : 'v2.0'}","data":[\n`, '\n]}\n', ({ passage, questions }) => {
    const qas = questions
      .filter((question) => version === 'v2' || question.answer !== null)
      .map(({ id, question, answer }) => ({
        id,
        question,
        answers: answer ? [{ text: answer.text, answer_start: answer.start }] : [],
        ...(version === 'v2' ? { is_impossible: false } : {}),
      }));
    return qas.length === 0
      ? null
      : { title: passage.title || passage.documentTitle, paragraphs: [{ context: passage.text, qas }] };
  });
}

const csvColumns = [
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

function csv(settings: Settings): Writer {
  const safe = (value: string): string =>
    settings.neutraliseFormulas && /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  const row = ({ passage }: ExportItem, { id, question, answer, status }: ExportQuestion, split: string): string[] =>
    [
      id,
      passage.documentId,
      passage.title,
      passage.text,
      question,
      answer?.text ?? '',
      answer ? String(answer.start) : '',
      'false',
      split,
      passage.language,
      status,
    ].map(safe);
  return {
    extension: 'csv',
    head: stringify([csvColumns]),
    between: '',
    tail: '',
    item: (item, split) => stringify(item.questions.map((question) => row(item, question, split))),
  };
}

function lmqg({ passage }: ExportItem, { question, answer }: ExportQuestion): object {
  const text = passage.text;
  const at = answer?.utf16 ?? -1;
  const span = passage.sentences.find((sentence) => sentence.start <= at && at < sentence.end);
  const sentence = span ? text.slice(span.start, span.end) : '';
  const marked = (whole: string, start: number, part: string): string =>
    part === '' ? whole : `${whole.slice(0, start)}<hl> ${part} <hl>${whole.slice(start + part.length)}`;
  return {
    question,
    paragraph: text,
    answer: answer?.text ?? '',
    sentence,
    paragraph_sentence: marked(text, span?.start ?? 0, sentence),
    paragraph_answer: marked(text, at, answer?.text ?? ''),
    sentence_answer: span ? marked(sentence, at - span.start, answer?.text ?? '') : '',
  };
}

export const writers: Record<Exclude<ExportFormat, 'hf-parquet'>, (settings: Settings) => Writer> = {
  'squad-v1': () => squad('v1'),
  'squad-v2': () => squad('v2'),
  'hf-jsonl': (settings) =>
    lines((item, question) => ({ ...huggingFaceRow(item, question), ...lineageOf(question, settings) })),
  lab: () =>
    array('[\n', '\n]\n', ({ passage, questions }) => ({
      title: passage.title,
      content: passage.text,
      questions: questions.map((entry) => entry.question),
    })),
  lmqg: () => lines(lmqg),
  csv,
  'label-studio': () =>
    array('[\n', '\n]\n', ({ passage, questions }) => ({
      data: { passage: passage.text, id: passage.id },
      predictions: questions.map(({ id, question, candidate }) => ({
        model_version: candidate?.lineage.generatorName ?? 'reference',
        score: candidate?.score ?? 0,
        result: [{ id, from_name: 'question', to_name: 'passage', type: 'textarea', value: { text: [question] } }],
      })),
    })),
  argilla: () =>
    lines(({ passage }, { id, question, candidate }) => ({
      id,
      context: passage.text,
      question,
      score: candidate?.score ?? null,
      agent: candidate?.lineage.generatorName ?? 'reference',
    })),
  doccano: () => ({
    ...lines(() => null),
    item: ({ passage, questions }) =>
      JSON.stringify({ text: passage.text, label: questions.map((entry) => entry.question) }),
  }),
  alpaca: () =>
    lines(({ passage }, { question }) => ({ instruction, input: passage.text, output: question, system: '' })),
  sharegpt: () =>
    lines(({ passage }, { question }) => ({
      conversations: [
        { from: 'human', value: `${instruction}\n\n${passage.text}` },
        { from: 'gpt', value: question },
      ],
    })),
  'openai-chat': () =>
    lines(({ passage }, { question }) => ({
      messages: [
        { role: 'system', content: instruction },
        { role: 'user', content: passage.text },
        { role: 'assistant', content: question },
      ],
    })),
  preference: () =>
    lines(({ passage }, { question, candidate }) =>
      candidate?.status === 'edited'
        ? { instruction, input: passage.text, chosen: question, rejected: candidate.original }
        : null,
    ),
  lalm: () =>
    lines(({ passage }, { id, question, answer, candidate }) => ({
      id,
      lang: passage.language,
      passage: passage.text,
      question,
      answer: answer?.text ?? null,
      focus: candidate?.focus ?? null,
      source: candidate?.lineage.generator ?? 'reference',
    })),
};

/** The columns of the SQuAD dataset card on Hugging Face. */
export function huggingFaceRow({ passage }: ExportItem, { id, question, answer }: ExportQuestion) {
  return {
    id,
    title: passage.title,
    context: passage.text,
    question,
    answers: { text: answer ? [answer.text] : [], answer_start: answer ? [answer.start] : [] },
  };
}

function lineageOf({ candidate, status }: ExportQuestion, settings: Settings): object {
  if (!settings.lineage) return {};
  return {
    status,
    lineage: candidate?.lineage ?? null,
    original: candidate?.original ?? null,
    decided_by: candidate?.decidedBy ?? null,
  };
}

/** What a format cannot carry, said before anything is written. */
export function warningsFor(format: ExportFormat, withoutAnswer: number): string[] {
  if (withoutAnswer === 0) return [];
  if (format === 'squad-v1')
    return [`SQuAD v1.1 needs an answer: ${withoutAnswer} questions without one are left out.`];
  if (format === 'squad-v2')
    return [
      `${withoutAnswer} questions have no marked answer; their "answers" is empty and "is_impossible" false. SQuAD's own scorer reads an empty list as unanswerable.`,
    ];
  return [];
}
