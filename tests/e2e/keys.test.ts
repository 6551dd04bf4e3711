/** A person's own keys: set in Settings, refused where taken, followed by hints, list and palette, kept, given back. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, expect, test } from 'vitest';
import { startApp } from './app.ts';
import { findings } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-keys-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const row = (page: Page, name: RegExp) => page.getByRole('group', { name: /Choose one/ }).getByRole('button', { name });
async function openKeys(page: Page): Promise<void> {
  await expect.poll(() => page.locator('dialog').count()).toBe(0); // a key pressed while a dialog closes goes to it
  await page.keyboard.press('Control+,');
  await page.getByText('Change keys').focus();
  await page.keyboard.press('Enter');
  await row(page, /^Accept/).focus();
}
/** The cap before a hint's word. */
const cap = (page: Page, word: string) => page.locator('.hints .h', { hasText: word }).locator('kbd').first();

test('a key is changed, acts and shows everywhere, stays for its person, and is given back', async () => {
  const first = await startApp(folder);
  const { page } = first;
  await page.getByText('Open the sample').waitFor();
  await page.keyboard.press('Enter');
  await page.waitForSelector('li[data-id][aria-current]');
  await openKeys(page);
  await page.keyboard.press('Enter');
  await page.keyboard.press('x');
  expect(await page.getByRole('alert').filter({ hasText: 'taken' }).textContent()).toContain('X is taken: Reject');
  await page.keyboard.press('1');
  expect(await page.getByRole('alert').filter({ hasText: 'single letter' }).count()).toBe(1);
  await page.keyboard.press('j');
  await expect
    .poll(() =>
      row(page, /^Accept/)
        .locator('kbd')
        .textContent(),
    )
    .toBe('J');
  await row(page, /^Undo/).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+c');
  expect(await page.getByRole('alert').filter({ hasText: 'combination with Ctrl' }).count()).toBe(1);
  await page.keyboard.press('Control+f');
  expect(await page.getByRole('alert').filter({ hasText: 'taken' }).textContent()).toContain('Ctrl F is taken: Filter');
  await page.keyboard.press('Control+j');
  await expect.poll(() => row(page, /^Undo/).locator('kbd').allTextContents()).toEqual(['Ctrl', 'J']);
  expect(await findings(page, 'own keys')).toEqual([]);
  await page.keyboard.press('Escape');

  await page.locator('li[data-id][aria-current]').focus();
  await page.keyboard.press('a');
  await page.waitForTimeout(300);
  expect(await page.getByText('1 decided').count()).toBe(0);
  expect(await cap(page, 'Accept').textContent()).toBe('J');
  expect(await page.getByText('J keeps it, E edits, X strikes').count()).toBe(1);
  await page.keyboard.press('?');
  const listed = page.locator('dialog dl div', { hasText: /^Accept/ });
  expect(await listed.locator('kbd').first().textContent()).toBe('J');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Accept');
  expect(await page.locator('.entry', { hasText: 'Accept' }).first().locator('kbd').first().textContent()).toBe('J');
  await page.keyboard.press('Escape');
  await page.keyboard.press('j');
  await page.getByText('1 decided').waitFor();
  await page.keyboard.press('Control+z');
  await page.waitForTimeout(300);
  expect(await page.getByText('1 decided').count()).toBe(1);
  await page.keyboard.press('Control+j');
  await expect.poll(() => page.getByText('1 decided').count()).toBe(0);
  await page.keyboard.press('j');
  await page.getByText('1 decided').waitFor();
  await first.app.close();

  const second = await startApp(folder);
  await second.page
    .getByRole('button', { name: /Water and fire/ })
    .first()
    .click();
  await second.page.getByText('1 decided').waitFor();
  expect(await cap(second.page, 'Accept').textContent()).toBe('J');
  await openKeys(second.page);
  await second.page.getByRole('button', { name: 'Original keys' }).click();
  await second.page.keyboard.press('Escape');
  await expect.poll(() => cap(second.page, 'Accept').textContent()).toBe('A');

  // Another person has their own hands.
  await openKeys(second.page);
  await second.page.keyboard.press('Enter');
  await second.page.keyboard.press('j');
  await second.page.getByRole('textbox', { name: 'Name of another person' }).fill('Ada');
  await second.page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect
    .poll(() =>
      row(second.page, /^Accept/)
        .locator('kbd')
        .textContent(),
    )
    .toBe('A');
  await second.app.close();
}, 180_000);
