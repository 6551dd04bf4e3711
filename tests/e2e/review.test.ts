/** The first minute by keyboard alone, and again after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { startApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-review-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('sample, accept, edit, reject, undo by keyboard; a restart finds it as it was', async () => {
  const first = await startApp(folder);
  await first.page.getByText('Open the sample').waitFor();
  await first.page.waitForTimeout(300);
  await first.page.keyboard.press('Enter');
  await first.page.waitForSelector('li[data-id][aria-current]');
  const says = (text: string) => first.page.getByText(text, { exact: false }).first().waitFor();

  await first.page.keyboard.press('a');
  await says('1 decided');
  await first.page.keyboard.press('e');
  await first.page.keyboard.type(' Indeed?');
  await first.page.keyboard.press('Enter');
  await says('2 decided');
  await first.page.keyboard.press('x');
  await first.page.keyboard.press('3');
  await says('3 decided');
  await first.page.keyboard.press('Control+z');
  await says('2 decided');
  await first.app.close();

  const second = await startApp(folder);
  await second.page
    .getByRole('button', { name: /Water and fire/ })
    .first()
    .click();
  await second.page.getByText('2 decided').waitFor();
  expect(await second.page.getByText('Indeed?').count()).toBeGreaterThan(0);
  await second.app.close();
}, 120_000);
