import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { row } from '../bench/store/corpus.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-cancel-'));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, 'cancel.asklab');

function file(name: string, from: number, to: number): string {
  const lines = Array.from({ length: to - from }, (_, index) =>
    JSON.stringify({ document: `Document ${(from + index) % 7}`, ...row(from + index, 2) }),
  );
  writeFileSync(join(folder, name), lines.join('\n'));
  return join(folder, name);
}

interface Opened {
  engine: Engine;
  call<Answer>(service: string, method: string, input?: unknown): Promise<Answer>;
  /** Imports a file and gives the job when so many passages are in. */
  importing(file: string, passages: number): Promise<Job>;
}

function opened(): Opened {
  let progress: (job: Job) => void = () => undefined;
  const emit = (name: string, payload: unknown): void => {
    if (name === 'job') progress(payload as Job);
  };
  const engine = createEngine({ userData: join(folder, 'user'), resources: 'resources', emit });
  const call = <Answer>(service: string, method: string, input: unknown = {}): Promise<Answer> =>
    dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<Answer>;
  return {
    engine,
    call,
    async importing(source, passages) {
      const enough = new Promise<void>((resolve) => (progress = (job) => job.done >= passages && resolve()));
      const input = { sources: [{ path: source }], options: { questionsAs: 'candidates' } };
      const job = await call<Job>('importing', 'start', input);
      await enough;
      return job;
    },
  };
}

/** Everything but the history of jobs. */
function content(engine: Engine): unknown {
  const database = engine.project()?.database;
  const all = (sql: string): unknown => database?.prepare(sql).all();
  return [
    all('SELECT id, passages FROM documents ORDER BY id'),
    all('SELECT id, candidates, undecided, accepted FROM passages ORDER BY id'),
    all('SELECT c.id, s.status FROM candidates c JOIN states s ON s.candidate_id = c.id ORDER BY c.id'),
    all('SELECT count(*) FROM passage_search UNION ALL SELECT count(*) FROM candidate_search'),
    engine.project()?.counts(),
  ];
}

test('a cancelled import takes back what it added and nothing else, also one that was stopped before', async () => {
  const first = opened();
  await first.call('projects', 'create', { path, name: 'Cancel', person: 'Ada' });
  await first.importing(file('first.jsonl', 0, 300), 300);
  await first.call('review', 'bulk', { filter: { languages: ['en'] }, verdict: 'accept' });
  const before = content(first.engine);

  const large = file('large.jsonl', 200, 6000); // a hundred are here already
  const cancelled = await first.importing(large, 1000);
  await first.call('jobs', 'cancel', { id: cancelled.id });
  expect((await first.engine.runner()?.wait(cancelled.id))?.state).toBe('cancelled');
  expect(content(first.engine)).toEqual(before);

  const stopped = await first.importing(large, 1000);
  await first.engine.close();
  const second = opened();
  await second.call('projects', 'open', { path });
  expect(second.engine.project()?.jobs.get(stopped.id).state).toBe('stopped');
  expect(second.engine.project()?.counts().passages).toBeGreaterThan(1000);
  await second.call('jobs', 'cancel', { id: stopped.id });
  await second.engine.close(); // in the midst of taking back

  const third = opened();
  await third.call('projects', 'open', { path });
  expect(third.engine.project()?.jobs.get(stopped.id).state).toBe('cancelled');
  const next = await third.importing(file('first.jsonl', 0, 300), 300); // adds nothing, and waits until all is back
  await third.engine.runner()?.wait(next.id);
  expect(content(third.engine)).toEqual(before);
  await third.engine.close();
});
