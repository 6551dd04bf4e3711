/** Diverse sets in a project: chosen by a job, kept whole or not at all, named by filters. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { PassageSet } from '../../src-main/shared/contract/sets.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { madeTexts } from '../unit/diverse/topics.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-sets-'));
const path = join(folder, 'sets.asklab');
let engine: Engine;
let heard: (job: Job) => void = () => undefined;

function start(): void {
  const emit = (name: string, payload: unknown): void => {
    if (name === 'job') heard(payload as Job);
  };
  engine = createEngine({ userData: join(folder, 'user'), resources: 'resources', emit });
}
const call = <Answer>(service: string, method: string, input: unknown = {}): Promise<Answer> =>
  dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<Answer>;
const count = async (filter: unknown): Promise<number> =>
  (await call<{ passages: number }>('passages', 'count', { filter })).passages;
const choose = async (input: Record<string, unknown>): Promise<Job | undefined> => {
  const { id } = await call<Job>('sets', 'choose', input);
  return engine.runner()?.wait(id);
};

beforeAll(async () => {
  start();
  await call('projects', 'create', { path, name: 'Sets', person: 'Ada' });
  const text = madeTexts(800, 3)
    .map(({ text: made }, index) => `Passage ${index}. ${made}`)
    .join('\n\n');
  const options = { language: 'en' };
  const { id } = await call<Job>('importing', 'start', { sources: [{ text, title: 'Made' }], options });
  await engine.runner()?.wait(id);
  expect(await count({})).toBe(800);
});
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

test('a set is there when its job is done, with how it was chosen, and filters name it', async () => {
  const asked = { name: 'Fifty', number: 50, seed: 4 };
  expect(await choose(asked)).toMatchObject({ state: 'done', done: 800, total: 800, result: { passages: 50 } });
  const [set] = await call<PassageSet[]>('sets', 'list');
  expect(set).toMatchObject({ name: 'Fifty', passages: 50 });
  expect(set?.evidence).toMatchObject({ person: 'Ada', passages: 800, settings: { ...asked, equal: false } });
  expect(set?.evidence.clusters.count).toBe(50);
  expect(await count({ set: 'Fifty' })).toBe(50);
  expect(await count({ set: 'Fifty', languages: ['fr'] })).toBe(0);
  expect(await count({ set: 'None' })).toBe(0);
  const { rows } = await call<{ rows: { id: string }[] }>('passages', 'list', { filter: { set: 'Fifty' } });
  const [of] = await call<{ name: string; cluster: number; near: unknown[] }[]>('sets', 'of', {
    passageId: rows[0]?.id,
  });
  expect(of?.name).toBe('Fifty');
  expect(of?.near).toHaveLength(Math.min(3, (of?.cluster ?? 0) - 1));

  // The same wishes give the same passages, in a set within a set too.
  await choose({ ...asked, name: 'Again' });
  const [one, other] = ['Fifty', 'Again'].map((name) => [...(engine.project()?.passageIds({ set: name }) ?? [])]);
  expect(other).toEqual(one);
  await choose({ name: 'Ten', number: 10, passages: { set: 'Fifty' } });
  expect([...(engine.project()?.passageIds({ set: 'Ten' }) ?? [])].every((id) => one?.includes(id))).toBe(true);

  await expect(call('sets', 'choose', asked)).rejects.toMatchObject({ details: { reason: 'set-name-taken' } });
  expect(await choose({ name: 'Empty', number: 5, passages: { languages: ['ko'] } })).toMatchObject({
    state: 'failed',
    failure: { details: { reason: 'no-passages' } },
  });
  expect((await call<PassageSet[]>('sets', 'remove', { name: 'Again' })).map(({ name }) => name)).toEqual([
    'Fifty',
    'Ten',
  ]);
  expect(await count({})).toBe(800);
});

test('questions of a set are reviewed and exported by its name', async () => {
  const { id } = await call<Job>('generation', 'start', { generator: rulesVersion, passages: { set: 'Fifty' } });
  expect(await engine.runner()?.wait(id)).toMatchObject({ state: 'done', total: 50 });
  const database = engine.project()?.database;
  const asked = database?.prepare('SELECT count(*) FROM passages WHERE candidates > 0').pluck().get();
  const { matching } = await call<{ matching: number }>('review', 'bulkCount', { filter: {} });
  expect(await call('review', 'bulkCount', { filter: { set: 'Fifty' } })).toMatchObject({ matching });
  expect(await call('review', 'bulkCount', { filter: { set: 'None' } })).toMatchObject({ matching: 0 });
  expect(asked).toBeLessThanOrEqual(50);
});

/** Starts choosing and gives the job when so much of it is done. */
async function choosing(name: string, share: number): Promise<string> {
  const far = new Promise<void>((resolve) => {
    heard = (job) => void (job.kind === 'choose' && job.done >= share * (job.total ?? Infinity) && resolve());
  });
  const { id } = await call<Job>('sets', 'choose', { name, number: 300 });
  await far;
  return id;
}

test('other calls are answered while it runs; a cancelled one leaves nothing', async () => {
  const id = await choosing('Cancelled', 0.5);
  expect(await count({})).toBe(800); // while the thread computes
  await call('jobs', 'cancel', { id });
  expect(await engine.runner()?.wait(id)).toMatchObject({ state: 'cancelled', result: null });
  expect((await call<PassageSet[]>('sets', 'list')).some(({ name }) => name === 'Cancelled')).toBe(false);
});

test('one that was cut off is stopped, keeps nothing, and begins anew', async () => {
  const id = await choosing('Stopped', 0.4);
  await engine.close();
  start();
  await call('projects', 'open', { path });
  expect(engine.project()?.jobs.get(id)).toMatchObject({ state: 'stopped', result: null });
  expect(engine.project()?.database.prepare('SELECT name FROM sets').pluck().all()).not.toContain('Stopped');
  await call('jobs', 'resume', { id });
  expect(await engine.runner()?.wait(id)).toMatchObject({ state: 'done', result: { passages: 300 } });
  expect(await count({ set: 'Stopped' })).toBe(300);
  // Cut off between keeping the set and saying so, it has nothing left to do.
  engine.project()?.jobs.update(id, { state: 'stopped', result: null });
  await call('jobs', 'resume', { id });
  expect(await engine.runner()?.wait(id)).toMatchObject({ state: 'done', result: { passages: 300 } });
});
