import { expect, test } from 'vitest';
import type { ScoreTable } from '../../src-main/shared/contract/evaluation.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import {
  countLeads,
  farthest,
  findComparison,
  identity,
  latestRun,
  leadOf,
} from '../../src-renderer/features/models/comparison.ts';

const run = (id: string, generator: string, against: string[] = [], state: Job['state'] = 'done'): Job => ({
  id,
  kind: 'evaluate',
  state,
  title: id,
  done: 1,
  total: 1,
  rate: null,
  secondsLeft: null,
  provider: null,
  problems: 0,
  message: null,
  startedAt: Number(id.slice(1)),
  endedAt: null,
  settings: { source: { kind: 'generator', generator }, against, profile: 'paper' },
  result: null,
});

test('two generators are compared by a run of one against a run of the other', () => {
  const jobs = [run('r1', 'rules'), run('r2', 'model'), run('r3', 'other'), run('r4', 'model', ['r3', 'r1'])];
  expect(findComparison(jobs, 'model', 'rules', 'paper')).toEqual({ id: 'r4', other: 2, swapped: false });
  expect(findComparison(jobs, 'rules', 'model', 'paper')).toEqual({ id: 'r4', other: 2, swapped: true });
  expect(findComparison(jobs, 'rules', 'other', 'paper')).toBeNull();
  expect(findComparison(jobs, 'model', 'rules', 'plain')).toBeNull();
});

test('a bundle is known by its hash: another one with its id has no comparison', () => {
  const hashed = (job: Job, hash: string): Job => ({ ...job, settings: { ...job.settings, hash } });
  const jobs = [run('r1', 'rules'), hashed(run('r2', 'model', ['r1']), 'old')];
  expect(findComparison(jobs, identity({ id: 'model', hash: 'old' }), 'rules', 'paper')?.id).toBe('r2');
  expect(findComparison(jobs, identity({ id: 'model', hash: 'new' }), 'rules', 'paper')).toBeNull();
});

test('who leads is told from B, whichever side the run is of; only what is clear is counted', () => {
  const table = (value: number, p: number): ScoreTable => ({
    language: 'en',
    passages: 1,
    systems: ['own', 'other'].map((name) => ({ name, baseline: false, unanswered: 0, values: [] })),
    comparisons: [
      { other: 'other', metrics: [{ metric: 'rougeL', difference: { value, low: value - 1, high: value + 2, p } }] },
    ],
  });
  const own = { id: 'r', other: 1, swapped: false };
  expect(leadOf(table(3, 0.01), own)).toEqual({ value: -3, low: -5, high: -2, clear: true });
  expect(leadOf(table(3, 0.01), { ...own, swapped: true })).toEqual({ value: 3, low: 2, high: 5, clear: true });
  const leads = [table(3, 0.01), table(-2, 0.04), table(-2, 0.2)].map((one) => leadOf(one, own));
  expect(countLeads([...leads, null])).toEqual({ a: 1, b: 1, none: 2 });
});

test('the newest finished run counts', () => {
  const jobs = [run('r1', 'a'), run('r2', 'b', ['r1']), run('r3', 'b', ['r1']), run('r4', 'b', ['r1'], 'running')];
  expect(findComparison(jobs, 'a', 'b', 'paper')?.id).toBe('r3');
});

test('where two differ most is told in both directions, each passage once', () => {
  const item = (passageId: string, own: number, other: number) => ({
    ...{ passageId, title: '', output: '', reference: '', references: 1 },
    scores: { rougeL: own },
    other: { output: '', score: other },
  });
  const items = [item('same', 50, 50), item('worse', 20, 40), item('better', 90, 10), item('same', 50, 50)];
  expect(farthest(items).map(({ passageId }) => passageId)).toEqual(['better', 'worse', 'same']);
});

test('speed is of the newest finished run of that generator', () => {
  const generation = (id: string, generator: string, questions: number, state: Job['state'] = 'done'): Job => ({
    ...run(id, generator, [], state),
    ...{ kind: 'generate', provider: 'cpu', settings: { generator }, result: { questions } },
    endedAt: Number(id.slice(1)) + 2000,
  });
  const jobs = [generation('r1000', 'a', 10), generation('r5000', 'a', 30), generation('r9000', 'a', 1, 'stopped')];
  expect(latestRun([...jobs, generation('r9999', 'b', 100)], 'a')).toEqual({ rate: 15, provider: 'cpu' });
  expect(latestRun(jobs, 'b')).toBeNull();
});
