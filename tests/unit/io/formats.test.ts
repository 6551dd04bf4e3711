/** Real exports against the formats' own rules: JSON schemas, hyparquet, csv-parse, and offsets counted by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'csv-parse/sync';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exportProject } from '../../../src-main/engine/io/export.ts';
import type { Project } from '../../../src-main/engine/store/project.ts';
import { exportFormats, exportSettings, type ExportFormat } from '../../../src-main/shared/contract/exporting.ts';
import { rowLines, rows, take, workplace } from './project.ts';

const place = workplace();
let project: Project;

/** Questions in review, some accepted as they are, some edited, some not decided. */
beforeAll(async () => {
  project = place.project();
  const { problems } = await take(project, place.file('rows.jsonl', rowLines), { questionsAs: 'candidates' });
  expect(problems).toEqual([]);
  const questions = [...project.passageIds({})].flatMap((id) => project.candidates(id));
  questions.slice(0, -1).forEach(({ id, original }, index) => {
    const payload = { verdict: 'accept', ...(index % 2 === 0 ? { question: `${original} (?)` } : {}) };
    project.history.append(project.person().id, [{ kind: 'decide', item: id, payload }]);
  });
});
afterAll(() => place.close());

async function fileOf(format: ExportFormat): Promise<Buffer> {
  const settings = exportSettings.parse({ format, folder: join(place.folder, format) });
  const [file = ''] = (await exportProject(project, settings)).files;
  return readFileSync(file);
}

const schemas = join(import.meta.dirname, '../../fixtures/schemas');
const schemaOf = (name: string): object =>
  JSON.parse(readFileSync(join(schemas, `${name}.schema.json`), 'utf8')) as object;
const ajv = new Ajv({ allErrors: true, strict: true, strictTuples: false, strictRequired: false });
ajv.addSchema(schemaOf('rows'), 'rows');

function faults(schema: string | object, value: unknown): unknown {
  const validate = typeof schema === 'string' ? ajv.getSchema(schema) : ajv.compile(schema);
  if (!validate) throw new Error('no such schema');
  return validate(value) ? [] : validate.errors;
}

const questions = rows.flatMap((row) => row.questions).length - 1;
/** Every passage's text cut as Python cuts it: by code points. */
const cut = (text: string, start: number, length: number): string => [...text].slice(start, start + length).join('');

interface Squad {
  data: { paragraphs: { context: string; qas: { answers: { text: string; answer_start: number }[] }[] }[] }[];
}

describe('SQuAD', () => {
  test.each(['squad-v1', 'squad-v2'] as const)(
    '%s: its schema, and each answer stands at its offset',
    async (format) => {
      const squad = JSON.parse((await fileOf(format)).toString()) as Squad;
      expect(faults(schemaOf(format), squad)).toEqual([]);
      const paragraphs = squad.data.flatMap((article) => article.paragraphs);
      const asked = paragraphs.flatMap(({ context, qas }) => qas.map(({ answers }) => ({ context, answers })));
      // The question without an answer has no place in v1.1.
      expect(asked).toHaveLength(format === 'squad-v1' ? questions - 1 : questions);
      for (const { context, answers } of asked)
        for (const { text, answer_start: start } of answers) expect(cut(context, start, [...text].length)).toBe(text);
    },
  );

  test('the schemas refuse what the formats forbid', () => {
    const with_ = (version: string, question: object): object => ({
      version,
      data: [{ title: 't', paragraphs: [{ context: 'c', qas: [{ id: '1', question: 'q', ...question }] }] }],
    });
    expect(faults(schemaOf('squad-v1'), with_('1.1', { answers: [] }))).not.toEqual([]);
    expect(faults(schemaOf('squad-v2'), with_('v2.0', { answers: [], is_impossible: false }))).toEqual([]);
    const answered = { answers: [{ text: 'c', answer_start: 0 }], is_impossible: true };
    expect(faults(schemaOf('squad-v2'), with_('v2.0', answered))).not.toEqual([]);
    expect(faults(schemaOf('squad-v2'), with_('v2.0', { answers: [] }))).not.toEqual([]);
    const area = { from_name: 'q', to_name: 'p', type: 'textarea' };
    const task = (value: object): object[] => [
      { data: { passage: 'p' }, predictions: [{ result: [{ ...area, value }] }] },
    ];
    expect(faults(schemaOf('label-studio'), task({ text: ['?'] }))).toEqual([]);
    expect(faults(schemaOf('label-studio'), task({ textarea: ['?'] }))).not.toEqual([]);
    expect(faults(schemaOf('label-studio'), task({ text: '?' }))).not.toEqual([]);
  });
});

test('Label Studio: its schema', async () => {
  const tasks = JSON.parse((await fileOf('label-studio')).toString()) as { predictions: unknown[] }[];
  expect(faults(schemaOf('label-studio'), tasks)).toEqual([]);
  expect(tasks.flatMap((task) => task.predictions)).toHaveLength(questions);
});

test('Parquet: hyparquet reads the nested answers of the JSON lines', async () => {
  const bytes = new Uint8Array(await fileOf('hf-parquet')).buffer;
  const json = (await fileOf('hf-jsonl')).toString().trimEnd().split('\n');
  const read = await parquetReadObjects({ file: bytes });
  expect(read).toEqual(json.map((line) => JSON.parse(line) as unknown));
  expect(read.map((row) => row['answers'])).toContainEqual({ text: [], answer_start: [] });
});

test('CSV: csv-parse reads every row back, and the text of each cell', async () => {
  const read = parse<Record<string, string>>(await fileOf('csv'), { columns: true });
  expect(read).toHaveLength(questions);
  expect(new Set(read.map((row) => row['context']))).toEqual(new Set(rows.slice(0, -1).map((row) => row.text)));
  for (const row of read.filter((one) => one['answer_start'] !== '')) {
    const answer = row['answer_text'] ?? '';
    expect(cut(row['context'] ?? '', Number(row['answer_start']), [...answer].length)).toBe(answer);
  }
});

/** SQuAD, Label Studio, Parquet and CSV are above. */
const lines = exportFormats.filter((format) => !/squad|label|parquet|csv|^lab$/u.test(format));
test.each(lines)('%s: each line fits the format', async (format) => {
  const read = (await fileOf(format))
    .toString()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  expect(read.length).toBeGreaterThan(0);
  for (const row of read) expect(faults(`rows#/definitions/${format}`, row)).toEqual([]);
});

test('LAB: a list of passages with their questions', async () => {
  const read = JSON.parse((await fileOf('lab')).toString()) as { questions: string[] }[];
  expect(faults('rows#/definitions/lab', read)).toEqual([]);
  expect(read.flatMap((passage) => passage.questions)).toHaveLength(questions);
});
