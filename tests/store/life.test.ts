/** kill -9 of the engine while it imports, generates, chooses, exports and is reviewed with, at random moments. */
import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { importFile } from '../../src-main/engine/io/import.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { activities, passagesPerImport, passagesPerSet, writePassages } from './life.ts';

/** With the 20 kills of the whole app in tests/e2e/kill.test.ts: 200. */
const rounds = Number(process.env['LIFE_ROUNDS'] ?? 180);
/** A project lives through so many, then goes on to its end; a new one takes its place and stays small. */
const roundsOfOne = 45;
const longest = 300; // milliseconds from what a round first says to its kill
const folder = mkdtempSync(join(tmpdir(), 'asklab-life-'));
/** Compiled code is kept from one process to the next: they start four times as fast. */
const environment = { NODE_COMPILE_CACHE: join(folder, 'compiled') };
afterAll(() => rmSync(folder, { recursive: true, force: true }));

type Said = [kind: string, value: string];
/** Kills by what they hit. */
const hits: Record<string, number> = {};

/** A process that loads its code and waits. */
function prepare(place: string, round: number): ChildProcess {
  return spawn(
    process.execPath,
    [join(import.meta.dirname, 'life.ts'), join(place, 'life.asklab'), place, String(round)],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    },
  );
}

/** Lets the process go and kills it a while after it has begun to work; gives what it had said by then. */
function killedRun(child: ChildProcess): Promise<Said[]> {
  return new Promise((done, fail) => {
    let output = '';
    let errors = '';
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout?.on('data', (chunk: Buffer) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * longest);
      output += chunk.toString();
    });
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') return fail(new Error(errors));
      const lines = output.split('\n').slice(0, -1);
      done(lines.map((line) => JSON.parse(line) as Said));
    });
    child.stdin?.write('\n');
  });
}

/** The job that the kill hit, or 'review' between two jobs and where there was none. */
function hitBy(said: readonly Said[]): string {
  const last = said.findLast(([kind]) => kind === 'begun' || kind === 'ended');
  return last?.[0] === 'begun' ? last[1] : 'review';
}

/** Everything that is derived, from what it is derived of. */
function checkWhole(project: Project): void {
  const { database } = project;
  const value = (sql: string): unknown => database.prepare(sql).pluck().get();
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  expect(value('SELECT count(*) FROM passage_search')).toBe(value('SELECT count(*) FROM passages'));
  expect(value('SELECT count(*) FROM candidate_search')).toBe(value('SELECT count(*) FROM candidates'));
  expect(
    value('SELECT count(*) FROM (SELECT 1 FROM candidates GROUP BY passage_id, original HAVING count(*) > 1)'),
  ).toBe(0);
  const members = 'SELECT (SELECT count(*) FROM set_members WHERE set_number = number) FROM sets';
  for (const count of database.prepare(members).pluck().all()) expect(count).toBe(passagesPerSet);
  const derived = (): unknown => [
    database.prepare('SELECT * FROM states ORDER BY candidate_id').all(),
    database.prepare('SELECT id, candidates, undecided, accepted FROM passages ORDER BY id').all(),
    database.prepare('SELECT id, passages FROM documents ORDER BY id').all(),
    project.counts(),
  ];
  const before = derived();
  expect(before).toEqual((project.history.rebuild(), derived()));
  const statuses = database.prepare('SELECT status, count(*) AS n FROM states GROUP BY status').all() as {
    status: string;
    n: number;
  }[];
  for (const { status, n } of statuses) expect(project.counts()).toMatchObject({ [status]: n });
}

/** Whatever stands still goes on to its end, and every import that was acknowledged is whole. */
async function goOn(place: string, imported: number): Promise<void> {
  const inference: SpawnedInference[] = [];
  const engine = createEngine({
    userData: join(place, 'user'),
    resources: resolve('resources'),
    emit: () => undefined,
    inference: () => {
      inference.push(spawnInference({ environment }));
      return Promise.resolve(inference.at(-1)?.port);
    },
  });
  const call = (service: string, method: string, input: unknown): Promise<unknown> =>
    dispatch(contract, engine.handlers, service, method, input, new AbortController().signal);
  await call('projects', 'open', { path: join(place, 'life.asklab') });
  for (const job of engine.project()?.jobs.list() ?? []) {
    if (job.state !== 'stopped') continue;
    await call('jobs', 'resume', { id: job.id });
    expect(await engine.runner()?.wait(job.id)).toMatchObject({ state: 'done', message: null });
  }
  const chosen = engine.project()?.jobs.list() ?? [];
  expect(await call('sets', 'list', {})).toHaveLength(chosen.filter(({ kind }) => kind === 'choose').length);
  const passages = engine.project()?.counts().passages ?? 0;
  // An import whose acknowledgement the kill cut off is there as a whole, too.
  expect(passages % passagesPerImport).toBe(0);
  expect(passages).toBeGreaterThanOrEqual(imported * passagesPerImport);
  await engine.close();
  for (const process of inference) process.kill();
}

const lives = Array.from({ length: Math.ceil(rounds / roundsOfOne) }, (_, life) => life * roundsOfOne);
test.each(lives)(
  'after kill -9 nothing that was acknowledged is lost, nothing is half there, jobs go on (from round %i)',
  { timeout: roundsOfOne * 30_000 },
  async (first) => {
    const place = join(folder, String(first));
    const path = join(place, 'life.asklab');
    mkdirSync(join(place, 'user', 'models'), { recursive: true });
    cpSync('tests/inference/fixture/pointer', join(place, 'user', 'models', 'pointer'), { recursive: true });
    const project = Project.create(path, { name: 'Life', person: 'Ada' });
    writePassages(join(place, 'first.jsonl'), 0);
    await importFile(project, { path: join(place, 'first.jsonl') }, { questionsAs: 'candidates' }, (problem) =>
      expect(problem).toBeNull(),
    );
    project.close();
    const acknowledged: unknown[] = [];
    let imported = 1;
    const end = Math.min(rounds, first + roundsOfOne);
    let next = prepare(place, first);
    for (let round = first; round < end; round += 1) {
      const said = await killedRun(next);
      if (round + 1 < end) next = prepare(place, round + 1);
      const hit = hitBy(said);
      hits[hit] = (hits[hit] ?? 0) + 1;
      for (const [kind, value] of said) {
        if (kind === 'decided') acknowledged.push(value);
        if (kind === 'imported') imported += 1;
        if (kind === 'ended') expect(value).toMatch(/: done$/);
      }
      const project = Project.open(path);
      const known = new Set(project.database.prepare('SELECT id FROM events').pluck().all());
      expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
      expect(project.jobs.list().filter(({ state }) => state !== 'done' && state !== 'stopped')).toEqual([]);
      checkWhole(project);
      project.close();
      const written = join(place, 'export', 'train.jsonl');
      if (existsSync(written)) for (const line of readFileSync(written, 'utf8').trimEnd().split('\n')) JSON.parse(line);
    }
    expect(acknowledged.length).toBeGreaterThan(end - first);
    await goOn(place, imported);
  },
);

test('the kills hit every kind of work', () => {
  console.info(`kill -9 of the engine, ${rounds} rounds, by what it hit:`, hits);
  for (const kind of ['import', 'generate', 'choose', 'export', 'review'])
    expect(hits[kind] ?? 0, kind).toBeGreaterThanOrEqual(Math.floor(rounds / activities.length / 4));
});
