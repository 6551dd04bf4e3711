/** The first minute by keyboard alone, and again after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from '../store/seed.ts';
import { pauseEngine, pressTwice, startApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-review-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('sample, accept, edit, reject, undo by keyboard; a restart finds it as it was', async () => {
  const first = await startApp(folder);
  // A key that comes before the engine has answered anything is not lost.
  await first.page.reload();
  const goOn = pauseEngine(first);
  await first.page.getByText('Open the sample').waitFor();
  await first.page.keyboard.press('Enter');
  await first.page.waitForTimeout(200);
  goOn();
  await first.page.waitForSelector('li[data-id][aria-current]');
  const says = (text: string) => first.page.getByText(text, { exact: false }).first().waitFor();

  await first.page.keyboard.press('a');
  await says('1 decided');
  await first.page.keyboard.press('e');
  await first.page.keyboard.type(' Indeed?');
  await first.page.keyboard.press('Enter');
  await says('2 decided');
  await first.page.keyboard.press('x');
  await first.page.keyboard.press('3');
  await says('3 decided');
  await first.page.keyboard.press('Control+z');
  await says('2 decided');

  // A search gives the focus back to the row; a decision over a filter that was taken back is no longer announced.
  const focused = (): Promise<string | undefined> => first.page.evaluate(() => document.activeElement?.tagName);
  await first.page.keyboard.press('/');
  await expect.poll(focused).toBe('INPUT');
  await first.page.keyboard.press('Escape');
  await expect.poll(focused).toBe('LI');
  await first.page.keyboard.press('Control+Shift+X');
  await first.page.getByRole('button', { name: /^(Accept|Reject) [1-9]/ }).waitFor();
  await first.page.keyboard.press('Enter');
  const told = first.page.getByRole('status').getByText(/\d+ candidates decided/);
  await told.waitFor();
  await expect.poll(focused).toBe('LI');
  await first.page.keyboard.press('Control+z');
  await says('2 decided');
  expect(await told.count()).toBe(0);
  await first.app.close();

  const second = await startApp(folder);
  await second.page
    .getByRole('button', { name: /Water and fire/ })
    .first()
    .click();
  await second.page.getByText('2 decided').waitFor();
  expect(await second.page.getByText('Indeed?').count()).toBeGreaterThan(0);
  await second.app.close();
}, 120_000);

test('the key once more before the passage turns decides once; one undo takes it back', async () => {
  const path = join(folder, 'Lighthouses.asklab');
  const project = Project.create(path, { name: 'Lighthouses', person: 'Lena' });
  seed(project, 3);
  project.close();
  const { app, page } = await startApp(join(folder, 'twice'), path);
  const toReview = page.getByRole('link', { name: /To review/ });
  await toReview.getByText('3').waitFor();
  await page.waitForSelector('li[data-id][aria-current]');
  await pressTwice(page, 'a');
  await toReview.getByText('2').waitFor();
  await page.getByText('2 of 3 passages').first().waitFor();
  await page.keyboard.press('Control+z');
  await toReview.getByText('3').waitFor();
  await app.close();
}, 120_000);
