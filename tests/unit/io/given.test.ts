/** What a file says of its questions is in the project and goes out again: own ids, every answer, that there is none. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { exportProject } from '../../../src-main/engine/io/export.ts';
import type { Project } from '../../../src-main/engine/store/project.ts';
import { exportSettings, type ExportSettings } from '../../../src-main/shared/contract/exporting.ts';
import { take, workplace } from './project.ts';

const place = workplace();
afterAll(() => place.close());

const context = '🪔 The lamp burns oil. Oil is cheap, and the lamp burns all night.';
const squad = {
  version: 'v2.0',
  data: [
    {
      title: 'Lamps',
      paragraphs: [
        {
          context,
          qas: [
            {
              id: 'lamp-1',
              question: 'What burns?',
              answers: [
                { text: 'The lamp', answer_start: 2 },
                { text: 'the lamp', answer_start: 40 },
                { text: 'The lamp', answer_start: 2 },
              ],
              is_impossible: false,
            },
            { id: 'lamp-2', question: 'Who made the lamp?', answers: [], is_impossible: true },
            { id: 'lamp-3', question: 'Why is oil cheap?', answers: [], is_impossible: false },
          ],
        },
      ],
    },
  ],
};
const source = place.file('squad.json', JSON.stringify(squad));

async function imported(from: { path: string }, questionsAs: 'references' | 'candidates'): Promise<Project> {
  const project = place.project();
  const { problems } = await take(project, from, { questionsAs });
  expect(problems).toEqual([]);
  return project;
}

let count = 0;
async function exported(project: Project, wanted: Partial<ExportSettings>): Promise<string> {
  const folder = join(place.folder, `out-${(count += 1)}`);
  const statuses = ['undecided', 'accepted', 'edited'];
  const settings = exportSettings.parse({ folder, includeReferences: true, statuses, ...wanted });
  return (await exportProject(project, settings)).files[0] ?? '';
}

test.each(['references', 'candidates'] as const)('SQuAD v2 as %s goes out as it came', async (questionsAs) => {
  const file = await exported(await imported(source, questionsAs), { format: 'squad-v2' });
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(squad);
});

test.each([
  ['squad-v2', undefined],
  ['hf-jsonl', ['id', 'title', 'answers', 'is_impossible']],
  ['hf-parquet', ['id', 'title', 'answers', 'is_impossible']],
] as const)('%s comes in again with the same ids, answers and impossible questions', async (format, fields) => {
  const wanted = fields === undefined ? { format } : { format, fields: [...fields] };
  const file = await exported(await imported(source, 'candidates'), wanted);
  const again = await exported(await imported({ path: file }, 'references'), { format: 'squad-v2' });
  expect(JSON.parse(readFileSync(again, 'utf8'))).toEqual(squad);
});

test('CSV keeps ids and impossible questions, and the first answer', async () => {
  const file = await exported(await imported(source, 'references'), { format: 'csv' });
  const again = await exported(await imported({ path: file }, 'candidates'), { format: 'squad-v2' });
  const read = JSON.parse(readFileSync(again, 'utf8')) as typeof squad;
  const [first, ...rest] = squad.data[0]?.paragraphs[0]?.qas ?? [];
  expect(read.data[0]?.paragraphs[0]?.qas).toEqual([{ ...first, answers: first?.answers.slice(0, 1) }, ...rest]);
});

test('an answer that a person marks stands for those of the file; an impossible question becomes answerable', async () => {
  const project = await imported(source, 'candidates');
  const questions = project.candidates([...project.passageIds({})][0] ?? '');
  const answer = { start: 3, end: 11 };
  project.history.append(
    project.person().id,
    questions.map(({ id }) => ({ kind: 'answer', item: id, payload: { answer } })),
  );
  const read = JSON.parse(readFileSync(await exported(project, { format: 'squad-v2' }), 'utf8')) as typeof squad;
  const asked = read.data[0]?.paragraphs[0]?.qas;
  expect(asked?.map(({ id }) => id)).toEqual(['lamp-1', 'lamp-2', 'lamp-3']);
  for (const one of asked ?? [])
    expect(one).toMatchObject({ answers: [{ text: 'The lamp', answer_start: 2 }], is_impossible: false });
});

test('an own id that comes twice is written once', async () => {
  const rows = ['What is it?', 'Where is it?'].map((question) => ({ id: '7', text: context, question }));
  const lines = place.file('twice.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  const file = await exported(await imported(lines, 'references'), { format: 'hf-jsonl' });
  const ids = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { id: string }).id);
  expect(ids[0]).toBe('7');
  expect(new Set(ids).size).toBe(2);
});

test('fields are written as chosen, and the card lists the columns that are there', async () => {
  const project = await imported(source, 'candidates');
  const keys = (file: string): string[] =>
    Object.keys(JSON.parse(readFileSync(file, 'utf8').split('\n')[0] ?? '') as object);
  const cardOf = (file: string): string => readFileSync(join(file, '..', 'README.md'), 'utf8');
  const named = (card: string): string[] => [...card.matchAll(/^ {2}- name: (\w+)$/gmu)].map(([, name = '']) => name);
  const usual = await exported(project, { format: 'hf-jsonl', lineage: true });
  expect(named(cardOf(usual))).toEqual(keys(usual));
  expect(keys(usual)).toContain('lineage');
  expect(cardOf(usual)).toContain('its file called the question unanswerable');
  const few = await exported(project, { format: 'hf-jsonl', fields: ['language', 'is_impossible'] });
  expect(keys(few).toSorted()).toEqual(['context', 'is_impossible', 'language', 'question']);
  expect(named(cardOf(few)).toSorted()).toEqual(keys(few).toSorted());
  expect(cardOf(few)).toContain('Where `is_impossible` is true');
  const csv = readFileSync(await exported(project, { format: 'csv', fields: ['id'] }), 'utf8');
  expect(csv.split('\r\n')[0]).toBe('id,context,question');
  expect(keys(await exported(project, { format: 'lmqg', fields: ['id', 'answer'] }))).toEqual(
    expect.arrayContaining(['id', 'answer']),
  );
});

test('a row without lines is told by its place, a moved answer and an unclear language with what was made of them', async () => {
  const project = place.project();
  const qas = [
    { id: '1', question: 'What burns?', answers: [{ text: 'lamp', answer_start: 9 }] },
    { id: '2', question: 'Who?', answers: [{ text: 'Nobody', answer_start: 0 }] },
  ];
  const paragraphs = [
    { context: 'A lamp burns oil, and it is cheap.', qas: [] },
    { context: 'The lamp burns all night.', qas },
  ];
  const squad = place.file('places.json', JSON.stringify({ version: '1.1', data: [{ title: 'T', paragraphs }] }));
  const { problems } = await take(project, squad);
  expect(problems).toMatchObject([
    { line: null, place: 'data[0].paragraphs[1]', key: 'problem.moved', values: { start: 9, at: 4 } },
    { line: null, place: 'data[0].paragraphs[1]', key: 'problem.answer' },
  ]);
  const list = ['La lampe brûle toute la nuit.', 'De l’huile est dans la lampe.', '日本のランプはとても明るい。'];
  const unclear = place.file('list.json', JSON.stringify(list.map((content) => ({ content }))));
  const { imported, problems: told } = await take(project, unclear);
  expect(told).toMatchObject([{ place: '#3', key: 'problem.unclearLanguage', values: { language: 'fr' } }]);
  expect(imported.passages).toBe(3);
  const last = [...project.passageIds({})].at(-1) ?? '';
  expect(project.passage(last)).toMatchObject({ language: 'fr', text: list[2] });
});
