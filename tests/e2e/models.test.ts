/** The end of the fine-tuning loop in the window: a tuned bundle comes in, is compared with the old one, and is used. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { describeBundle } from '../../src-main/engine/generate/generators.ts';
import type { Candidate, Job } from '../../src-main/shared/contract/types.ts';
import { answerDialogs, engineOf, startApp } from './app.ts';
import { findings } from './screens.ts';
import { bundled, writeTuned } from './tuned.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The held-out part: passages that neither model was tuned on, with the questions people kept. */
const heldOut = [
  ['The lighthouse was built in 1874 by Ada Brook. It stands on a rock near Port Elm.', 'Who built the lighthouse?'],
  ['Bees visit about 150 flowers on a trip. They carry pollen home.', 'How many flowers do bees visit on a trip?'],
  ['The canal was dug in 1811 because roads were bad. It joins two rivers.', 'Why was the canal dug?'],
  ['Maria Telkes designed a solar oven in 1953. It reached 180 degrees.', 'Who designed a solar oven?'],
];

test('a tuned bundle is added, compared on a held-out part, chosen, and asks from then on', async () => {
  const file = join(folder, 'tuned.asklab-model');
  await writeTuned(file, 'lalm-tuned', 'LALM, our edits');
  const source = join(folder, 'held-out.jsonl');
  writeFileSync(source, heldOut.map(([passage, question]) => JSON.stringify({ passage, question })).join('\n'));
  const path = join(folder, 'held-out.asklab');
  execFileSync(process.execPath, ['src-main/cli/main.ts', 'import', path, source, '--language', 'en']);

  const first = await startApp(join(folder, 'user'), path);
  const { page } = first;
  await page.getByTitle(path).waitFor();
  await page.keyboard.press('Control+6');
  await page.getByText('LALM five languages').first().waitFor();
  await page.getByRole('button', { name: /^LALM five languages.*Came with Asklab/ }).click();
  await page.keyboard.press('Delete'); // it stays
  expect(await page.getByRole('button', { name: 'Remove' }).count()).toBe(0);

  // Every source of its data stands there with its terms.
  await page.getByText('sources with their terms', { exact: false }).click();
  const sources = page.getByRole('listitem').filter({ hasText: 'FQuAD' });
  expect(await sources.textContent()).toContain('CC BY-NC-SA 3.0');
  expect(await page.locator('details[open] li').count()).toBeGreaterThan(15);
  expect(await findings(page, 'models with every source')).toEqual([]);

  // A spoilt copy is refused with the check that failed; nothing of it stays.
  const spoilt = join(folder, 'spoilt.asklab-model');
  const bytes = readFileSync(file);
  writeFileSync(spoilt, bytes.subarray(0, bytes.length - 4000));
  await answerDialogs(first, [spoilt]);
  await page.keyboard.press('n');
  await page.getByText('Not added: spoilt.asklab-model').waitFor();
  expect(await page.getByText('LALM, our edits').count()).toBe(0);

  await answerDialogs(first, [file]);
  await page.keyboard.press('n');
  await page.getByRole('button', { name: /^LALM, our edits/ }).waitFor();
  await page.keyboard.press('b');
  await page.getByRole('button', { name: /^A LALM five languages|^A Rules/ }).waitFor();
  await page.getByRole('button', { name: /LALM five languages/ }).click();
  await page.keyboard.press('a');
  await page.getByRole('button', { name: 'Score both' }).click();
  const section = page.getByRole('region', { name: 'On the same passages' });
  await section.getByText('4 passages with reference questions').waitFor();
  const cells = await section
    .getByRole('row', { name: /^English/ })
    .getByRole('cell')
    .allTextContents();
  expect(cells.slice(0, 6).every((cell) => /^\d+\.\d$/.test(cell.trim()))).toBe(true);
  await page.getByText(/^(No clear difference in any language|[AB] is clearly better in 1 language)\.$/).waitFor();
  const outputs = await section
    .getByRole('table')
    .nth(1)
    .locator('tbody tr')
    .first()
    .getByRole('cell')
    .allTextContents();
  expect(outputs[1]).not.toBe(outputs[2]);
  expect(await findings(page, 'old and new')).toEqual([]);

  await page.getByRole('button', { name: /LALM, our edits/ }).click();
  await page.keyboard.press('u');
  await page.getByRole('button', { name: /LALM, our edits.*in use/ }).waitFor();
  await first.app.close();

  // After a restart it is still the active one, and its questions carry its name and hash.
  const second = await startApp(join(folder, 'user'), path);
  await second.page.getByTitle(path).waitFor();
  await second.page.keyboard.press('Control+2');
  const generator = second.page.getByRole('combobox', { name: 'Generator' });
  await expect.poll(() => generator.locator('option:checked').textContent()).toContain('LALM, our edits');
  await second.page.keyboard.press('Control+Enter');
  const ask = await engineOf(second);
  const runs = async () => ((await ask('jobs', 'list', {})) as Job[]).filter(({ kind }) => kind === 'generate');
  await expect.poll(async () => (await runs()).map(({ state }) => state), { timeout: 120_000 }).toEqual(['done']);
  const { items } = (await ask('review', 'queue', { filter: {}, limit: 4 })) as {
    items: { candidates: Candidate[] }[];
  };
  const lineages = items.flatMap(({ candidates }) => candidates.map(({ lineage }) => lineage));
  expect(lineages.length).toBeGreaterThan(0);
  const [hash] = [...new Set(lineages.map((lineage) => lineage?.hash))];
  expect(lineages.every((lineage) => lineage?.generator === 'lalm-tuned' && lineage.hash === hash)).toBe(true);
  expect(hash).not.toBe(describeBundle(bundled, null).hash);
  await second.app.close();
}, 400_000);

test('a bundle in a folder is added by the manifest in it, and removed again', async () => {
  await writeTuned(join(folder, 'tuned'), 'lalm-folder', 'LALM in a folder');
  const running = await startApp(join(folder, 'folder-user'));
  const { page } = running;
  await page.getByRole('button', { name: /Open the sample/ }).click();
  await page.waitForSelector('li[data-id][aria-current]');
  await page.keyboard.press('Control+6');
  await page.getByText('LALM five languages').first().waitFor();
  await answerDialogs(running, [join(folder, 'tuned', 'manifest.json')]);
  await page.keyboard.press('n');
  const row = page.getByRole('button', { name: /^LALM in a folder/ });
  await row.waitFor();
  await page.keyboard.press('Delete');
  await page.getByRole('button', { name: 'Remove' }).last().click();
  await row.waitFor({ state: 'detached' });
  await running.app.close();
}, 200_000);

test('a model file that the system opens is added to the open project’s Models; without a project it says what to do', async () => {
  const file = join(folder, 'opened.asklab-model');
  await writeTuned(file, 'lalm-opened', 'LALM, opened');
  const { app, page } = await startApp(join(folder, 'opener'), file);
  await page.getByText('Open or make a project first').first().waitFor();
  await page.getByRole('button', { name: /Open the sample/ }).click();
  await page.waitForSelector('li[data-id]');
  await app.evaluate((electron, path) => {
    electron.app.emit('open-file', { preventDefault: () => undefined }, path);
  }, file);
  await page.getByRole('button', { name: /^LALM, opened/ }).waitFor();
  await app.close();
}, 240_000);
