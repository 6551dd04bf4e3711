/// <reference lib="dom" />
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { engineOf, startApp } from '../../e2e/app.ts';
import { percentile, type Figures } from './figures.ts';

const presses = 120;
const heldFor = 3000;
const repeatEvery = 33; // as a keyboard repeats a held key

/** In the page: milliseconds from each key press to the frame after the next row, or the next passage, is shown. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const shown = (): string =>
      `${document.querySelector('li[data-id][aria-current]')?.getAttribute('data-id')} ${document.querySelector('.passage, article')?.textContent?.length}`;
    const times: number[] = [];
    Object.assign(window, { paintTimes: times });
    let [before, pressed] = [shown(), 0];
    window.addEventListener(
      'keydown',
      (event) => {
        if (pressed === 0) [before, pressed] = [shown(), event.timeStamp];
      },
      { capture: true },
    );
    new MutationObserver(() => {
      if (pressed === 0 || shown() === before) return;
      const start = pressed;
      pressed = 0;
      requestAnimationFrame(() => requestAnimationFrame(() => times.push(performance.now() - start)));
    }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-current'] });
  });
}

const timesOf = (page: Page): Promise<number[]> =>
  page.evaluate(() => (window as unknown as { paintTimes: number[] }).paintTimes.splice(0));

/** Presses a key, again and again, each time after the last is shown. */
async function pressed(page: Page, keys: readonly string[]): Promise<number[]> {
  const times: number[] = [];
  for (let turn = 0; turn < presses; turn += 1) {
    await page.keyboard.press(keys[turn % keys.length] ?? '');
    for (let wait = 0; wait < 40 && times.length <= turn; wait += 1) {
      await page.waitForTimeout(25);
      times.push(...(await timesOf(page)));
    }
    if (times.length <= turn)
      throw new Error(`Nothing was shown after key ${keys[turn % keys.length]}, press ${turn}.`);
  }
  return times;
}

async function held(page: Page, key: string): Promise<number[]> {
  const end = performance.now() + heldFor;
  while (performance.now() < end) {
    await page.keyboard.down(key); // a second "down" is a repeat
    await page.waitForTimeout(repeatEvery);
  }
  await page.keyboard.up(key);
  await page.waitForTimeout(500);
  return timesOf(page);
}

/** Key press to painted in the real window, over the project of a million candidates in `folder`. */
export async function benchPaint(folder: string): Promise<Figures> {
  const path = join(folder, 'million.asklab');
  if (process.env['ASKLAB_ELECTRON'] === undefined || !existsSync(path)) {
    console.log('key press to paint: skipped, it needs Electron, a display and the project of `million`.');
    return [];
  }
  const started = performance.now();
  const running = await startApp(join(folder, 'user'), path);
  const { app, page } = running;
  await page.waitForSelector('nav');
  await page.keyboard.press('Control+3');
  await page.waitForSelector('li[data-id][aria-current]');
  const opened = performance.now() - started;
  await watch(page);
  // Five questions a passage: four accepted, each showing the next, then the next passage. After the fifth the window
  // would wait half a second on purpose, so that the decision is seen.
  const all = await pressed(page, ['a', 'a', 'a', 'a', 'ArrowRight']);
  const kinds: [string, number[]][] = [
    ['key A to next question painted', all.filter((_, index) => index % 5 < 4)],
    ['arrow to next passage painted', all.filter((_, index) => index % 5 === 4)],
    ['arrow held: key to next passage painted', await held(page, 'ArrowRight')],
  ];
  // The next run finds the same questions undecided.
  const ask = await engineOf(running);
  for (const _ of kinds[0]?.[1] ?? []) await ask('review', 'undo', {});
  await app.close();
  return [
    { name: 'at a million: start of the app to first question shown (ms)', value: opened, target: null },
    ...kinds.flatMap(([kind, times]) =>
      (
        [
          ['p95', 0.95],
          ['p50', 0.5],
          ['worst', 1],
        ] as const
      ).map(([label, share]) => ({
        name: `at a million: ${kind}, ${label} of ${times.length} (ms)`,
        value: percentile(times, share),
        target: label === 'p95' ? 50 : null,
        atMost: true,
      })),
    ),
  ];
}
