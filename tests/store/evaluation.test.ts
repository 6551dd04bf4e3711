/** Automatic evaluation through the engine: a run by the rules and one from a file, stopped and gone on with. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { EvaluationStore } from '../../src-main/engine/evaluation/store.ts';
import { evaluationSettings } from '../../src-main/shared/contract/evaluation.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { splitSentences } from '../../src-main/shared/text/sentences.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-evaluation-'));
const resources = join(import.meta.dirname, '../../resources');
const call = { signal: new AbortController().signal };
let engine: Engine;

const passages = Array.from({ length: 8 }, (_item, at) => ({
  text: `The salt lamp number ${String(at)} of the old harbour was built by Ida Marsh in ${String(1900 + at)}. It burned oil for ${String(at + 3)} years. Ships saw it from far away.`,
  question: `When was lamp number ${String(at)} of the harbour built?`,
}));

function open(): void {
  engine = createEngine({ userData: folder, resources, emit: () => undefined });
}

beforeAll(async () => {
  open();
  await engine.handlers.projects.create({ path: join(folder, 'p.asklab'), name: 'p', person: 'Mina' }, call);
  const project = engine.project();
  if (project === null) throw new Error('open');
  const documentId = project.addDocument({ key: 'lamps', title: 'Lamps', source: 'test' });
  passages.forEach(({ text, question }, at) => {
    const { id } = project.addPassage({
      documentId,
      position: at + 1,
      title: `Lamp ${String(at)}`,
      text,
      language: 'en',
      sentences: splitSentences(text, 'en'),
      words: 30,
      externalId: null,
    });
    project.addReference({ passageId: id, question, answer: null, externalId: null });
  });
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

async function finished(settings: object): Promise<Job> {
  const job = await engine.handlers.evaluation.start(evaluationSettings.parse(settings), call);
  const runner = engine.runner();
  if (runner === null) throw new Error('open');
  return runner.wait(job.id);
}

test('scores a file beside both baselines, drills down, compares two runs and exports one signature a column', async () => {
  expect(await engine.handlers.evaluation.available({ passages: {} }, call)).toEqual([{ language: 'en', passages: 8 }]);
  const file = join(folder, 'out.jsonl');
  const row = ({ text, question }: (typeof passages)[number], at: number): string =>
    JSON.stringify({ passage: text, output: at === 0 ? 'Who?' : question });
  writeFileSync(file, `${passages.map(row).join('\n')}\nnot json\n`);
  const job = await finished({ name: 'A|file & co', source: { kind: 'file', path: file } });
  expect(job).toMatchObject({ state: 'done-with-problems', done: 8, result: { passages: 8 } });
  const [table] = await engine.handlers.evaluation.tables({ id: job.id }, call);
  expect(table?.systems.map(({ baseline }) => baseline)).toEqual([false, true, true]);
  const bleu =
    table?.systems.map(({ values }) => values.find(({ metric }) => metric === 'bleu4')?.score.value ?? 0) ?? [];
  expect(bleu[0]).toBeGreaterThan(80);
  expect(bleu[1]).toBeLessThan(50);
  expect(table?.comparisons[0]?.metrics.find(({ metric }) => metric === 'bleu4')?.difference.p).toBeLessThan(0.05);
  const names = table?.systems[1]?.values.map(({ metric }) => metric) ?? [];
  expect(names).toContain('copiedShare');

  const query = { id: job.id, language: 'en', system: 0, metric: 'rougeL', offset: 0, limit: 3 } as const;
  const worst = await engine.handlers.evaluation.items({ ...query, other: null, order: 'worst' }, call);
  expect(worst.total).toBe(8);
  expect(worst.items[0]).toMatchObject({
    output: 'Who?',
    reference: passages[0]?.question,
    references: 1,
    other: null,
  });
  const best = await engine.handlers.evaluation.items({ ...query, other: 1, order: 'best' }, call);
  expect(best.items[0]?.scores.rougeL).toBeCloseTo(100, 6);
  expect(best.items[0]?.other?.output).toMatch(/\?$/u);

  const markdown = (await engine.handlers.evaluation.exported({ id: job.id, format: 'markdown' }, call)).text;
  expect(markdown).toContain('| A\\|file & co |');
  expect(markdown.match(/metric:bleu4\|/gu)).toHaveLength(1);
  expect((await engine.handlers.evaluation.exported({ id: job.id, format: 'latex' }, call)).text).toContain(
    'A|file \\& co',
  );
  expect((await engine.handlers.evaluation.exported({ id: job.id, format: 'csv' }, call)).text).toContain(
    'central sentence,yes,0,bleu4',
  );

  const rules = await finished({
    name: 'By rules',
    source: { kind: 'generator', generator: rulesVersion },
    against: [job.id],
    perLanguage: 5,
  });
  const [own] = await engine.handlers.evaluation.tables({ id: rules.id }, call);
  expect(own?.passages).toBe(5);
  expect(own?.systems.map(({ name }) => name.replace(/ \(.*/u, ''))).toEqual([
    'rules',
    'A|file & co',
    'central sentence',
  ]);
});

test('a passage without a question counts as 0, and how many there are is said in the table and in every file', async () => {
  const file = join(folder, 'gaps.jsonl');
  const row = ({ text, question }: (typeof passages)[number], at: number): string =>
    JSON.stringify({ passage: text, output: at < 2 ? ' ' : question });
  writeFileSync(file, passages.map(row).join('\n'));
  const { id } = await finished({ name: 'Gaps', source: { kind: 'file', path: file } });
  const [table] = await engine.handlers.evaluation.tables({ id }, call);
  expect(table?.systems.map(({ unanswered }) => unanswered)).toEqual([2, 0, 0]);
  expect(table?.systems[0]?.values.find(({ metric }) => metric === 'rougeL')?.score.value).toBeCloseTo(75, 6);
  for (const format of ['markdown', 'latex'] as const)
    expect((await engine.handlers.evaluation.exported({ id, format }, call)).text).toContain(
      'Gaps (no question for 2 of 8 passages, each counts as 0)',
    );
  expect((await engine.handlers.evaluation.exported({ id, format: 'csv' }, call)).text).toContain(
    'Gaps,no,2,rougeL,75',
  );
});

test('goes on after it was stopped, with the questions it had', async () => {
  const job = await engine.handlers.evaluation.start(
    evaluationSettings.parse({ name: 'Stopped', source: { kind: 'generator', generator: rulesVersion } }),
    call,
  );
  await engine.close();
  open();
  await engine.handlers.projects.open({ path: join(folder, 'p.asklab') }, call);
  const project = engine.project();
  expect(project?.jobs.get(job.id).state).toBe('stopped');
  engine.runner()?.resume(job.id);
  await engine.runner()?.wait(job.id);
  expect(project?.jobs.get(job.id)).toMatchObject({ state: 'done', done: 8, result: { passages: 8 } });
});

test('refuses passages without questions, and a file that is not there', async () => {
  const source = { kind: 'generator', generator: rulesVersion };
  const none = evaluationSettings.parse({ name: 'x', passages: { languages: ['ko'] }, source });
  await expect(async () => engine.handlers.evaluation.start(none, call)).rejects.toThrow('reference questions');
  const job = await finished({ name: 'x', source: { kind: 'file', path: join(folder, 'missing') } });
  expect(job).toMatchObject({ state: 'failed' });
  expect(job.message).toContain('choose another file');
});

test('languages of a run stand in the order of every list, not in that of the alphabet', async () => {
  const project = engine.project();
  if (project === null) throw new Error('open');
  const { id } = await finished({ name: 'Three', source: { kind: 'generator', generator: rulesVersion } });
  const store = new EvaluationStore(project.database);
  const [table] = store.tables(id);
  const [output] = store.outputs(id, 'en', 0);
  if (table === undefined || output === undefined) throw new Error('nothing was scored');
  for (const [at, language] of (['hi', 'zh'] as const).entries()) {
    store.add(id, language, { ...output, passageId: store.outputs(id, 'en', 0)[at]?.passageId ?? '' });
    store.finish(id, { ...table, language }, []);
  }
  expect(store.languages(id)).toEqual(['en', 'zh', 'hi']);
  expect(store.tables(id).map(({ language }) => language)).toEqual(['en', 'zh', 'hi']);
});
