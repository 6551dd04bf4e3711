/**
 * npm run bench:window [-- --json FILE]
 * The main process's longest pause while the window generates with the bundled model: what a person would feel as a window
 * that does not answer. `usual` is the same while nothing is asked.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { engineOf, startApp, type RunningApp } from '../e2e/app.ts';
import { Figures } from './inference-ways.ts';

const watched = 5; // milliseconds between two looks
const model = 'lalm-five-languages';

interface Watched {
  longest: number;
  timer: NodeJS.Timeout;
}

function watch({ app }: RunningApp): Promise<void> {
  return app.evaluate((_, every) => {
    const gap = { longest: 0 } as Watched;
    let last = performance.now();
    gap.timer = setInterval(() => {
      const now = performance.now();
      gap.longest = Math.max(gap.longest, now - last - every);
      last = now;
    }, every);
    Object.assign(globalThis, { gap });
  }, watched);
}

/** The longest pause since `watch`, in milliseconds. */
function longest({ app }: RunningApp): Promise<number> {
  return app.evaluate(() => {
    const { gap } = globalThis as unknown as { gap: Watched };
    clearInterval(gap.timer);
    return gap.longest;
  });
}

const folder = mkdtempSync(join(tmpdir(), 'asklab-gap-'));
const running = await startApp(join(folder, 'user'));
try {
  await running.page.getByText('Open the sample').waitFor();
  await running.page.keyboard.press('Enter');
  await running.page.locator('li[data-id][aria-current]').waitFor();
  const ask = await engineOf(running);
  await watch(running);
  await running.page.waitForTimeout(5000);
  const usual = await longest(running);
  await watch(running);
  const job = (await ask('generation', 'start', { generator: model, passages: {}, device: 'cpu' })) as Job;
  let now = job;
  while (['queued', 'running'].includes(now.state)) {
    await running.page.waitForTimeout(100);
    now = ((await ask('jobs', 'list', {})) as Job[]).find(({ id }) => id === job.id) ?? job;
  }
  const figures = new Figures();
  figures.add('longest pause of the main process while it generates (ms, at most)', await longest(running), 100);
  figures.add('the same while nothing is asked (ms)', usual, null);
  figures.add('passages asked about', now.done, null);
  figures.print();
  figures.write();
} finally {
  await running.app.close();
  rmSync(folder, { recursive: true, force: true });
}
