/** Charts of Insights are saved as they stand, by key: a drawing that stands alone, and its numbers. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from '../store/seed.ts';
import { startApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-insights-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('C saves each chart as SVG, Ctrl S its numbers as CSV', async () => {
  const path = join(folder, 'Lighthouses.asklab');
  const made = Project.create(path, { name: 'Lighthouses', person: 'Lena' });
  const ids = seed(made, 30);
  const verdicts = ids.map((item, at) => {
    const rejected = at % 3 === 0;
    const edited = at % 3 === 1 ? { question: `Where does the great lighthouse ${at} stand today?` } : {};
    const payload = rejected ? { verdict: 'reject', reason: 'trivial' } : { verdict: 'accept', ...edited };
    return { kind: 'decide' as const, item, payload, seconds: 4 };
  });
  for (const verdict of verdicts) made.history.append(made.person().id, [verdict]);
  made.close();

  const { app, page } = await startApp(join(folder, 'user'), path);
  await app.evaluate(({ session }, into) => {
    session.defaultSession.on('will-download', (_, item) => item.setSavePath(`${into}/${item.getFilename()}`));
  }, folder);
  await page.waitForSelector('li[data-id]');
  await page.keyboard.press('Control+4');
  await page.waitForSelector('#chart-perHour svg[role="img"]');
  const saved = async (name: string): Promise<string> => {
    await expect.poll(() => existsSync(join(folder, name)) && readFileSync(join(folder, name)).length > 0).toBe(true);
    return readFileSync(join(folder, name), 'utf8');
  };
  const numbers = { perHour: 30, byLanguage: 30, byGenerator: 30, byReason: 10, editDistance: 10 };
  for (const [chart, sum] of Object.entries(numbers)) {
    await page.keyboard.press('Control+s');
    const rows = (await saved(`asklab-${chart}.csv`)).replace('\uFEFF', '').trim().split('\r\n').slice(1);
    const cells = rows.flatMap((row) => row.split(',').slice(1).map(Number));
    expect({ chart, sum: cells.reduce((all, value) => all + value, 0) }).toEqual({ chart, sum });
    await page.keyboard.press('c');
    const svg = await saved(`asklab-${chart}.svg`).catch((error: unknown) => String(error));
    // Nothing of the page's is left to be looked up: it looks the same elsewhere.
    expect(svg.startsWith('<svg') || svg.startsWith('<?xml')).toBe(true);
    expect(svg).toContain('xmlns="http://www.w3.org/2000/svg"');
    expect(svg).not.toContain('var(--');
    await page.keyboard.press('ArrowRight');
  }
  await app.close();
}, 120_000);
