/** The interface in every language: nothing left in English, nothing cut at its edge, the page's language told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startApp, type RunningApp } from './app.ts';
import { inProject, setLook } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-locales-'));
let running: RunningApp;

beforeAll(async () => {
  running = await startApp(folder);
}, 240_000);
afterAll(async () => {
  await running.app.close();
  rmSync(folder, { recursive: true, force: true });
});

test('the sample opens in the language of the interface', async () => {
  const { page } = running;
  await setLook(page, { theme: 'light', locale: 'ko' });
  await page.waitForSelector('.hm .rows li');
  await page.keyboard.press('Enter');
  await page.waitForSelector('li[data-id][aria-current]');
  expect(await page.locator('.ptext').locator('xpath=..').getAttribute('lang')).toBe('ko');
}, 180_000);

test.each(['zh', 'ko', 'fr', 'hi'] as const)(
  '%s: each screen fits and speaks its language',
  async (locale) => {
    const { page } = running;
    await setLook(page, { theme: 'light', locale });
    for (const { name, enter, leave } of inProject.filter((place) => !place.name.includes(','))) {
      await enter(page);
      const found = await page.evaluate(() => {
        // Of buttons, headings and labels: text wider than its box with nothing to show that it goes on.
        const cut = [...document.querySelectorAll<HTMLElement>('button, h1, h2, label, th, dt')]
          .filter((element) => element.offsetParent !== null && element.scrollWidth > element.clientWidth + 1)
          .filter((element) => !['ellipsis'].includes(getComputedStyle(element).textOverflow))
          .filter((element) => getComputedStyle(element).overflow === 'hidden')
          .map((element) => element.textContent.trim());
        return { cut, wide: document.documentElement.scrollWidth > innerWidth, lang: document.documentElement.lang };
      });
      expect(found, name).toEqual({ cut: [], wide: false, lang: locale });
      await leave?.(page);
    }
    if (locale === 'zh' || locale === 'ko') {
      const heading = await page.locator('header h1').textContent();
      expect(heading).toMatch(locale === 'zh' ? /\p{Script=Han}/u : /\p{Script=Hangul}/u);
    }
  },
  120_000,
);
