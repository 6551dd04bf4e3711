import { z } from 'zod';
import type { columnRoles } from '../../../shared/contract/importing.ts';
import type { Language, Problem } from '../../../shared/contract/types.ts';
import { why } from '../../../shared/problems.ts';
import type { Source } from '../source.ts';
import { isProblem, type ImportOptions, type Read, type ReadAnswer } from './entry.ts';
import type { Reader, ReadQuestion, Row } from './entry.ts';

type Role = (typeof columnRoles)[number];

/** Usual names of columns in the five languages; a mapping given by the user wins. */
const usualRoles = new Map<string, Role>(
  Object.entries({
    text: 'text passage context paragraph content body body_text texte texte_source contexte paragraphe 段落 段落内容 文章 正文 文本 지문 본문 문단 문맥 अनुच्छेद पाठ संदर्भ',
    title: 'title headline titre 标题 題目 제목 शीर्षक',
    document: 'document document_id doc doc_id 文档 문서 दस्तावेज़',
    language: 'lang language langue 语言 언어 भाषा',
    id: 'id uuid nr no n° ref réf référence 编号 序号 번호 क्रम',
    question: 'question query q q. 问题 问句 提问 질문 질의 प्रश्न सवाल',
    answer: 'answer answer_text answers réponse reponse rép. rep. 答案 参考答案 답 정답 답변 उत्तर जवाब',
    impossible: 'is_impossible impossible',
    answerStart: 'answer_start answerstart start début debut 起始位置 시작 आरंभ',
  } satisfies Partial<Record<Role, string>>).flatMap(([role, names]) =>
    names.split(' ').map((name) => [name, role as Role] as const),
  ),
);

const languageNames: Record<Language, RegExp> = {
  en: /^en(g|glish)?$/,
  zh: /^(zh|zho|chi|cmn|chinese|中文)$/,
  ko: /^(ko|kor|korean|한국어)$/,
  fr: /^(fr|fra|fre|french|français)$/,
  hi: /^(hi|hin|hindi|हिन्दी)$/,
};

export function roleOf(column: string, options: ImportOptions): Role {
  const { columns = {} } = options;
  const given = Object.hasOwn(columns, column) ? columns[column] : undefined;
  return given ?? usualRoles.get(column.trim().toLowerCase().replaceAll(' ', '_')) ?? 'ignore';
}

/** A reader of passages out of a reader of rows. */
export function fromRows(rows: (source: Source) => AsyncIterable<Row | Problem>): Reader {
  return async function* (source, options) {
    for await (const row of rows(source)) yield isProblem(row) ? row : readRow(source.name, row, options);
  };
}

function readRow(file: string, { line, entry, values: columns }: Row, options: ImportOptions): Read {
  const values = new Map<Role, unknown>();
  for (const [column, value] of Object.entries(columns)) {
    const role = roleOf(column, options);
    if (role !== 'ignore' && (values.get(role) ?? '') === '') values.set(role, value);
  }
  const string = (role: Role): string | null => {
    const value = values.get(role);
    if (typeof value === 'number' || typeof value === 'bigint') return String(value);
    return typeof value === 'string' && value.trim() !== '' ? value.toWellFormed() : null;
  };
  const text = string('text');
  if (text === null) {
    const names = Object.keys(columns).slice(0, 12).join(', ') || 'none';
    const empty = values.has('text');
    return entry === null
      ? { file, line, ...(empty ? why('problem.empty') : why('problem.noText', { columns: names })) }
      : {
          file,
          line,
          place: `#${entry}`,
          ...(empty ? why('problem.entry.empty', { entry }) : why('problem.entry.noText', { entry, columns: names })),
        };
  }
  const title = string('title') ?? '';
  const question = string('question');
  const id = string('id');
  return {
    document: string('document') ?? (title || file),
    title,
    text,
    language: languageOf(string('language')),
    id: question === null ? id : null,
    line,
    ...(entry === null ? {} : { place: `#${entry}` }),
    questions: [
      ...(question === null
        ? []
        : [
            {
              question,
              answers: answersOf(values.get('answer'), values.get('answerStart')),
              impossible: /^(true|1)$/iu.test(String(values.get('impossible'))),
              id,
            },
          ]),
      ...listedQuestions(columns['questions']),
    ],
  };
}

/** "en", "eng", "English", "en-GB": the language, or null when it is none of ours. */
function languageOf(value: string | null): Language | null {
  const name = value?.trim().toLowerCase().split(/[-_]/u)[0] ?? '';
  for (const [language, pattern] of Object.entries(languageNames)) if (pattern.test(name)) return language as Language;
  return null;
}

/** A list of texts, as LAB has it, or of `{question, answer}`. */
function listedQuestions(value: unknown): ReadQuestion[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((entry: unknown) => {
    if (typeof entry === 'string') return [{ question: entry.toWellFormed(), answers: [], id: null }];
    const found = z.object({ question: z.string(), answer: z.unknown(), id: ownId }).safeParse(entry);
    if (!found.success) return [];
    const { question, answer, id } = found.data;
    return [{ question: question.toWellFormed(), answers: answersOf(answer, null), id }];
  });
}

/** A file's own id of a question or null. */
export const ownId = z
  .union([z.string(), z.number()])
  .nullish()
  .catch(null)
  .transform((id) => (id === null || id === undefined || id === '' ? null : String(id).toWellFormed()));

const start = z.coerce.number().int().nullish().catch(null);
const answerShapes = z.union([
  z
    .object({ text: z.array(z.string()), answer_start: z.array(start).default([]) })
    .transform((value) => value.text.map((text, at) => ({ text, start: value.answer_start[at] ?? null }))),
  z
    .object({ text: z.string().min(1), start, answer_start: start })
    .transform((value) => [{ text: value.text, start: value.start ?? value.answer_start ?? null }]),
  z
    .array(z.object({ text: z.string().min(1), answer_start: start }))
    .transform((value) => value.map((one) => ({ text: one.text, start: one.answer_start ?? null }))),
]);

/** An answer as text with a start column, or an object in one of SQuAD's or Hugging Face's shapes, which may hold several. */
export function answersOf(answer: unknown, place: unknown): ReadAnswer[] {
  if (typeof answer === 'string' && answer.trim() !== '') {
    const given = place === '' || place === null || place === undefined ? NaN : Number(place);
    return [{ text: answer.toWellFormed(), start: Number.isInteger(given) ? given : null }];
  }
  const found = answerShapes.safeParse(answer);
  if (!found.success) return [];
  return found.data.filter(({ text }) => text !== '').map((one) => ({ ...one, text: one.text.toWellFormed() }));
}
