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

test('a run tells how far it is; its questions are sorted by score and by difference, with what parts each from its reference', async () => {
  const many = Array.from({ length: 240 }, (_, at) => {
    const [passage = '', question = ''] = passages[at % passages.length] ?? [];
    return { passage: `${passage} It is number ${at} of its kind.`, question };
  });
  const file = join(folder, 'many.jsonl');
  writeFileSync(file, many.map((row) => JSON.stringify(row)).join('\n'));
  const path = join(folder, 'many.asklab');
  execFileSync(process.execPath, ['src-main/cli/main.ts', 'import', path, file, '--language', 'en']);
  const { app, page } = await startApp(join(folder, 'many-user'), path);
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page
    .getByRole('button', { name: /Score models/ })
    .first()
    .click();
  // What its bar says meanwhile is taken down as it changes: the run may be over before anybody could look.
  await page.evaluate(() => {
    const said: string[] = [];
    (window as unknown as { said: string[] }).said = said;
    new MutationObserver(() => {
      for (const bar of document.querySelectorAll('.job [role="progressbar"]'))
        said.push(bar.getAttribute('aria-valuenow') ?? '');
    }).observe(document.body, { subtree: true, childList: true, attributes: true });
  });
  await page.getByRole('button', { name: 'Score 240 passages' }).click();
  const items = page.getByRole('region', { name: 'Questions' });
  await items.getByRole('listitem').first().waitFor();
  const said = await page.evaluate(() => (window as unknown as { said: string[] }).said.map(Number));
  expect(new Set(said).size).toBeGreaterThan(2);
  expect(said).toEqual(said.toSorted((left, right) => left - right));

  const columnOf = async (selector: string): Promise<number[]> =>
    (await items.locator(selector).allTextContents()).map(Number);
  const sorted = (values: number[], down = false): number[] =>
    values.toSorted((left, right) => (down ? right - left : left - right));
  const lowest = await columnOf('.score .strong');
  expect(lowest).toHaveLength(50);
  expect(lowest).toEqual(sorted(lowest));
  await items.getByRole('button', { name: 'Show more' }).click();
  await items.getByRole('listitem').nth(99).waitFor();
  await items.getByLabel('Order').selectOption('best');
  await expect.poll(async () => (await columnOf('.score .strong'))[0]).toBeGreaterThan(lowest[0] ?? 0);
  const highest = await columnOf('.score .strong');
  expect(highest).toEqual(sorted(highest, true));

  // Each question stands in words that it shares with its reference, that it adds and that it lacks.
  const first = items.getByRole('listitem').first();
  const words = await first.locator('.question').evaluate((question) => ({
    output: [...question.childNodes].map((node) => (node.nodeName === 'DEL' ? '' : node.textContent)).join(''),
    reference: [...question.childNodes].map((node) => (node.nodeName === 'INS' ? '' : node.textContent)).join(''),
  }));
  const questions = passages.map(([, question]) => question);
  expect(questions).toContain(words.reference.trim());
  expect(words.output.trim()).toMatch(/\?$/u);
  expect(await items.locator('.question ins').count()).toBeGreaterThan(0);
  expect(await items.locator('.question del').count()).toBeGreaterThan(0);

  await items.getByLabel('Sort by').selectOption({ index: 1 });
  await items.locator('.other').first().waitFor();
  const [own, other] = [await columnOf('.score .strong'), await columnOf('.score .meta')];
  expect(other).toHaveLength(own.length);
  const differences = own.map((value, at) => Math.round((value - (other[at] ?? 0)) * 10) / 10);
  differences.forEach((value, at) => expect(value).toBeLessThanOrEqual((differences[at - 1] ?? Infinity) + 0.11)); // both are rounded
  await items.getByLabel('Order').selectOption('worst');
  await expect
    .poll(async () => ((await columnOf('.score .strong'))[0] ?? 0) - ((await columnOf('.score .meta'))[0] ?? 0))
    .toBeLessThan(differences[0] ?? -Infinity);
  expect(await findings(page, 'questions of a run')).toEqual([]);
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
