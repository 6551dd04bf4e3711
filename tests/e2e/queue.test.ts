/** A long queue in the window: turned quickly both ways, and decided over a filter by someone who leaves and comes back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import type { Counts } from '../../src-main/shared/contract/types.ts';
import { caller } from '../store/campaign.ts';
import { seed } from '../store/seed.ts';
import { engineOf, pauseEngine, startApp, type AskEngine, type RunningApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-queue-'));
const path = join(folder, 'queue.asklab');
const questions = 20_000; // one a passage
let running: RunningApp;
let page: Page;
let ask: AskEngine;

beforeAll(async () => {
  const engine = createEngine({ userData: join(folder, 'engine'), resources: 'resources', emit: () => undefined });
  await caller(engine)('projects', 'create', { path, name: 'Queue', person: 'Ada' });
  const project = engine.project();
  if (project) seed(project, questions);
  await engine.close();
  running = await startApp(join(folder, 'user'), path);
  page = running.page;
  await page.getByTitle(path).waitFor();
  ask = await engineOf(running);
  await page.keyboard.press('Control+3');
  await row().waitFor();
}, 300_000);
afterAll(async () => {
  await running.app.close();
  rmSync(folder, { recursive: true, force: true });
});

const row = () => page.locator('li[data-id][aria-current]');
const title = () => page.locator('.passage h2').textContent();
const counts = async (): Promise<Pick<Counts, 'undecided' | 'rejected'>> => {
  const { undecided, rejected } = (await ask('projects', 'counts', {})) as Counts;
  return { undecided, rejected };
};

test('arrows pressed faster than a person reads pass every passage once, in order, there and back', async () => {
  for (let turn = 0; turn < 30; turn += 1) await page.keyboard.press('ArrowRight');
  await expect.poll(title).toBe('Passage 30');
  await expect.poll(() => page.locator('header .meta').last().textContent()).toBe('31 of 20,000 passages');
  for (let turn = 0; turn < 29; turn += 1) await page.keyboard.press('ArrowLeft');
  await expect.poll(title).toBe('Passage 1');
  // Going where one is already takes no turn back.
  const answer = pauseEngine(running);
  await page.keyboard.press('Control+3');
  await page.keyboard.press('ArrowRight');
  await expect.poll(title).toBe('Passage 2');
  answer();
  await counts();
  expect(await title()).toBe('Passage 2');
  await page.keyboard.press('ArrowLeft');
  await expect.poll(title).toBe('Passage 1');
  // Also those that wait for the engine: more than one answer brings.
  const goOn = pauseEngine(running);
  for (let turn = 0; turn < 29; turn += 1) await page.keyboard.press('ArrowRight');
  goOn();
  await expect.poll(title).toBe('Passage 30');
  for (let turn = 0; turn < 29; turn += 1) await page.keyboard.press('ArrowLeft');
  await expect.poll(title).toBe('Passage 1');
  // What is decided elsewhere meanwhile is shown although the passage was in memory.
  const { items } = (await ask('review', 'queue', { limit: 5 })) as { items: { candidates: { id: string }[] }[] };
  const third = items[3]?.candidates[0]?.id;
  await ask('review', 'decide', { candidateId: third, verdict: 'reject', reason: 'trivial' });
  for (let turn = 0; turn < 2; turn += 1) await page.keyboard.press('ArrowRight');
  await expect.poll(() => row().getAttribute('data-id')).toBe(third);
  await expect.poll(() => row().getAttribute('data-status')).toBe('rejected');
  await ask('review', 'undo', {});
  await expect.poll(() => row().getAttribute('data-status')).toBe('undecided');
});

/** Starts the decision over everything, goes to Passages while it runs, and comes back to its strip. */
async function leaveAndReturn(): Promise<void> {
  await page.keyboard.press('Control+Shift+X');
  await page.getByRole('button', { name: /Reject 20,000/ }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('progressbar').waitFor();
  await page.keyboard.press('Control+1');
  await page.getByRole('heading', { name: 'Passages' }).waitFor();
  expect(await page.getByRole('progressbar').count()).toBe(0);
  await page.keyboard.press('Control+3');
  const bar = page.getByRole('progressbar');
  await bar.waitFor();
  await expect.poll(() => bar.getAttribute('max')).toBe(String(questions));
  await expect.poll(async () => Number(await bar.getAttribute('value'))).toBeGreaterThan(0);
  const strip = page.getByRole('region', { name: 'Decide for everything in this filter' });
  expect((await strip.getByRole('button').allTextContents()).map((text) => text.trim())).toEqual(['CancelEsc']);
}

test('a decision over a filter goes on when Review is left, and is there to be cancelled on return', async () => {
  await leaveAndReturn();
  await page.keyboard.press('Escape');
  await page.getByText('Cancelled. What had been decided').first().waitFor();
  await expect.poll(() => page.getByRole('progressbar').count()).toBe(0);
  expect(await counts()).toEqual({ undecided: questions, rejected: 0 });

  await leaveAndReturn();
  await page.getByText('20,000 candidates decided').first().waitFor();
  await expect.poll(() => page.getByRole('progressbar').count()).toBe(0);
  expect(await counts()).toEqual({ undecided: 0, rejected: questions });
  await expect.poll(() => row().getAttribute('data-status')).toBe('rejected');
  await page.keyboard.press('Control+z');
  await expect.poll(counts).toEqual({ undecided: questions, rejected: 0 });
  await expect.poll(() => row().getAttribute('data-status')).toBe('undecided');
}, 240_000);

test('End and Home in Passages reach the ends of the whole list, and the rows before the last ones follow', async () => {
  await page.keyboard.press('Control+1');
  const current = page.locator('[role=row].cur');
  const at = async (): Promise<string | null> =>
    `${await current.getAttribute('aria-rowindex')} ${await current.locator('b').textContent()}`;
  await current.waitFor();
  await page.getByRole('grid').focus();
  await page.keyboard.press('End');
  await expect.poll(at).toBe(`${questions + 1} Passage ${questions - 1}`);
  // Three times ten pages of 16 rows: beyond the first page that was read from the end.
  for (let ups = 10; ups <= 30; ups += 10) {
    for (let turn = 0; turn < 10; turn += 1) await page.keyboard.press('PageUp');
    await expect.poll(at).toBe(`${questions + 1 - 16 * ups} Passage ${questions - 1 - 16 * ups}`);
    await expect.poll(() => page.getByRole('grid').getAttribute('aria-busy')).toBe('false');
  }
  const box = await current.boundingBox();
  expect(box?.y).toBeGreaterThan(0); // it is in view
  await page.keyboard.press('Home');
  await expect.poll(at).toBe('2 Passage 0');
}, 120_000);
