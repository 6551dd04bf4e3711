/** kill -9 of the whole app while it imports, generates, reviews and exports, at random moments. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { engineOf, killApp, startApp, type AskEngine } from './app.ts';

const rounds = Number(process.env['KILL_ROUNDS'] ?? 20);
const passagesPerImport = 150;
const folder = mkdtempSync(join(tmpdir(), 'asklab-kill-'));
const path = join(folder, 'killed.asklab');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const works = ['import', 'generate', 'review', 'export'] as const;
/** Imports that were asked for, and of these the ones the app said it had begun. */
const imports = { asked: 0, begun: 0 };
/** Kills by what they hit. */
const hits: Record<string, number> = {};
const exportFolder = (round: number): string => join(folder, `export-${round}`);

/** Does the round's work again and again until the kill; `begun` hears of the first time. */
async function work(round: number, ask: AskEngine, begun: () => void): Promise<void> {
  const start = {
    import: async (turn: number) => {
      imports.asked += 1;
      const file = join(folder, `passages-${round}-${turn}.jsonl`);
      const rows = Array.from({ length: passagesPerImport }, (_, at) =>
        JSON.stringify({
          id: `${round}-${turn}-${at}`,
          text: `Anna Weber opened school ${round}-${turn}-${at} in Vienna in 18${10 + (at % 90)}.`,
        }),
      );
      writeFileSync(file, rows.join('\n'));
      const job = await ask('importing', 'start', { sources: [{ path: file }] });
      imports.begun += 1;
      return job;
    },
    generate: () => ask('generation', 'start', { generator: rulesVersion, passages: {} }),
    export: () => {
      const statuses = ['accepted', 'edited', 'undecided', 'rejected', 'aside'];
      return ask('exporting', 'start', { format: 'squad-v2', folder: exportFolder(round), statuses });
    },
  };
  const kind = works[round % works.length] ?? 'review';
  if (kind === 'review') return begun();
  const open = async (): Promise<boolean> =>
    ((await ask('jobs', 'list', {})) as Job[]).filter(({ endedAt }) => endedAt === null).length > 2;
  for (let turn = 0; ; turn += 1) {
    await start[kind](turn);
    begun();
    while (await open()); // One that runs and one that waits, so that there is no gap between them.
  }
}

/** Decides without end, as a person who never pauses; what the app answered to is pushed to `acknowledged`. */
async function decide(ask: AskEngine, acknowledged: Map<string, string>, until: () => boolean): Promise<void> {
  interface Queue {
    items: { candidates: { id: string; status: string }[] }[];
  }
  while (!until()) {
    const { items } = (await ask('review', 'queue', { filter: { statuses: ['undecided'] } })) as Queue;
    const open = items.flatMap(({ candidates }) => candidates).filter(({ status }) => status === 'undecided');
    if (open.length === 0) await wait(20);
    for (const { id } of open) {
      const verdict = acknowledged.size % 3 === 0 ? 'reject' : 'accept';
      await ask('review', 'decide', {
        candidateId: id,
        verdict,
        ...(verdict === 'reject' ? { reason: 'trivial' } : {}),
      });
      acknowledged.set(id, `${verdict}ed`);
    }
  }
}

/** Gives the kinds of the jobs that stand still. */
function expectSound(acknowledged: ReadonlyMap<string, string>): Job['kind'][] {
  const project = Project.open(path);
  const { database } = project;
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  expect(database.pragma('foreign_key_check')).toEqual([]);
  const lost = [...acknowledged].filter(([id, status]) => statusOf(project, id) !== status);
  expect(lost).toEqual([]);
  const before = database.prepare('SELECT * FROM states ORDER BY 1').all();
  project.history.rebuild();
  expect(database.prepare('SELECT * FROM states ORDER BY 1').all()).toEqual(before);
  expect(database.prepare('SELECT 1 FROM candidates GROUP BY passage_id, original HAVING count(*) > 1').all()).toEqual(
    [],
  );
  const jobs = project.jobs.list();
  expect(jobs.filter(({ state }) => ['running', 'queued', 'failed'].includes(state))).toEqual([]);
  project.close();
  return jobs.filter(({ state }) => state === 'stopped').map(({ kind }) => kind);
}

function statusOf(project: Project, candidateId: string): unknown {
  return project.database.prepare('SELECT status FROM states WHERE candidate_id = ?').pluck().get(candidateId);
}

/** Every stopped job goes on and ends well. */
async function resumeAll(ask: AskEngine): Promise<void> {
  const jobs = async (): Promise<Job[]> => (await ask('jobs', 'list', {})) as Job[];
  for (const { id, state } of await jobs()) if (state === 'stopped') await ask('jobs', 'resume', { id });
  await expect
    .poll(
      async () =>
        (await jobs())
          .filter(({ state }) => !state.startsWith('done'))
          .map(({ kind, state, message }) => ({ kind, state, message })),
      {
        timeout: 120_000,
        interval: 100,
      },
    )
    .toEqual([]);
}

test(
  `${rounds} kills of the app: what it acknowledged is there, jobs go on`,
  { timeout: rounds * 60_000 + 60_000 },
  async () => {
    Project.create(path, { name: 'Killed', person: 'Ada' }).close();
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < rounds; round += 1) {
      const running = await startApp(join(folder, 'user'), path);
      const ask = await engineOf(running);
      await resumeAll(ask);
      let dead = false;
      // Calls that the kill leaves without an answer never settle; nothing waits for them.
      const begun = new Promise<void>((resolve) => void work(round, ask, resolve).catch(() => undefined));
      void decide(ask, acknowledged, () => dead).catch(() => undefined);
      await begun;
      await wait(Math.random() * 500);
      await killApp(running);
      dead = true;
      await wait(50); // Answers that were on their way.
      const hit = expectSound(acknowledged)[0] ?? 'review';
      hits[hit] = (hits[hit] ?? 0) + 1;
      const target = exportFolder(round);
      for (const name of existsSync(target) ? readdirSync(target) : [])
        if (name.endsWith('.json'))
          expect(() => JSON.parse(readFileSync(join(target, name), 'utf8')) as unknown).not.toThrow();
    }
    const last = await startApp(join(folder, 'user'), path);
    await resumeAll(await engineOf(last));
    await last.app.close();
    expect(expectSound(acknowledged)).toEqual([]);
    console.info(`kill -9 of the app, ${rounds} rounds, by what it hit:`, hits);
    for (const kind of works) expect(hits[kind] ?? 0, kind).toBeGreaterThanOrEqual(Math.floor(rounds / 20));
    const project = Project.open(path);
    const { passages } = project.counts();
    expect(passages % passagesPerImport).toBe(0);
    expect(passages).toBeGreaterThanOrEqual(imports.begun * passagesPerImport);
    expect(passages).toBeLessThanOrEqual(imports.asked * passagesPerImport);
    expect(imports.begun).toBeGreaterThan(0);
    expect(acknowledged.size).toBeGreaterThan(rounds);
    project.close();
  },
);
