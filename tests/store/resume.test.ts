/** A job that a closed engine left stopped goes on in the next engine, once, with nothing doubled. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Job, ProjectInfo } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-resume-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const start = (): Engine => createEngine({ userData: folder, resources: 'resources', emit: () => undefined });
const call = (engine: Engine, service: string, method: string, input: unknown): Promise<unknown> =>
  dispatch(contract, engine.handlers, service, method, input, new AbortController().signal);

test('generation, import and export go on in another engine', async () => {
  const first = start();
  const { path } = (await call(first, 'projects', 'openSample', {})) as ProjectInfo;
  const text = Array.from({ length: 40 }, (_, at) => `Passage ${at} was written by Ada in 18${at + 10} in London.`);
  const jobs = (await Promise.all([
    call(first, 'importing', 'start', { sources: [{ text: text.join('\n\n'), title: 'Forty' }] }),
    call(first, 'generation', 'start', { generator: rulesVersion, passages: {} }),
    call(first, 'exporting', 'start', { format: 'lab', folder: join(folder, 'out'), statuses: ['undecided'] }),
  ])) as Job[];
  await first.close(); // Stops all three before they are done.

  const second = start();
  await call(second, 'projects', 'open', { path });
  const left = (await call(second, 'jobs', 'list', {})) as Job[];
  expect(new Set(left.filter(({ id }) => jobs.some((job) => job.id === id)).map(({ state }) => state))).toEqual(
    new Set(['stopped']),
  );
  for (const job of jobs) {
    await call(second, 'jobs', 'resume', { id: job.id });
    expect(await second.runner()?.wait(job.id)).toMatchObject({ state: 'done', message: null });
  }
  const doubled = second
    .project()
    ?.database.prepare('SELECT passage_id, original FROM candidates GROUP BY 1, 2 HAVING count(*) > 1')
    .all();
  expect(doubled).toEqual([]);
  await second.close();
});
