/** The same file is the same rows on every machine; under another name its rows are the same wherever they name their document. */
import { afterAll, expect, test } from 'vitest';
import type { Project } from '../../../src-main/engine/store/project.ts';
import { rowLines, rows, take, workplace } from './project.ts';

const place = workplace();
afterAll(() => place.close());

function ids(project: Project): unknown {
  const of = (table: string): unknown[] =>
    project.database.prepare(`SELECT id FROM ${table} ORDER BY id`).pluck().all();
  return {
    documents: of('documents'),
    passages: of('passages'),
    references: of('references_'),
    candidates: of('candidates'),
  };
}

const squad = JSON.stringify({
  version: '1.1',
  data: rows.map(({ title, text, questions }) => ({
    title,
    paragraphs: [
      { context: text, qas: questions.map(({ question }, index) => ({ id: `q${index}`, question, answers: [] })) },
    ],
  })),
});
const lab = JSON.stringify(
  rows.map(({ title, text, questions }) => ({ title, content: text, questions: questions.map((one) => one.question) })),
);
const csv = `title,text,question\n${rows.map((row) => [row.title, row.text, row.questions[0]?.question ?? ''].map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')).join('\n')}`;
const plain = rows.map(({ text }) => text.replaceAll('\n', ' ')).join('\n\n');
const files = [
  ['rows.jsonl', rowLines],
  ['squad.json', squad],
  ['lab.json', lab],
  ['rows.csv', csv],
  ['rows.tsv', csv.replaceAll('","', '"\t"').replace('title,text,question', 'title\ttext\tquestion')],
  ['plain.txt', plain],
  ['plain.md', `# Lamps\n\n${plain}`],
] as const;

test.each(files)('%s: two projects have the same ids, whoever imported it and however often', async (name, content) => {
  const source = place.file(name, content);
  for (const questionsAs of ['references', 'candidates'] as const) {
    const [one, two] = [place.project(), place.project()];
    await take(one, source, { questionsAs });
    for (let time = 0; time < 2; time += 1) await take(two, source, { questionsAs });
    expect(ids(two)).toEqual(ids(one));
    expect(one.counts().passages).toBeGreaterThan(0);
  }
});

test('rows that name their document are the same under another file name, their questions too', async () => {
  const project = place.project();
  const named = rows
    .filter((row) => row.document !== '')
    .map((row) => JSON.stringify(row))
    .join('\n');
  await take(project, place.file('first.jsonl', named), { questionsAs: 'candidates' });
  const before = ids(project);
  const { imported } = await take(project, place.file('second.jsonl', named), { questionsAs: 'candidates' });
  expect(ids(project)).toEqual(before);
  expect(imported).toMatchObject({ passages: 0, candidates: 0 });
});

test('a question whose id held the name of its file, as earlier ones did, is not doubled', async () => {
  const project = place.project();
  const source = place.file('rows.jsonl', rowLines);
  await take(project, source, { questionsAs: 'candidates' });
  const { candidates } = project.counts();
  project.database.pragma('foreign_keys = OFF');
  project.database.exec("UPDATE candidates SET id = 'x' || id; UPDATE states SET candidate_id = 'x' || candidate_id");
  await take(project, source, { questionsAs: 'candidates' });
  expect(project.counts().candidates).toBe(candidates);
});
