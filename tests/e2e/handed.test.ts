/** Review and adjudication in copies of the app: two annotators decide, the lead merges, a third person settles. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPerson } from '../../src-main/engine/store/people.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from '../store/seed.ts';
import { answerDialogs, startApp, type RunningApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-handed-'));
const leadFile = join(folder, 'Lighthouses.asklab');
const count = 3;
let lead: RunningApp;

beforeAll(() => {
  const project = Project.create(leadFile, { name: 'Lighthouses', person: 'Lena' });
  seed(project, count);
  for (const name of ['Ada', 'Bo']) addPerson(project.database, { name, role: 'annotator' });
  addPerson(project.database, { name: 'Cy', role: 'adjudicator' });
  project.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const says = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();
const files = (ending: string): string[] => readdirSync(folder).filter((name) => name.endsWith(ending));

/** Makes a round of a kind for these people in the window, and writes their packages. */
async function give(kind: string, people: string[], overlap: string | null): Promise<void> {
  const { page } = lead;
  await page.getByRole('button', { name: 'New round' }).first().click();
  await page.getByRole('radio', { name: kind }).check({ force: true });
  for (const name of ['Lena', 'Ada', 'Bo', 'Cy'])
    await page.getByRole('checkbox', { name }).setChecked(people.includes(name), { force: true });
  if (overlap !== null) await page.getByLabel('Overlap').selectOption(overlap);
  await page.getByRole('button', { name: 'Make the round' }).click();
  await answerDialogs(lead, [folder]);
  await page.getByRole('button', { name: 'Write packages' }).click();
  await says(page, /package(s)? written/);
}

/** Opens a package, does what is to be done there and returns the file. */
async function work(file: string, by: (page: Page) => Promise<void>): Promise<void> {
  const running = await startApp(join(folder, `app ${file}`), join(folder, file));
  const { page } = running;
  await says(page, 'Begin');
  await page.keyboard.press('Enter');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await by(page);
  await answerDialogs(running, [folder]);
  await page.keyboard.press('Control+s');
  await says(page, /written to/);
  await running.app.close();
}
async function merge(): Promise<void> {
  await answerDialogs(
    lead,
    files('.asklab-return').map((name) => join(folder, name)),
  );
  await lead.page.getByRole('button', { name: 'Merge returned files' }).click();
  await says(lead.page, /new event/);
}

test('the lead gives undecided questions to two annotators, whose decisions stand when their files are back', async () => {
  lead = await startApp(join(folder, 'lead'), leadFile);
  await says(lead.page, 'Lighthouse number 0');
  await lead.page.keyboard.press('Control+8');
  await give('Review', ['Ada', 'Bo'], '2');
  expect(files('.asklab-package').sort()).toEqual(['Review Ada.asklab-package', 'Review Bo.asklab-package']);
  await work('Review Ada.asklab-package', async (page) => {
    await says(page, 'Blind: the model and all other');
    for (let done = 1; done <= count; done += 1) {
      await page.keyboard.press('a');
      if (done < count) await page.getByText(`passage ${done + 1} of ${count}`).waitFor();
    }
    await says(page, `All ${count} decided`);
  });
  await work('Review Bo.asklab-package', async (page) => {
    await page.keyboard.press('2');
    await page.getByText(`passage 2 of ${count}`).waitFor();
    await page.keyboard.press('a');
    await page.getByText(`passage 3 of ${count}`).waitFor();
    await page.keyboard.press('a');
    await says(page, `All ${count} decided`);
  });
  await merge();
  const { page } = lead;
  await page.getByRole('link', { name: /To settle/ }).waitFor();
}, 400_000);

test('where they differ, a third person settles from a package that tells no name', async () => {
  rmSync(join(folder, files('.asklab-return')[0] ?? ''));
  rmSync(join(folder, files('.asklab-return')[0] ?? ''));
  await give('Adjudicate', ['Cy', 'Ada'], null);
  expect(files('.asklab-package')).toContain('Adjudication Cy.asklab-package');
  expect(files('.asklab-package')).not.toContain('Adjudication Ada.asklab-package');
  await work('Adjudication Cy.asklab-package', async (page) => {
    await says(page, 'People are letters here');
    expect(await page.getByText(/Ada|Bo|Lena/).count()).toBe(0);
    await page.keyboard.press('a');
    await says(page, 'Everything is settled');
    // What it begins with is shown once, though nothing is decided again.
    await page.keyboard.press('Control+z');
    await says(page, 'People are letters here');
    await page.keyboard.press('a');
    await says(page, 'Everything is settled');
  });
  await merge();
  const { page } = lead;
  await page.getByRole('link', { name: /To settle/ }).waitFor({ state: 'detached' });
  await lead.app.close();
  const project = Project.open(leadFile);
  expect(project.counts()).toMatchObject({ accepted: count, undecided: 0 });
  project.close();
}, 400_000);
