/** What Review does by key alone beside deciding: tags, flag, skip, an own question; each is found in the file. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import type { Candidate } from '../../src-main/shared/contract/types.ts';
import { seed } from '../store/seed.ts';
import { startApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-review-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('type and difficulty, the same pair again, flag, skip and an own question by keys', async () => {
  const path = join(folder, 'Lighthouses.asklab');
  const made = Project.create(path, { name: 'Lighthouses', person: 'Lena' });
  seed(made, 3);
  const [first = ''] = made.passageIds({});
  const [only] = made.candidates(first);
  if (only === undefined) throw new Error('no question');
  made.addCandidates(first, [
    { ...only, original: 'Which number has the lighthouse?', asideReasons: [], focus: null, answer: null },
  ]);
  made.close();

  const { app, page } = await startApp(join(folder, 'user'), path);
  const active = page.locator('li[data-id][aria-current]');
  await active.waitFor();
  const activeId = (): Promise<string | null> => active.getAttribute('data-id');
  const one = await activeId();

  for (const key of ['t', '2', '8', 'Enter']) await page.keyboard.press(key);
  await active.getByText('medium', { exact: false }).first().waitFor();

  await page.keyboard.press('f');
  await page.keyboard.type('ask Ada');
  await page.keyboard.press('Enter');
  await active.getByText('ask Ada').waitFor();

  await page.keyboard.press('s');
  await expect.poll(activeId).not.toBe(one);
  await page.keyboard.press('t');
  await page.keyboard.press('t'); // the last pair again
  await active.getByText('medium', { exact: false }).first().waitFor();

  await page.keyboard.press('n');
  await page.keyboard.type('Upon what does the lighthouse stand?');
  await page.keyboard.press('Enter');
  await page.locator('li[data-id]', { hasText: 'Upon what does' }).waitFor();
  await app.close();

  const project = Project.open(path);
  const [skipped, other, own] = project.candidates(first) as [Candidate, Candidate, Candidate];
  expect(skipped).toMatchObject({ id: one, status: 'undecided', flag: 'ask Ada' });
  for (const tagged of [skipped, other]) expect(tagged).toMatchObject({ type: 'amount', difficulty: 'medium' });
  expect(own).toMatchObject({ original: 'Upon what does the lighthouse stand?', status: 'accepted' });
  expect(own.lineage).toMatchObject({ generator: 'person', generatorName: 'Lena' });
  project.close();
}, 120_000);
