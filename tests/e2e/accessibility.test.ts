/** WCAG 2.2 AA by axe on every screen and dialog, light and dark; English and Chinese. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type RunningApp } from './app.ts';
import { beforeProject, findings, inProject, setLook, type Place } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-accessibility-'));
let running: RunningApp;

beforeAll(async () => {
  running = await startApp(folder);
}, 120_000);
afterAll(async () => {
  await running.app.close();
  rmSync(folder, { recursive: true, force: true });
});

async function walk(places: readonly Place[], label: string): Promise<string[]> {
  const { page } = running;
  const found: string[] = [];
  for (const place of places) {
    await place.enter(page);
    found.push(...(await findings(page, `${place.name} (${label})`)));
    await place.leave?.(page);
  }
  return found;
}

test('before a project is open', async () => {
  const found: string[] = [];
  for (const theme of ['light', 'dark'] as const) {
    await setLook(running.page, { theme, locale: 'en' });
    found.push(...(await walk(beforeProject, theme)));
  }
  expect(found).toEqual([]);
}, 120_000);

test('every screen and dialog of an open project', async () => {
  const { page } = running;
  await page.keyboard.press('Control+e');
  await page.waitForSelector('li[data-id]');
  const found: string[] = [];
  for (const look of [
    { theme: 'light', locale: 'en' },
    { theme: 'dark', locale: 'zh' },
  ] as const) {
    await setLook(page, look);
    await page.waitForSelector('#app > *');
    found.push(...(await walk(inProject, `${look.theme} ${look.locale}`)));
  }
  expect(found).toEqual([]);
}, 600_000);
