/** A scoring campaign from its making to its table: the lead and three raters, each in an app folder of their own. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import { secretNames, studyProject } from '../store/campaign.ts';
import { startApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-scoring-'));
const place = (...names: string[]): string => join(folder, ...names);
let outputs: string;

beforeAll(async () => {
  for (const name of ['lead-data', 'packages', 'returned', 'report']) mkdirSync(place(name));
  const engine = createEngine({ userData: place('lead-data'), resources: 'resources', emit: () => undefined });
  ({ outputs } = await studyProject(engine, folder, 8));
  await engine.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The next file dialog answers with these paths. */
async function choosing(app: ElectronApplication, ...filePaths: string[]): Promise<void> {
  await app.evaluate(({ dialog }, paths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: paths });
  }, filePaths);
}

async function makeCampaign(app: ElectronApplication, page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByRole('button', { name: 'Open human scoring' }).click();
  await page.getByRole('button', { name: 'New campaign…' }).first().click();
  await page.getByLabel('Name', { exact: true }).fill('Autumn study');
  await page.getByLabel('Name of system 1').fill(secretNames.people);
  await page.getByLabel('Add a system…').selectOption({ label: 'Rules (generates now)' });
  await page.getByLabel('Name of system 2').fill(secretNames.rules);
  await choosing(app, outputs);
  await page.getByRole('button', { name: 'File of outputs…' }).click();
  await page.getByLabel('Name of system 3').fill(secretNames.file);
  await page.getByLabel('Passages per language').fill('2');
  for (const [index, name] of ['Ana', 'Bo', 'Chen'].entries())
    await page.getByLabel(`Name of rater ${index + 1}`).fill(name);
  await page.getByRole('button', { name: 'Create campaign' }).click();
  await page.getByText('No scores yet.', { exact: false }).waitFor();
  await choosing(app, place('packages'));
  await page.getByRole('button', { name: 'Write packages…' }).click();
  await page.getByText('3 packages written', { exact: false }).first().waitFor();
}

/** Scores every question by its wording, by keys alone, and saves the file to return. */
async function rate(name: string, file: string, offset: number): Promise<void> {
  const { app, page } = await startApp(place(`${name}-data`), place('packages', file));
  page.setDefaultTimeout(120_000);
  await page.getByText('Blind: systems and people mixed', { exact: false }).waitFor();
  const question = page.locator('article h2');
  await question.first().waitFor();
  const total = Number(/0 of (\d+)/.exec(await page.locator('header.bar').innerText())?.[1]);
  expect(total).toBeGreaterThan(7);
  for (let count = 1; count <= total; count += 1) {
    // The count changes with the last score, the question a moment later.
    await page.waitForFunction(() => document.querySelector('[role="radio"][aria-checked="true"]') === null);
    const text = (await question.first().textContent()) ?? '';
    const screen = await page.evaluate(() => document.documentElement.outerHTML);
    for (const secret of Object.values(secretNames)) expect(screen).not.toContain(secret);
    const good = /^(Where|Où)/.test(text);
    for (const criterion of [0, 1, 2])
      await page.keyboard.press(good ? '2' : String((text.length + criterion + offset) % 2));
    await page.getByText(`${count} of ${total}`, { exact: false }).first().waitFor();
  }
  await page.getByText('Thank you.', { exact: false }).waitFor();
  await choosing(app, place('returned'));
  await page.getByRole('button', { name: 'Save the file to return…' }).click();
  await page.getByText('Saved:', { exact: false }).first().waitFor();
  await app.close();
}

test('campaign, packages, three people, merge, table, and the same report from the CSV alone', async () => {
  const lead = await startApp(place('lead-data'), place('lead.asklab'));
  lead.page.setDefaultTimeout(120_000);
  await makeCampaign(lead.app, lead.page);
  const packages = readdirSync(place('packages')).sort();
  expect(packages).toHaveLength(3);
  for (const [index, file] of packages.entries()) await rate(`rater-${index}`, file, index);
  const returned = readdirSync(place('returned'));
  expect(returned).toHaveLength(3);

  const { app, page } = lead;
  await choosing(app, ...returned.map((file) => place('returned', file)));
  await page.getByRole('button', { name: 'Merge returned files…' }).click();
  const scores = page.getByRole('region', { name: 'Scores' });
  await scores.getByText(secretNames.file).waitFor();
  const cells = await scores
    .getByRole('row', { name: new RegExp(secretNames.file) })
    .getByRole('cell')
    .allTextContents();
  expect(cells.slice(0, 4).map((cell) => cell.trim().slice(0, 4))).toEqual(['2.00', '2.00', '2.00', '2.00']);
  await page.getByRole('region', { name: 'Agreement' }).getByText('Fluency').waitFor();
  await page.getByRole('region', { name: 'Differences' }).getByText('over').first().waitFor();

  await choosing(app, place('report'));
  await page.getByRole('button', { name: 'Save report…' }).click();
  await page.getByText('scores.csv', { exact: false }).first().waitFor();
  await app.close();
  const alone = spawnSync(
    process.execPath,
    ['src-main/cli/main.ts', 'campaign', 'report', place('report', 'scores.csv'), '--output', place('alone')],
    { encoding: 'utf8' },
  );
  expect(alone.stderr).toBe('');
  for (const file of ['report.json', 'report.md', 'table.tex'])
    expect(readFileSync(place('alone', file)).equals(readFileSync(place('report', file))), file).toBe(true);
}, 600_000);
