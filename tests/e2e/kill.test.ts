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

const works = ['import', 'generation', 'review', 'export'] as const;
/** Imports that were asked for, and of these the ones the app said it had begun. */
const imports = { asked: 0, begun: 0 };
const exportFolder = (round: number): string => join(folder, `export-${round}`);

/** Starts the round's long work; it is killed before, while or after it ends. */
async function begin(work: (typeof works)[number], round: number, ask: AskEngine): Promise<void> {
  if (work === 'import') {
    imports.asked += 1;
    const file = join(folder, `passages-${round}.jsonl`);
    const rows = Array.from({ length: passagesPerImport }, (_, at) =>
      JSON.stringify({
        id: `${round}-${at}`,
        text: `Anna Weber opened school ${round}-${at} in Vienna in 18${10 + (at % 90)}.`,
      }),
    );
    writeFileSync(file, rows.join('\n'));
    await ask('importing', 'start', { sources: [{ path: file }] });
    imports.begun += 1;
  }
  if (work === 'generation') await ask('generation', 'start', { generator: rulesVersion, passages: {} });
  if (work === 'export') {
    const statuses = ['accepted', 'edited', 'undecided', 'rejected'];
    await ask('exporting', 'start', { format: 'squad-v2', folder: exportFolder(round), statuses });
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

function expectSound(acknowledged: ReadonlyMap<string, string>): void {
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
  expect(project.jobs.list().filter(({ state }) => ['running', 'queued', 'failed'].includes(state))).toEqual([]);
  project.close();
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
      void begin(works[round % works.length] ?? 'review', round, ask).catch(() => undefined);
      void decide(ask, acknowledged, () => dead).catch(() => undefined);
      await wait(50 + Math.random() * 900);
      await killApp(running);
      dead = true;
      await wait(50); // Answers that were on their way.
      expectSound(acknowledged);
      const target = exportFolder(round);
      for (const name of existsSync(target) ? readdirSync(target) : [])
        if (name.endsWith('.json'))
          expect(() => JSON.parse(readFileSync(join(target, name), 'utf8')) as unknown).not.toThrow();
    }
    const last = await startApp(join(folder, 'user'), path);
    await resumeAll(await engineOf(last));
    await last.app.close();
    expectSound(acknowledged);
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
