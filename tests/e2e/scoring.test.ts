/**
 * A scoring campaign and a check round of one lead, from their making to Table 5 and agreement; three people, each in an
 * app folder of their own.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ElectronApplication, Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEngine } from '../../src-main/engine/engine.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { caller, secretNames, studyProject } from '../store/campaign.ts';
import { startApp } from './app.ts';
import { alter, permutations, stateAfter } from './returns.ts';
import { findingsInBoth } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-scoring-'));
const place = (...names: string[]): string => join(folder, ...names);
const checked = 3; // questions of the check round
let outputs: string;

beforeAll(async () => {
  for (const name of ['lead-data', 'packages', 'returned', 'report']) mkdirSync(place(name));
  const engine = createEngine({ userData: place('lead-data'), resources: 'resources', emit: () => undefined });
  ({ outputs } = await studyProject(engine, folder, 8));
  // Decided questions for the check round.
  const call = caller(engine);
  const { id } = await call<Job>('generation', 'start', { generator: rulesVersion, candidates: 1 });
  await engine.runner()?.wait(id);
  const project = engine.project();
  const candidates = project?.database.prepare('SELECT id FROM candidates').pluck().all() as string[];
  project?.history.append(
    project.person().id,
    candidates.map((item) => ({ kind: 'decide', item, payload: { verdict: 'accept' } })),
  );
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
  await page.getByLabel('Name', { exact: true }).press('Escape');
  await page.locator('form.new').waitFor({ state: 'detached' });
  await page.keyboard.press('Control+n');
  await page.locator('form.new').waitFor();
  expect(await page.getByLabel(/^Name of rater \d$/u).count()).toBe(3);
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
  expect(await findingsInBoth(page, 'new campaign, filled in')).toEqual([]);
  await page.getByRole('button', { name: 'Create campaign' }).click();
  await page.getByText('No scores yet.', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Edit the practice' }).click();
  await page.getByRole('button', { name: 'Add a practice question' }).click();
  await page.getByRole('textbox', { name: 'Question' }).fill('What fell?');
  await page.getByRole('textbox', { name: 'Passage' }).fill('Rain fell.');
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await page.getByRole('listitem').getByText('What fell?').waitFor();
  await choosing(app, place('packages'));
  await page.getByRole('button', { name: 'Write packages…' }).click();
  await page.getByText('3 packages written', { exact: false }).first().waitFor();
}

/** A check round of three questions for Ana and Bo. */
async function makeRound(app: ElectronApplication, page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Rounds' }).click();
  await page.getByRole('button', { name: 'New round' }).first().click();
  await page.getByRole('form', { name: 'New round' }).getByText('Chen').click();
  await page.getByLabel('Overlap').selectOption('2');
  await page.getByText('All that match').click();
  await page.getByLabel('Questions', { exact: true }).fill(String(checked));
  await page.getByText(`${checked} of `, { exact: false }).first().waitFor();
  await page.getByRole('button', { name: 'Make the round' }).click();
  await page.getByText(`${checked} questions, 2 people each`, { exact: false }).waitFor();
  await choosing(app, place('packages'));
  await page.getByRole('button', { name: 'Write packages' }).click();
  await page.getByText('2 packages written', { exact: false }).first().waitFor();
}

/** Checks every question by keys alone and saves the file to return; the last one is rejected. */
async function check(name: string): Promise<void> {
  const { app, page } = await startApp(place(`${name}-data`), place('packages', `Second check ${name}.asklab-package`));
  await page.getByText('Begin', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  for (let done = 1; done <= checked; done += 1) {
    if (done === checked) await page.keyboard.press('x');
    await page.keyboard.press(done === checked ? '1' : 'a');
    const next = done < checked ? `passage ${done + 1} of ${checked}` : `All ${checked} decided`;
    await page.getByText(next, { exact: false }).first().waitFor();
    if (done < checked)
      await page.locator('[aria-live="polite"]', { hasText: /1 question$/ }).waitFor({ state: 'attached' });
  }
  await choosing(app, place('returned'));
  await page.keyboard.press('Control+s');
  await page.getByText(`${checked} decisions written`, { exact: false }).first().waitFor();
  await app.close();
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
  await page.getByText('Practice 1 of 1', { exact: false }).waitFor();
  for (const key of ['2', '1', '1']) await page.keyboard.press(key);
  await page.getByRole('button', { name: 'Go on' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('Practice 1 of 1', { exact: false }).waitFor({ state: 'detached' });
  if (offset === 0) expect(await findingsInBoth(page, 'score')).toEqual([]);
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

test('campaign and check round, packages, three people, merge, Table 5, agreement, and the same report from the CSV', async () => {
  const making = await startApp(place('lead-data'), place('lead.asklab'));
  await makeCampaign(making.app, making.page);
  await makeRound(making.app, making.page);
  await making.app.close();
  copyFileSync(place('lead.asklab'), place('base.asklab'));
  expect(readdirSync(place('packages'))).toHaveLength(5);

  const people = ['Ana', 'Bo', 'Chen'];
  for (const [index, name] of people.entries()) await rate(name, `Autumn study ${name}.asklab-package`, index);
  for (const name of people.slice(0, 2)) await check(name);
  const returned = readdirSync(place('returned')).map((file) => place('returned', file));
  expect(returned).toHaveLength(5);

  const { app, page } = await startApp(place('lead-data'), place('lead.asklab'));
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByRole('button', { name: 'Open human scoring' }).click();
  const altered = place('altered.asklab-return');
  const scored = returned.find((file) => file.includes('Autumn study')) ?? '';
  // One score more or one less.
  alter(scored, altered, 'events.jsonl', (text) =>
    text.replace(/("scores":\{"\w+":)(\d)/, (_, before: string, score: string) => before + (score === '1' ? '0' : '1')),
  );
  await choosing(app, altered);
  await page.getByRole('button', { name: 'Merge returned files…' }).click();
  await page.getByText('It was changed after Asklab wrote it', { exact: false }).first().waitFor();
  await page.getByText('No scores yet.', { exact: false }).waitFor();

  await choosing(app, ...returned);
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
  expect(await findingsInBoth(page, 'campaign with scores')).toEqual([]);

  await page.getByRole('link', { name: 'Rounds' }).click();
  await page.getByRole('button', { name: 'Compute agreement' }).click();
  await page.getByText('Krippendorff’s alpha, nominal').first().waitFor();

  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByRole('button', { name: 'Open human scoring' }).click();
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

test('a package that was altered is not opened, and nothing is left of it', async () => {
  const altered = place('altered.asklab-package');
  alter(place('packages', 'Autumn study Ana.asklab-package'), altered, 'items.jsonl', (text) =>
    text.replace('lighthouse', 'lightHouse'),
  );
  const { app, page } = await startApp(place('curious-data'), altered);
  await page.getByText('changed after Asklab wrote it', { exact: false }).first().waitFor();
  await app.close();
  expect(
    readdirSync(place('curious-data'), { recursive: true }).filter((name) => String(name).endsWith('.asklab')),
  ).toEqual([]);
}, 120_000);

test('the five returned files merge in every order, and twice, to the same state', () => {
  const files = readdirSync(place('returned')).map((file) => place('returned', file));
  const copy = place('order.asklab');
  const expected = stateAfter(place('base.asklab'), [...files, ...files], copy);
  for (const order of permutations(files)) {
    rmSync(copy);
    expect(stateAfter(place('base.asklab'), order, copy)).toEqual(expected);
  }
}, 120_000);
