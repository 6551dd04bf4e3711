/** The strips above the hints: a large file that is read through first, an undo under way, one that a crash cut off. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, expect, test } from 'vitest';
import { takesLong } from '../../src-main/engine/store/check.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from '../store/seed.ts';
import { answerDialogs, engineOf, killApp, pauseEngine, startApp, type RunningApp } from './app.ts';
import { findings } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-strips-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const shots = process.env['ASKLAB_SHOTS'];

/** What axe finds while a strip is shown, in both themes. */
async function looked({ page }: RunningApp, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await findings(page, `${name} (${colorScheme})`)));
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}-${colorScheme}.png`) });
  }
  return found;
}

test('a large file from elsewhere is read through first, and that can be cancelled by key', async () => {
  const path = join(folder, 'large.asklab');
  const project = Project.create(path, { name: 'Large', person: 'Ada' });
  seed(project, 2);
  project.setValue('padding', 'x'.repeat(17 << 20));
  project.close();
  expect(takesLong(path)).toBe(true);
  // Held by another program the check waits for it, so that there is time to look.
  const holder = new Database(path);
  holder.pragma('locking_mode = EXCLUSIVE');
  holder.exec('BEGIN IMMEDIATE; COMMIT');

  const running = await startApp(join(folder, 'checker'));
  const { page } = running;
  await page.getByText('Open the sample').first().waitFor();
  await answerDialogs(running, [path]);
  await page.keyboard.press('Control+o');
  const strip = page.getByRole('region', { name: 'Checking large.asklab…' });
  await strip.waitFor();
  const unlocked = pauseEngine(running);
  expect(await looked(running, 'strip-checking')).toEqual([]);
  await page.keyboard.press('Escape');
  await strip.waitFor({ state: 'detached' });
  unlocked();
  holder.close();
  expect(await page.getByRole('alert').count()).toBe(0);

  await page.keyboard.press('Control+o');
  await page.getByTitle(path).waitFor();
  await running.app.close();
}, 120_000);

test('a large undo shows how far it is and can be cancelled; cut off by a crash it is finished after the next open', async () => {
  const path = join(folder, 'many.asklab');
  const questions = 6000;
  const project = Project.create(path, { name: 'Many', person: 'Ada' });
  seed(project, questions);
  project.close();
  const userData = join(folder, 'many');
  const decided = async (running: RunningApp): Promise<unknown> => (await engineOf(running))('projects', 'counts', {});

  const first = await startApp(userData, path);
  await first.page.getByTitle(path).waitFor();
  const ask = await engineOf(first);
  await ask('review', 'bulk', { filter: {}, verdict: 'accept' });
  await first.page.keyboard.press('Control+3');
  await first.page.waitForSelector('li[data-id][aria-current]');
  await first.page.keyboard.press('Control+z');
  await first.page.locator('.strip progress').waitFor();
  let goOn = pauseEngine(first);
  await first.page.getByText(/of 6,000 taken back/).waitFor();
  expect(await looked(first, 'strip-undo')).toEqual([]);
  await first.page.keyboard.press('Escape');
  goOn();
  await first.page.getByText('Cancelled. Everything is as it was before.').first().waitFor();
  expect(await ask('projects', 'counts', {})).toMatchObject({ accepted: questions, undecided: 0 });

  await first.page.keyboard.press('Control+z');
  await first.page.locator('.strip progress').waitFor();
  await killApp(first);

  const second = await startApp(userData, path);
  const strip = second.page.getByRole('region', { name: 'Finishing an undo that was cut off…' });
  await strip.waitFor();
  goOn = pauseEngine(second);
  expect(await looked(second, 'strip-finishing')).toEqual([]);
  goOn();
  await strip.waitFor({ state: 'detached' });
  expect(await decided(second)).toMatchObject({ accepted: 0, undecided: questions });
  await second.app.close();
}, 240_000);
