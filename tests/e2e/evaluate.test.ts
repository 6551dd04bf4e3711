import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startApp } from './app.ts';
import { findings, setLook } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const passages = [
  ['The lighthouse was built in 1874 by Ada Brook. It stands on a rock near Port Elm.', 'Who built the lighthouse?'],
  ['Bees visit about 150 flowers on a trip. They carry pollen home.', 'How many flowers do bees visit on a trip?'],
  ['The canal was dug in 1811 because roads were bad. It joins two rivers.', 'Why was the canal dug?'],
];

test('questions of the rules are scored beside both baselines, in the window', async () => {
  const file = join(folder, 'references.jsonl');
  writeFileSync(file, passages.map(([passage, question]) => JSON.stringify({ passage, question })).join('\n'));
  const path = join(folder, 'p.asklab');
  execFileSync(process.execPath, ['src-main/cli/main.ts', 'import', path, file, '--language', 'en']);
  const { app, page } = await startApp(join(folder, 'user'), path);
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page
    .getByRole('button', { name: /Score models/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Score 3 passages' }).click();
  await page.getByText('BLEU-4').first().waitFor();
  await page.getByText('central sentence', { exact: false }).first().waitFor();
  expect(await findings(page, 'evaluate')).toEqual([]);
  await page.screenshot({ path: process.env['ASKLAB_SHOT'] ?? join(folder, 'light.png') });
  await setLook(page, { theme: 'dark', locale: 'zh' });
  await page.getByRole('link', { name: '评测' }).click();
  await page.getByText('BLEU-4').first().waitFor();
  expect(await findings(page, 'evaluate in Chinese')).toEqual([]);
  await page.screenshot({ path: `${process.env['ASKLAB_SHOT'] ?? join(folder, 'dark')}.zh.png` });
  await app.close();
}, 300_000);

test('Models scores two generators on the same passages, and shows where they differ', async () => {
  const file = join(folder, 'both.jsonl');
  writeFileSync(file, passages.map(([passage, question]) => JSON.stringify({ passage, question })).join('\n'));
  const path = join(folder, 'both.asklab');
  execFileSync(process.execPath, ['src-main/cli/main.ts', 'import', path, file, '--language', 'en']);
  const { app, page } = await startApp(join(folder, 'both-user'), path);
  await page.getByTitle(path).waitFor();
  await page.keyboard.press('Control+6');
  await page.getByText('LALM five languages').first().waitFor();
  await page.keyboard.press('a');
  await page.getByText('No run has scored these two').waitFor();
  expect(await findings(page, 'models side by side')).toEqual([]);
  await page.getByRole('button', { name: 'Score both' }).click();
  const section = page.getByRole('region', { name: 'On the same passages' });
  await section.getByText('3 passages with reference questions').waitFor();
  const cells = await section
    .getByRole('row', { name: /^English/ })
    .getByRole('cell')
    .allTextContents();
  expect(cells.slice(0, 6).every((cell) => /^\d+\.\d$/.test(cell.trim()))).toBe(true);
  expect(cells[6]).toMatch(/^([+−]\d+\.\d|0\.0)$/); // its interval is drawn beside it
  expect(await section.getByRole('table').nth(1).getByRole('row').count()).toBeGreaterThan(1);
  expect(await findings(page, 'models compared')).toEqual([]);
  await app.close();
}, 300_000);
