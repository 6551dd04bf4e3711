import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { row } from '../bench/store/corpus.ts';

const rounds = Number(process.env['LIFE_ROUNDS'] ?? 8);
const longest = Number(process.env['LIFE_MILLISECONDS'] ?? 3000);

/** Runs the process and kills it a while after it has begun to work; gives what it had said by then. */
function killedRun(values: string[]): Promise<[string, unknown][]> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'life.ts'), ...values], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    let errors = '';
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      if (output === '') setTimeout(() => child.kill('SIGKILL'), Math.random() * longest);
      output += chunk.toString();
    });
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') return fail(new Error(errors));
      const lines = output.split('\n').slice(0, -1);
      done(lines.map((line) => JSON.parse(line) as [string, unknown]));
    });
  });
}

/** Everything that is derived, from what it is derived of. */
function checkWhole(project: Project): void {
  const { database } = project;
  const value = (sql: string): unknown => database.prepare(sql).pluck().get();
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  expect(value('SELECT count(*) FROM passage_search')).toBe(value('SELECT count(*) FROM passages'));
  expect(value('SELECT count(*) FROM candidate_search')).toBe(value('SELECT count(*) FROM candidates'));
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

test(
  `after kill -9 while importing, generating, reviewing, exporting nothing is lost or half there (${rounds} rounds)`,
  { timeout: rounds * 60_000 },
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'asklab-life-'));
    const path = join(folder, 'life.asklab');
    const corpus = join(folder, 'corpus.jsonl');
    const lines = Array.from({ length: 250 }, (_, index) => JSON.stringify(row(index, 2)));
    writeFileSync(corpus, lines.join('\n'));
    mkdirSync(join(folder, 'user', 'models'), { recursive: true });
    cpSync('tests/inference/fixture/pointer', join(folder, 'user', 'models', 'pointer'), { recursive: true });
    Project.create(path, { name: 'Life', person: 'Ada' }).close();
    const acknowledged: unknown[] = [];
    const seen = new Map<string, number>();
    for (let round = 0; round < rounds; round += 1) {
      const said = await killedRun([path, corpus, folder, resolve('resources'), String(round)]);
      for (const [kind, value] of said) {
        if (kind === 'decided') acknowledged.push(value);
        const key = kind === 'decided' ? kind : `${kind} ${String(value)}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      }
      const project = Project.open(path);
      const known = new Set(project.database.prepare('SELECT id FROM events').pluck().all());
      expect(acknowledged.filter((id) => !known.has(id))).toEqual([]);
      expect(project.jobs.list().filter((job) => ['running', 'queued', 'paused'].includes(job.state))).toEqual([]);
      checkWhole(project);
      project.close();
      const written = join(folder, 'export', 'train.jsonl');
      if (existsSync(written)) for (const line of readFileSync(written, 'utf8').trimEnd().split('\n')) JSON.parse(line);
    }
    console.info(Object.fromEntries([...seen].sort()));
    expect(acknowledged.length).toBeGreaterThan(rounds);

    // Whatever stands still goes on to its end.
    const inference: SpawnedInference[] = [];
    const engine = createEngine({
      userData: join(folder, 'user'),
      resources: resolve('resources'),
      emit: () => undefined,
      inference: () => {
        inference.push(spawnInference());
        return Promise.resolve(inference.at(-1)?.port);
      },
    });
    const call = (service: string, method: string, input: unknown): Promise<unknown> =>
      dispatch(contract, engine.handlers, service, method, input, new AbortController().signal);
    await call('projects', 'open', { path });
    for (const job of engine.project()?.jobs.list() ?? []) {
      if (job.state !== 'stopped') continue;
      await call('jobs', 'resume', { id: job.id });
      expect((await engine.runner()?.wait(job.id))?.state).toMatch(/^done/);
    }
    const imported = await call('importing', 'start', {
      sources: [{ path: corpus }],
      options: { questionsAs: 'candidates' },
    });
    expect(await engine.runner()?.wait((imported as { id: string }).id)).toMatchObject({ state: 'done' });
    expect(engine.project()?.counts().passages).toBe(250);
    await engine.close();
    for (const process of inference) process.kill();
    rmSync(folder, { recursive: true });
  },
);
