/** A diverse set in the window, by keyboard: chosen, looked at, a filter of Passages, generated for, removed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startApp } from './app.ts';
import { findings, setLook } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-sets-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const shots = process.env['ASKLAB_SHOTS'];

test('20 of the sample’s passages are chosen, shown, and given to Generate', async () => {
  const running = await startApp(folder);
  const { page } = running;
  const shoot = async (name: string): Promise<void> => {
    if (shots !== undefined) await page.screenshot({ path: join(shots, `${name}.png`) });
  };
  await page.keyboard.press('Control+e');
  await page.waitForSelector('li[data-id]');
  await page.keyboard.press('Control+1');
  await page.waitForSelector('[role="grid"]');
  await page.keyboard.press('d');
  const dialog = page.getByRole('dialog');
  await dialog.getByText('All passages').waitFor();
  expect(await dialog.getByRole('spinbutton', { name: 'How many' }).inputValue()).toBe('20');
  await shoot('diverse-dialog');
  const name = dialog.getByRole('textbox', { name: 'Name' });
  await name.fill('Twenty');
  await expect.poll(() => dialog.getByRole('button', { name: 'Choose', exact: false }).last().isEnabled()).toBe(true);
  await name.press('Enter');
  await dialog.getByRole('heading', { name: 'How “Twenty” was chosen' }).waitFor();
  expect(await dialog.getByText(/^20 of \d+ passages$/).count()).toBe(1);
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    found.push(...(await findings(page, `evidence (${colorScheme})`)));
    await shoot(`diverse-evidence-${colorScheme}`);
  }
  expect(found).toEqual([]);
  await page.keyboard.press('Enter'); // the button has the focus

  await page.getByText('20 match').waitFor();
  await page.getByRole('button', { name: 'Remove Twenty' }).waitFor();
  await page.getByText(/^“Twenty”, (also for|for itself)/).waitFor();
  await shoot('diverse-passages');
  await page.locator('[role="grid"]').focus();
  await page.keyboard.press('Control+a');
  await page.keyboard.press('g');
  const scope = page.getByRole('radio', { name: 'In the set “Twenty”' });
  await scope.waitFor();
  expect(await scope.isChecked()).toBe(true);
  await page.getByText('Up to 120 questions').waitFor();
  await shoot('diverse-generate');

  await page.keyboard.press('Control+5');
  await page.getByRole('combobox', { name: 'Passages' }).selectOption('Twenty');
  await setLook(page, { theme: 'light', locale: 'zh' });
  await page.keyboard.press('Control+1');
  await page.waitForSelector('[role="grid"]');
  await page.keyboard.press('d');
  await dialog.waitFor();
  await shoot('diverse-dialog-zh');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+f');
  await page.getByRole('button', { name: '“Twenty”的挑选依据' }).press('Enter');
  await dialog.getByText('覆盖程度').waitFor();
  await shoot('diverse-evidence-zh');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+f');
  await page.getByRole('button', { name: '移除集合 Twenty' }).press('Enter');
  await page.getByText('集合 Twenty 已移除，其中的段落仍在。').first().waitFor();
  await running.app.close();
}, 300_000);
