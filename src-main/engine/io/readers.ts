import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { importFormats, importOptions } from '../../shared/contract/importing.ts';
import { language, type Language, type Problem } from '../../shared/contract/types.ts';

export type ImportFormat = (typeof importFormats)[number];
export type ImportOptions = z.input<typeof importOptions>;

export interface ReadQuestion {
  question: string;
  /** `start` in code points, as SQuAD counts (rajpurkar's evaluate-v2.0 reads Python strings). */
  answer: { text: string; start: number | null } | null;
  id: string | null;
}

export interface ReadPassage {
  document: string;
  title: string;
  text: string;
  language: Language | null;
  id: string | null;
  line: number | null;
  questions: ReadQuestion[];
}

export type Read = ReadPassage | Problem;

export function isProblem(read: Read): read is Problem {
  return 'reason' in read;
}

/** What the content looks like; the name's ending only decides between text and markdown. */
export function detectFormat(name: string, text: string): ImportFormat {
  const start = text.slice(0, 4096).trimStart();
  if (/\.(md|markdown)$/i.test(name)) return 'markdown';
  if (/\.tsv$/i.test(name)) return 'tsv';
  if (/\.csv$/i.test(name)) return 'csv';
  if (start.startsWith('[')) return 'lab';
  if (/^\{[^\n]*\}\s*(\n|$)/.test(start) && !/^\{\s*"(version|data)"\s*:/.test(start)) return 'jsonl';
  if (start.startsWith('{')) return /\.jsonl$/i.test(name) ? 'jsonl' : 'squad';
  return 'text';
}

/** Everything a source holds, good rows and bad ones, in order. */
export function read(name: string, text: string, format: ImportFormat, options: ImportOptions): Read[] {
  const body = text.replace(/^\uFEFF/, '');
  switch (format) {
    case 'text':
    case 'markdown':
      return readText(name, body, options);
    case 'jsonl':
      return readJsonl(name, body, options);
    case 'csv':
      return readTable(name, body, ',', options);
    case 'tsv':
      return readTable(name, body, '\t', options);
    case 'squad':
      return readSquad(name, body);
    case 'lab':
      return readLab(name, body);
    default:
      return [
        {
          file: name,
          line: null,
          reason: `The format ${format} is not read here. Convert the file to JSON lines or CSV.`,
        },
      ];
  }
}

function readText(name: string, text: string, options: ImportOptions): Read[] {
  const splitter = options.splitter ?? { mode: 'blank-line', minimum: 20, maximum: 4000 };
  const pattern = { 'blank-line': /\r?\n[ \t]*\r?\n/g, line: /\r?\n/g, whole: /$^/g }[splitter.mode];
  const reads: Read[] = [];
  let title = name.replace(/\.[^.]*$/, '');
  let line = 1;
  for (const part of text.split(pattern)) {
    const trimmed = part.trim();
    const heading = /^#{1,6}\s+(.+)$/m.exec(trimmed);
    if (heading?.[1]) title = heading[1].trim();
    const body = trimmed.replace(/^#{1,6}\s+.+$/gm, '').trim();
    if (body.length >= splitter.minimum && body.length <= splitter.maximum) {
      reads.push({ document: name, title, text: body, language: null, id: null, line, questions: [] });
    } else if (body.length > splitter.maximum) {
      reads.push({
        file: name,
        line,
        reason: `This paragraph has ${body.length} characters, more than ${splitter.maximum}. Split it, or raise the limit.`,
      });
    }
    line += (part.match(/\n/g)?.length ?? 0) + (splitter.mode === 'blank-line' ? 2 : 1);
  }
  return reads;
}

/** Usual names of columns; a mapping given by the user wins. */
const usualRoles: Record<string, string> = {
  text: 'text',
  passage: 'text',
  context: 'text',
  paragraph: 'text',
  content: 'text',
  title: 'title',
  document: 'document',
  document_id: 'document',
  doc: 'document',
  lang: 'language',
  language: 'language',
  id: 'id',
  question: 'question',
  answer: 'answer',
  answer_text: 'answer',
  answers: 'answer',
  answer_start: 'answerStart',
};

export function roleOf(column: string, options: ImportOptions): string {
  return options.columns?.[column] ?? usualRoles[column.toLowerCase()] ?? 'ignore';
}

function readRow(name: string, line: number, row: Record<string, unknown>, options: ImportOptions): Read {
  const values: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const role = roleOf(column, options);
    if (role !== 'ignore' && values[role] === undefined) values[role] = value;
  }
  const string = (role: string): string | null => {
    const value = values[role];
    return typeof value === 'string' && value.trim() !== '' ? value : typeof value === 'number' ? String(value) : null;
  };
  const text = string('text');
  if (text === null) {
    return {
      file: name,
      line,
      reason: `No passage text. Columns here: ${Object.keys(row).join(', ') || 'none'}. Choose which one holds the text.`,
    };
  }
  const listed = Array.isArray(row['questions']) ? row['questions'].filter((entry) => typeof entry === 'string') : [];
  const question = string('question');
  const code = language.safeParse(string('language'));
  return {
    document: string('document') ?? string('title') ?? name,
    title: string('title') ?? '',
    text,
    language: code.success ? code.data : null,
    id: string('id'),
    line,
    questions: [
      ...(question === null
        ? []
        : [{ question, answer: answerOf(values['answer'], values['answerStart']), id: string('id') }]),
      ...listed.map((entry) => ({ question: entry, answer: null, id: null })),
    ],
  };
}

/** An answer as text with a start column, `{text, start}`, or the Hugging Face `{text: [], answer_start: []}`. */
function answerOf(answer: unknown, start: unknown): ReadQuestion['answer'] {
  if (typeof answer === 'string' && answer !== '') {
    const place = start === undefined || start === '' || start === null ? NaN : Number(start);
    return { text: answer, start: Number.isInteger(place) ? place : null };
  }
  const found = z
    .union([
      z
        .object({ text: z.array(z.string()).min(1), answer_start: z.array(z.number().int()) })
        .transform((value) => ({ text: value.text[0] ?? '', start: value.answer_start[0] ?? null })),
      z
        .object({ text: z.string().min(1), start: z.number().int().optional() })
        .transform((value) => ({ text: value.text, start: value.start ?? null })),
    ])
    .safeParse(answer);
  return found.success ? found.data : null;
}

function readJsonl(name: string, text: string, options: ImportOptions): Read[] {
  const reads: Read[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    try {
      const row: unknown = JSON.parse(line);
      if (typeof row !== 'object' || row === null || Array.isArray(row)) throw new Error('not an object in braces');
      reads.push(readRow(name, index + 1, row as Record<string, unknown>, options));
    } catch (error) {
      reads.push({
        file: name,
        line: index + 1,
        reason: `Not a JSON row: ${error instanceof Error ? error.message : String(error)}. Correct or remove the line.`,
      });
    }
  }
  return reads;
}

function readTable(name: string, text: string, delimiter: string, options: ImportOptions): Read[] {
  let rows: { record: Record<string, unknown>; info: { lines: number } }[];
  try {
    rows = parse(text, {
      columns: true,
      delimiter,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      bom: true,
    }) as typeof rows;
  } catch (error) {
    const line = (error as { lines?: number }).lines ?? null;
    return [
      {
        file: name,
        line,
        reason: `The table cannot be read: ${error instanceof Error ? error.message : String(error)}. Check the quotes near this line.`,
      },
    ];
  }
  return rows.map(({ record, info }) => readRow(name, info.lines, record, options));
}

const squadFile = z.object({
  data: z.array(
    z.object({
      title: z.string().default(''),
      paragraphs: z.array(
        z.object({
          context: z.string(),
          qas: z
            .array(
              z.object({
                id: z.union([z.string(), z.number()]).optional(),
                question: z.string(),
                answers: z.array(z.object({ text: z.string(), answer_start: z.number().int() })).default([]),
              }),
            )
            .default([]),
        }),
      ),
    }),
  ),
});

function readSquad(name: string, text: string): Read[] {
  const parsed = parseJson(name, text, squadFile);
  if ('reason' in parsed) return [parsed];
  return parsed.data.flatMap((article) =>
    article.paragraphs.map((paragraph) => ({
      document: article.title || name,
      title: article.title,
      text: paragraph.context,
      language: null,
      id: null,
      line: null,
      questions: paragraph.qas.map((item) => ({
        question: item.question,
        answer: item.answers[0] ? { text: item.answers[0].text, start: item.answers[0].answer_start } : null,
        id: item.id === undefined ? null : String(item.id),
      })),
    })),
  );
}

const labFile = z.array(
  z.object({ title: z.string().default(''), content: z.string(), questions: z.array(z.string()).default([]) }),
);

function readLab(name: string, text: string): Read[] {
  const parsed = parseJson(name, text, labFile);
  if ('reason' in parsed) return [parsed];
  return parsed.map((entry) => ({
    document: entry.title || name,
    title: entry.title,
    text: entry.content,
    language: null,
    id: null,
    line: null,
    questions: entry.questions.map((question) => ({ question, answer: null, id: null })),
  }));
}

function parseJson<Schema extends z.ZodType>(name: string, text: string, schema: Schema): z.output<Schema> | Problem {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return {
      file: name,
      line: null,
      reason: `Not valid JSON: ${error instanceof Error ? error.message : String(error)}. Check that the file is complete.`,
    };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  return {
    file: name,
    line: null,
    reason: `The JSON has another shape than expected: ${z.prettifyError(parsed.error).replaceAll('\n', ' ')}`,
  };
}
