/** A run meets what goes wrong: with a real process, which the test kills or gives what it refuses. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Timers from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import type { ClientPort } from '../../src-main/inference/client.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import type { Generator } from '../../src-main/shared/contract/generation.ts';
import type { Job, Problem } from '../../src-main/shared/contract/types.ts';
import type { RequestFrame } from '../../src-main/shared/inference.ts';
import { caller } from './campaign.ts';

/** The waits between two processes, in milliseconds; they pass at once here. */
const waits = vi.hoisted(() => [] as number[]);
vi.mock('node:timers/promises', async (original) => {
  const timers = await original<typeof Timers>();
  const setTimeout = (time: number, value: unknown, options: object): Promise<unknown> => {
    if (time >= 500) waits.push(time);
    return timers.setTimeout(Math.min(time, 5), value, options);
  };
  return { ...timers, setTimeout };
});

type Sent = RequestFrame & { params?: { items?: { id: string; text: string }[] } };
type Hook = (frame: Sent, process: SpawnedInference) => void;

let folder: string;
let engine: Engine;
let call: ReturnType<typeof caller>;
let model: Generator;
let started: SpawnedInference[];
/** Sees each message to the process before it does. */
let hook: Hook;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-generation-'));
  cpSync('tests/inference/fixture/pointer', join(folder, 'models', 'pointer'), { recursive: true });
  started = [];
  hook = () => undefined;
  waits.length = 0;
  engine = createEngine({
    userData: folder,
    resources: 'resources',
    emit: () => undefined,
    inference() {
      const spawned = spawnInference();
      started.push(spawned);
      const { port } = spawned;
      const hooked: ClientPort = {
        on: port.on.bind(port),
        postMessage(frame) {
          hook(frame as Sent, spawned);
          port.postMessage(frame);
        },
      };
      return Promise.resolve(hooked);
    },
  });
  call = caller(engine);
  await call('projects', 'create', { path: join(folder, 'p.asklab'), name: 'P', person: 'Ada' });
  const text = Array.from({ length: 60 }, (_, at) => `The mill number ${at} was built by the river Aire.`);
  const job = await call<Job>('importing', 'start', {
    sources: [{ text: text.join('\n\n'), title: 'Mills' }],
    options: { language: 'en' },
  });
  await engine.runner()?.wait(job.id);
  const generators = await call<Generator[]>('generation', 'generators');
  model = generators.find(({ path }) => path?.startsWith(folder)) as Generator;
});
afterEach(async () => {
  await engine.close();
  for (const one of started) one.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const start = (): Promise<Job> =>
  call<Job>('generation', 'start', { generator: model.id, passages: {}, device: 'cpu', candidates: 3 });
const ended = async ({ id }: Job): Promise<Job> => (await engine.runner()?.wait(id)) as Job;
const passage = (at: number): string => [...(engine.project()?.passageIds({}) ?? [])][at] ?? '';
const asks = ({ params }: Sent, id: string): boolean => params?.items?.some((item) => item.id.startsWith(id)) ?? false;
const asked = (): number =>
  engine.project()?.database.prepare('SELECT count(DISTINCT passage_id) FROM candidates').pluck().get() as number;
const problems = ({ id }: Job): Promise<Problem[]> => call<Problem[]>('jobs', 'problems', { id });

test('the passage that ends the process twice is named and left out; the others are asked about, after longer waits', async () => {
  const deadly = passage(7);
  hook = (frame, process_) => {
    if (asks(frame, deadly)) process_.kill('SIGKILL');
  };
  const job = await ended(await start());
  expect(job).toMatchObject({ state: 'done-with-problems', done: 60, problems: 1 });
  expect(await problems(job)).toMatchObject([{ file: deadly, key: 'problem.crashed' }]);
  expect(asked()).toBe(59);
  // With others, then twice alone, and a fourth process for the rest.
  expect(started).toHaveLength(4);
  expect(waits).toEqual([1000, 1000, 2000]);
});

test('a passage that the process refuses is named with its reason, and is asked about again on request', async () => {
  const odd = passage(30);
  hook = (frame) => {
    for (const item of frame.params?.items ?? []) if (item.id.startsWith(odd)) item.text = '';
  };
  const job = await ended(await start());
  expect(job).toMatchObject({ state: 'done-with-problems', done: 60, problems: 1 });
  const [problem] = await problems(job);
  expect(problem).toMatchObject({ file: odd, key: 'problem.failed' });
  expect(problem?.reason).toMatch(/^No question could be made: .+/u);
  expect(started).toHaveLength(1);
  expect(asked()).toBe(59);
  hook = () => undefined;
  await call('generation', 'retry', { jobId: job.id });
  expect(await ended(job)).toMatchObject({ state: 'done', done: 60, problems: 0 });
  expect(asked()).toBe(60);
  expect(await problems(job)).toEqual([]);
});

test('a process that ends while it loads the model fails the run, not one passage after the other', async () => {
  hook = ({ kind, ...frame }, process_) => {
    if (kind === 'call' && 'method' in frame && frame.method === 'load') process_.kill('SIGKILL');
  };
  expect(await ended(await start())).toMatchObject({ state: 'failed', done: 0, failure: { code: 'inference-died' } });
  expect(started).toHaveLength(3);
});

test('a pause cancels what the process is at; going on asks that again, and nothing is there twice', async () => {
  const kinds: string[] = [];
  let paused: Promise<Job> | null = null;
  hook = ({ kind, ...frame }) => {
    kinds.push(kind);
    const first = 'method' in frame && frame.method === 'generate' && paused === null;
    if (first) paused = Promise.resolve().then(() => call<Job>('jobs', 'pause', { id: job.id }));
  };
  const job = await start();
  await expect.poll(() => kinds).toContain('cancel');
  expect(await paused).toMatchObject({ state: 'paused' });
  const before = asked();
  expect(before).toBeLessThan(24); // a request's worth
  await call('jobs', 'resume', { id: job.id });
  expect(await ended(job)).toMatchObject({ state: 'done', done: 60, problems: 0 });
  expect(asked()).toBe(60);
  const doubled = 'SELECT 1 FROM candidates GROUP BY passage_id, original HAVING count(*) > 1';
  expect(engine.project()?.database.prepare(doubled).all()).toEqual([]);
});

test('questions for one passage do not wait for a run that asks the same model: they are asked first, and by one model', async () => {
  const asks: { priority: unknown; items: number }[] = [];
  let loads = 0;
  let awaited: Promise<Job> | null = null;
  hook = ({ params, ...frame }) => {
    if ('method' in frame && frame.method === 'load') loads += 1;
    const { items, priority } = (params ?? {}) as { items?: unknown[]; priority?: string };
    if (items === undefined) return;
    asks.push({ priority, items: items.length });
    awaited ??= call<Job>('generation', 'start', { ...settings, passages: { ids: [passage(50)] } });
  };
  const settings = { generator: model.id, device: 'cpu', candidates: 3 };
  const run = await call<Job>('generation', 'start', { ...settings, passages: {} });
  await expect.poll(() => awaited).not.toBeNull();
  const first = await ended((await awaited) as unknown as Job);
  expect(first).toMatchObject({ state: 'done', done: 1 });
  expect(engine.project()?.jobs.get(run.id)).toMatchObject({ state: 'running' });
  const here = engine.project()?.candidates(passage(50)) ?? [];
  expect(here.map(({ lineage }) => lineage.jobId)).toEqual(here.map(() => first.id));
  expect(here.length).toBeGreaterThan(0);
  expect(await ended(run)).toMatchObject({ state: 'done', done: 60, problems: 0 });
  expect(loads).toBe(1);
  expect(asks.filter(({ priority }) => priority === 'interactive')).toHaveLength(1);
  expect(asks[1]?.priority).toBe('interactive');
});

test('questions for one passage wait where another model is at work, and after what waits already', async () => {
  const bundled = { generator: 'lalm-five-languages', device: 'cpu', candidates: 3 };
  const run = await start();
  const other = await call<Job>('generation', 'start', { ...bundled, passages: { ids: [passage(1)] } });
  expect(other.state).toBe('queued');
  const same = await call<Job>('generation', 'start', { generator: model.id, passages: { ids: [passage(2)] } });
  const order: string[] = [];
  await Promise.all([run, other, same].map(async (job) => order.push((await ended(job)).id)));
  expect(order).toEqual([run.id, other.id, same.id]);
});

test('a question keeps where it comes from: rank and words of the model, what it was asked, and how it computed', async () => {
  const bundled = 'lalm-five-languages';
  const passages = { ids: [passage(0), passage(1)] };
  const settings = { generator: bundled, passages, device: 'cpu', candidates: 3, decoding: { beams: 3 }, seed: 5 };
  await ended(await call<Job>('generation', 'start', settings));
  const questions = passages.ids.flatMap((id) => engine.project()?.candidates(id) ?? []);
  expect(questions.length).toBeGreaterThan(1);
  const hash = (await call<Generator[]>('generation', 'generators')).find(({ id }) => id === bundled)?.hash;
  for (const { lineage, original, score } of questions) {
    expect(lineage).toMatchObject({ hash, provider: 'cpu', focus: 'sentences', seed: 5, score });
    expect(lineage.precision).toMatch(/^(fp32|int8)$/u);
    expect(lineage.decoding).toMatchObject({ method: 'beam', beams: 3 });
    expect([0, 1, 2]).toContain(lineage.rank);
    expect(lineage.raw).toBe(lineage.raw.toLowerCase());
    expect(original).toMatch(/^[A-Z]/u); // the capital is restored, not the model's
  }
  for (const format of ['csv', 'hf-jsonl', 'argilla']) {
    const out = join(folder, format);
    const statuses = ['undecided', 'aside'];
    await ended(await call<Job>('exporting', 'start', { format, folder: out, statuses, lineage: true }));
    const file = readdirSync(out).find((name) => name.startsWith('train')) ?? '';
    expect(readFileSync(join(out, file), 'utf8')).toMatch(/precision\W+(fp32|int8)\W+focus\W+sentences\W/u);
  }
});
