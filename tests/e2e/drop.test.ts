/** Files dropped on the window, wherever it is. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from '../store/seed.ts';
import { startApp } from './app.ts';
import { findings } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-drop-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function drop(page: Page, ...files: string[]): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files, dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, x: 640, y: 400, data });
  await session.detach();
}

test('files dropped on any screen of a project are looked at in Import; a project opens', async () => {
  const [path, other] = ['lamps.asklab', 'other.asklab'].map((name) => {
    const file = join(folder, name);
    const project = Project.create(file, { name, person: 'Ada' });
    seed(project, 2);
    project.close();
    return file;
  });
  const rows = join(folder, 'rows.csv');
  writeFileSync(rows, 'passage,question\nThe lamp burns oil all night.,What burns oil?\n');
  const { app, page } = await startApp(join(folder, 'user'), path ?? '');
  await page.getByTitle(path ?? '').waitFor();
  for (const [key, screen] of [
    ['2', 'Next run'],
    ['3', 'Where does lighthouse number 0 stand?'],
    ['1', 'Lighthouse number 0'],
    ['4', 'Decided'],
  ] as const) {
    await page.keyboard.press(`Control+${key}`);
    await page.getByText(screen).first().waitFor();
    await drop(page, rows);
    await page.getByText('1 passage, 1 question ready').waitFor();
    await page.keyboard.press('Escape');
  }
  await page.keyboard.press('Control+2');
  await page.getByText('Next run').first().waitFor();
  await drop(page, other ?? '');
  await page.getByTitle(other ?? '').waitFor();
  expect(app.windows()).toHaveLength(1);
  await app.close();
}, 120_000);

test('several files are counted each and together, and go in as one import', async () => {
  const path = join(folder, 'several.asklab');
  Project.create(path, { name: 'Several', person: 'Ada' }).close();
  const files = ['lamp.csv', 'bells.txt', 'folder.txt'].map((name) => join(folder, name));
  const [csv = '', txt = '', unreadable = ''] = files;
  writeFileSync(csv, 'passage,question\nThe lamp burns oil all night.,What burns oil?\n');
  writeFileSync(txt, 'The first bell rings at dawn in the old town.\n\nThe second bell rings when ships come in.\n');
  mkdirSync(unreadable);
  const { app, page } = await startApp(join(folder, 'several-user'), path);
  await page.getByTitle(path).waitFor();
  await drop(page, ...files);
  const counted = page.getByRole('list', { name: 'Files' }).getByRole('listitem');
  await expect
    .poll(async () => (await counted.allTextContents()).map((text) => text.trim()))
    .toEqual(['lamp.csv1 passage, 1 question', 'bells.txt2 passages, 0 questions', 'folder.txtcannot be read']);
  await page.getByText('1 file cannot be read').waitFor();
  const start = page.getByRole('button', { name: /^Import/ });
  expect(await start.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Remove folder.txt' }).click();
  await page.getByText('2 files: 3 passages, 1 question ready').waitFor();
  expect(await findings(page, 'several files')).toEqual([]);
  await page.keyboard.press('Control+Enter');
  await page.getByText('lamp.csv, bells.txt').first().waitFor();
  await page.getByRole('button', { name: 'Show the passages' }).click();
  await page.getByText('The second bell').first().waitFor();
  expect(await page.locator('.sidebar .count').first().textContent()).toBe('3');
  await app.close();
}, 120_000);
