/** A check round in three copies of the app: the lead gives out two packages, two people work, their files come back. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from '../store/seed.ts';
import { pressTwice, startApp, type RunningApp } from './app.ts';
import { alter, stateAfter } from './returns.ts';
import { findingsInBoth } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-rounds-'));
const leadFile = join(folder, 'Lighthouses.asklab');
const count = 4;
let lead: RunningApp;

beforeAll(() => {
  const project = Project.create(leadFile, { name: 'Lighthouses', person: 'Lena' });
  const items = seed(project, count);
  project.history.append(
    project.person().id,
    items.map((item) => ({ kind: 'decide', item, payload: { verdict: 'accept' } })),
  );
  project.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The system's file dialogs answer with these paths. */
async function answerDialogs({ app }: RunningApp, ...paths: string[]): Promise<void> {
  await app.evaluate(({ dialog }, filePaths) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths });
  }, paths);
}
const says = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();

async function addPerson(page: Page, name: string): Promise<void> {
  await page.getByLabel('Name of another person').fill(name);
  await page.keyboard.press('Enter');
  await page.getByRole('cell', { name }).first().waitFor();
}

test('the lead adds two people by keyboard, makes a round and writes a package for each', async () => {
  lead = await startApp(join(folder, 'lead'), leadFile);
  const { page } = lead;
  await says(page, 'Lighthouse number 0');
  await page.keyboard.press('Control+8');
  await says(page, 'No rounds yet');
  // Every question is decided: an empty queue hides once it is not on the screen.
  await page.getByRole('link', { name: /To review/ }).waitFor({ state: 'detached' });
  await page.keyboard.press('o');
  await addPerson(page, 'Ada');
  await addPerson(page, 'Bo');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New round' }).first().click();
  await page.getByLabel('Overlap').selectOption('2');
  await says(page, `${count} of ${count} questions that match`);
  await says(page, 'All of them were kept at first');
  await page.getByRole('button', { name: 'Make the round' }).click();
  await says(page, /4 questions, 2 people each/);
  await page.getByRole('button', { name: 'Edit the practice' }).click();
  await page.getByRole('button', { name: 'Write a practice question' }).click();
  await page.getByRole('textbox', { name: 'Question' }).fill('What fell on Monday?');
  await page.getByRole('textbox', { name: 'Passage' }).fill('Rain fell on Monday.');
  expect(await findingsInBoth(page, 'practice of a round')).toEqual([]);
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await says(page, 'What fell on Monday?');
  await answerDialogs(lead, folder);
  await page.keyboard.press('p');
  await says(page, '2 packages written');
  const packages = readdirSync(folder).filter((name) => name.endsWith('.asklab-package'));
  expect(packages.sort()).toEqual(['Second check Ada.asklab-package', 'Second check Bo.asklab-package']);
}, 400_000);

async function work(name: string, rejects: boolean): Promise<void> {
  const running = await startApp(join(folder, name), join(folder, `Second check ${name}.asklab-package`));
  const { page } = running;
  await says(page, 'Begin');
  await says(page, 'What fell on Monday?');
  if (rejects) expect(await findingsInBoth(page, 'guidelines')).toEqual([]);
  await page.keyboard.press('Escape'); // the guidelines were read
  await says(page, 'Blind: the first decision');
  expect(await page.getByText('Lena').count()).toBe(0);
  expect(await page.getByRole('navigation').getByText('Generate').count()).toBe(0);
  if (rejects) expect(await findingsInBoth(page, 'check')).toEqual([]);
  for (let done = 1; done <= count; done += 1) {
    if (rejects && (await page.getByRole('listitem').getByText('number 0 stand').count()) > 0) {
      await page.keyboard.press('x');
      await page.keyboard.press('1');
    } else await pressTwice(page, 'a');
    // The passage turns by itself, and says so; the one just decided stays on the screen for a moment.
    await says(page, done < count ? `passage ${done + 1} of ${count}` : `All ${count} decided`);
    if (done < count)
      await page.locator('[aria-live="polite"]', { hasText: /^Passage \d/ }).waitFor({ state: 'attached' });
  }
  await answerDialogs(running, folder);
  await page.keyboard.press('Control+s');
  await says(page, /4 decisions written/);
  await running.app.close();
}

test('two people work through their packages in their own apps and return one file each', async () => {
  await work('Ada', false);
  await work('Bo', true);
  const files = readdirSync(folder).filter((name) => name.endsWith('.asklab-return'));
  expect(files.sort()).toEqual(['Ada Second check.asklab-return', 'Bo Second check.asklab-return']);
}, 600_000);

test('an altered file is refused with its reason; the good ones merge, agreement appears, the dispute is settled', async () => {
  const { page } = lead;
  const altered = join(folder, 'altered.asklab-return');
  alter(join(folder, 'Bo Second check.asklab-return'), altered, 'events.jsonl', (text) =>
    text.replace('reject', 'accept'),
  );
  await answerDialogs(lead, altered);
  await page.getByRole('button', { name: 'Merge returned files' }).click();
  await says(page, 'It was changed after Asklab wrote it');
  await answerDialogs(
    lead,
    join(folder, 'Bo Second check.asklab-return'),
    join(folder, 'Ada Second check.asklab-return'),
  );
  await page.getByRole('button', { name: 'Merge returned files' }).click();
  await says(page, /Ada, Second check: 4 new events/);
  await page.getByRole('button', { name: 'Compute agreement' }).click();
  await says(page, 'Krippendorff’s alpha, nominal');
  expect(await findingsInBoth(page, 'rounds with agreement')).toEqual([]);
  await page.getByRole('link', { name: /To settle/ }).click();
  await says(page, 'Return to Lena');
  expect(await findingsInBoth(page, 'settle')).toEqual([]);
  await page.keyboard.press('x');
  await page.keyboard.press('1');
  await says(page, 'Nothing to settle');
  await page.keyboard.press('Control+z');
  await says(page, 'Return to Lena');
  await says(page, 'taken back');
  await says(page, 'Cannot be answered');
  if (process.env['ASKLAB_SHOT'] !== undefined) await page.screenshot({ path: process.env['ASKLAB_SHOT'] });
  await page.keyboard.press('r');
  await page.keyboard.type('Which lighthouse?');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /Returned to me/ }).click();
  await says(page, 'Which lighthouse?');
  expect(await findingsInBoth(page, 'returned to me')).toEqual([]);
  await page.keyboard.press('e');
  await page.keyboard.type(' Indeed?');
  await page.keyboard.press('Enter');
  await says(page, 'Nothing was returned to you');
  await page.getByRole('link', { name: /To settle/ }).click();
  await says(page, /has corrected it after your note/);
  await page.keyboard.press('a');
  await says(page, 'Nothing to settle');
  await lead.app.close();
}, 600_000);

test('the returned files merge in every order to the same state', () => {
  const files = ['Ada', 'Bo'].map((name) => join(folder, `${name} Second check.asklab-return`));
  const state = (order: number[]): unknown =>
    stateAfter(
      leadFile,
      order.map((index) => files[index] ?? ''),
      join(folder, `order-${order.join('')}.asklab`),
    );
  const first = state([0, 1]);
  for (const order of [
    [1, 0],
    [0, 1, 0],
    [1, 1, 0],
  ])
    expect(state(order)).toEqual(first);
});
