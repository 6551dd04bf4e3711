/** The inference process is killed in the middle of a run: the window stays, the run ends, nothing is there twice. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { importFile } from '../../src-main/engine/io/import.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import type { Generator } from '../../src-main/shared/contract/generation.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { engineOf, startApp, type RunningApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-inference-'));
const userData = join(folder, 'user');
const path = join(folder, 'killed.asklab');
const passages = 240;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function inferencePid({ app }: RunningApp): Promise<number | undefined> {
  return app.evaluate(
    ({ app: electron }) =>
      electron
        .getAppMetrics()
        .find((one) => [one.name, one.serviceName].some((name) => name?.includes('Asklab inference')))?.pid,
  );
}

test('killing the inference process in mid-job loses nothing and doubles nothing', async () => {
  cpSync(join(import.meta.dirname, '../inference/fixture/pointer'), join(userData, 'models', 'pointer'), {
    recursive: true,
  });
  const made = Project.create(path, { name: 'Killed', person: 'Ada' });
  const text = Array.from({ length: passages }, (_, at) => `The mill number ${at} was built by the river Aire.`);
  await importFile(made, { text: text.join('\n\n'), title: 'Mills' }, { language: 'en' }, () => undefined);
  made.close();

  const running = await startApp(userData, path);
  const ask = await engineOf(running);
  const generators = (await ask('generation', 'generators', {})) as Generator[];
  const generator = generators.find(({ path: where }) => where?.startsWith(userData));
  expect(generator?.problem).toBeNull();
  const { id } = (await ask('generation', 'start', {
    generator: generator?.id,
    passages: {},
    device: 'cpu',
    candidates: 3,
  })) as Job;
  const job = async (): Promise<Job | undefined> =>
    ((await ask('jobs', 'list', {})) as Job[]).find((one) => one.id === id);

  let killed = 0;
  for (const share of [0.1, 0.4]) {
    await expect
      .poll(async () => (await job())?.done ?? 0, { interval: 20, timeout: 120_000 })
      .toBeGreaterThan(passages * share);
    // The next process may still be starting after the kill before.
    let pid: number | undefined;
    await expect
      .poll(async () => (pid = await inferencePid(running)) !== undefined && pid !== killed, {
        interval: 20,
        timeout: 60_000,
      })
      .toBe(true);
    killed = pid ?? 0;
    process.kill(killed, 'SIGKILL');
  }
  await expect.poll(async () => (await job())?.state, { timeout: 120_000 }).toMatch(/^done/);
  expect(await inferencePid(running)).not.toBe(killed);
  expect(await running.page.evaluate(() => document.querySelectorAll('#app > *').length)).toBeGreaterThan(0);
  await running.app.close();

  const project = Project.open(path);
  const rows = project.database.prepare('SELECT count(DISTINCT passage_id) AS asked FROM candidates').get();
  expect(rows).toEqual({ asked: passages });
  expect(
    project.database.prepare('SELECT 1 FROM candidates GROUP BY passage_id, original HAVING count(*) > 1').all(),
  ).toEqual([]);
  expect(project.database.prepare('SELECT 1 FROM candidates GROUP BY passage_id HAVING count(*) > 3').all()).toEqual(
    [],
  );
  expect(project.jobs.get(id).done).toBe(passages);
  project.close();
}, 300_000);
