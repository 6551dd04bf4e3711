/**
 * The evaluation loop of docs/evaluation-loop.md, in the window: `npm run loop -- ask PAIRS FOLDER [SKIPPED]`, a
 * reader's marks in FOLDER/marks.jsonl, then `npm run loop -- score FOLDER`. PAIRS holds <language>.test.jsonl[.gz], rows of
 * passage and question; SKIPPED passages a language, read before, are left out.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { Locator, Page } from '@playwright/test';
import type { CampaignReport, ScoringItem, ScoringQueue } from '../../src-main/shared/contract/campaigns.ts';
import type { ScoreTable } from '../../src-main/shared/contract/evaluation.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { answerDialogs, engineOf, startApp, type RunningApp } from './app.ts';

const languages = ['en', 'zh', 'ko', 'fr', 'hi'];
const perLanguage = 20;
const pictures = join(import.meta.dirname, '../../docs/screenshots');
const model = 'LALM five languages';

const lines = <Row>(text: string): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
const read = (path: string): string =>
  path.endsWith('.gz') ? gunzipSync(readFileSync(path)).toString('utf8') : readFileSync(path, 'utf8');
const write = (path: string, rows: readonly object[]): void =>
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));

/** Test passages in the order of a hash of their text, after those skipped, with every question asked about them. */
function draw(pairs: string, folder: string, skipped: number): string[] {
  return languages.map((language) => {
    const path = join(pairs, `${language}.test.jsonl`);
    const rows = lines<{ passage: string; question: string }>(read(existsSync(path) ? path : `${path}.gz`));
    const passages = [...Map.groupBy(rows, ({ passage }) => passage)]
      .map(([passage, asked]) => ({ passage, asked, place: createHash('sha256').update(passage).digest('hex') }))
      .sort((left, right) => (left.place < right.place ? -1 : 1))
      .slice(skipped, skipped + perLanguage);
    const file = join(folder, `${language}.jsonl`);
    write(
      file,
      passages.flatMap(({ passage, asked }) => asked.map(({ question }) => ({ language, passage, question }))),
    );
    return file;
  });
}

async function openScoring(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByRole('button', { name: 'Open human scoring' }).click();
}

/** A sheet for the reader: every question below its passage, in the rater's own order, with nothing of its system. */
interface SheetRow {
  at: number; // place in the rater's order
  language: string;
  passage: string;
  question: string;
}

async function ask(pairs: string, folder: string, skipped: number): Promise<void> {
  for (const name of ['packages', 'returned', 'report']) mkdirSync(join(folder, name), { recursive: true });
  const project = join(folder, 'loop.asklab');
  execFileSync(process.execPath, ['src-main/cli/main.ts', 'import', project, ...draw(pairs, folder, skipped)], {
    stdio: 'inherit',
  });
  const lead = await startApp(join(folder, 'lead'), project);
  const { page } = lead;
  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page
    .getByRole('button', { name: /Score models/ })
    .first()
    .click();
  await page.getByRole('combobox', { name: 'Questions from' }).selectOption({ label: model });
  await page.getByRole('button', { name: `Score ${perLanguage * languages.length} passages` }).click();
  await page.getByText('BLEU-4').first().waitFor();

  await page.getByRole('button', { name: 'Open human scoring' }).click();
  await page
    .getByRole('button', { name: /New campaign/ })
    .first()
    .click();
  await page.getByLabel('Name', { exact: true }).fill('Loop');
  await page.getByLabel('Name of system 1').fill('people');
  for (const [index, [label, name]] of [
    [`${model} (generates now)`, 'bundled model'],
    ['Rules (generates now)', 'rules'],
  ].entries()) {
    await page.getByLabel('Add a system…').selectOption({ label: label ?? '' });
    await page.getByLabel(`Name of system ${index + 2}`).fill(name ?? '');
  }
  await page.getByLabel('Passages per language').fill(String(perLanguage));
  await page.getByLabel('Name of rater 1').fill('Reader');
  await page.getByRole('button', { name: 'Create campaign' }).click();
  await page.getByText('No scores yet.', { exact: false }).waitFor();
  await answerDialogs(lead, [join(folder, 'packages')]);
  await page.getByRole('button', { name: 'Write packages…' }).click();
  await page.getByText('1 package written', { exact: false }).first().waitFor();
  await lead.app.close();

  const rater = await startRater(folder, 'rater-reading');
  const engine = await engineOf(rater);
  const [queue] = (await engine('campaigns', 'queues', {})) as ScoringQueue[];
  const { campaign = '', total = 0 } = queue ?? {};
  const sheet: SheetRow[] = [];
  for (let at = 0; at < total; at += 1) {
    const { items } = (await engine('campaigns', 'items', { campaign, at })) as { items: ScoringItem[] };
    for (const { language, passage, question } of items) sheet.push({ at, language, passage, question });
  }
  await rater.app.close();
  write(
    join(folder, 'sheet.jsonl'),
    [...Map.groupBy(sheet, ({ passage }) => passage).values()].flat(), // a passage is read once
  );
  console.log(`${sheet.length} questions in sheet.jsonl: write {"at", "scores": [0, 1, 2]} for each into marks.jsonl`);
}

async function startRater(folder: string, userData: string): Promise<RunningApp> {
  const [name] = readdirSync(join(folder, 'packages'));
  const running = await startApp(join(folder, userData), join(folder, 'packages', name ?? ''));
  await running.page.getByText('Blind: systems and people mixed', { exact: false }).waitFor();
  return running;
}

/** Presses the reader's marks, one question after another, and saves the file to return. */
async function press(folder: string): Promise<void> {
  const marks = new Map(
    lines<{ at: number; scores: number[] }>(read(join(folder, 'marks.jsonl'))).map(({ at, scores }) => [at, scores]),
  );
  const sheet = lines<SheetRow>(read(join(folder, 'sheet.jsonl'))).sort((left, right) => left.at - right.at);
  const missing = sheet.filter(({ at }) => marks.get(at)?.length !== 3).map(({ at }) => at);
  if (missing.length > 0) throw new Error(`marks.jsonl lacks three scores for ${missing.join(', ')}`);
  const rater = await startRater(folder, 'rater');
  const { page } = rater;
  for (const { at, question } of sheet) {
    await page.waitForFunction(() => document.querySelector('[role="radio"][aria-checked="true"]') === null);
    const shown = (await page.locator('article h2').first().textContent())?.trim();
    if (shown !== question) throw new Error(`question ${at} is another one: ${shown ?? ''}`);
    for (const score of marks.get(at) ?? []) await page.keyboard.press(String(score));
    await page
      .getByText(`${at + 1} of ${sheet.length}`, { exact: false })
      .first()
      .waitFor();
  }
  await page.getByText('Thank you.', { exact: false }).waitFor();
  await answerDialogs(rater, [join(folder, 'returned')]);
  await page.getByRole('button', { name: 'Save the file to return…' }).click();
  await page.getByText('Saved:', { exact: false }).first().waitFor();
  await rater.app.close();
}

/** Run again, it takes what is there and makes the tables and the pictures anew. */
async function score(folder: string): Promise<void> {
  if (readdirSync(join(folder, 'returned')).length === 0) await press(folder);
  const lead = await startApp(join(folder, 'lead'), join(folder, 'loop.asklab'));
  const { app, page } = lead;
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setContentSize(1280, 880));
  await openScoring(page);
  await answerDialogs(
    lead,
    readdirSync(join(folder, 'returned')).map((name) => join(folder, 'returned', name)),
  );
  await page.getByRole('button', { name: 'Merge returned files…' }).click();
  const scores = page.getByRole('region', { name: 'Scores' });
  await scores.getByText('bundled model').waitFor();
  if (readdirSync(join(folder, 'report')).length === 0) {
    await answerDialogs(lead, [join(folder, 'report')]);
    await page.getByRole('button', { name: 'Save report…' }).click();
    await page.getByText('scores.csv', { exact: false }).first().waitFor();
    await page.getByText('Saved:', { exact: false }).first().waitFor();
  }
  const differences = page.getByRole('region', { name: 'Differences' });
  await picture(page, 'loop-scores', page.getByRole('heading', { name: 'Loop' }), differences);

  await page.getByRole('link', { name: 'Evaluate' }).click();
  await page.getByText('BLEU-4').first().waitFor();
  await picture(page, 'loop-metrics', page.getByRole('heading', { name: model }), differences);
  const engine = await engineOf(lead);
  const [run] = ((await engine('jobs', 'list', {})) as Job[]).filter(({ kind }) => kind === 'evaluate');
  const tables = (await engine('evaluation', 'tables', { id: run?.id ?? '' })) as ScoreTable[];
  await app.close();
  const report = JSON.parse(read(join(folder, 'report', 'report.json'))) as CampaignReport;
  writeFileSync(join(folder, 'loop.md'), `${metricsMarkdown(tables)}\n${scoresMarkdown(report)}`);
  console.log(
    `${join(folder, 'loop.md')} and the pictures are written; the whole report is in ${join(folder, 'report')}`,
  );
}

/** A picture of what stands between two parts of a screen: numbers alone, since the passages may not be printed. */
async function picture(page: Page, name: string, from: Locator, to: Locator): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.mouse.move(640, 1); // Nothing is hovered.
    await page.waitForTimeout(700); // Motion ends.
    const [top, bottom] = [await from.first().boundingBox(), await to.boundingBox()];
    if (top === null || bottom === null) throw new Error(`${name} is not on the screen`);
    const [x, y] = [top.x - 20, top.y - 12]; // a part may have its own margin, of which nothing is to be seen beyond
    const right = bottom.x + bottom.width + 20 - (top.x - bottom.x);
    const clip = { x, y, width: right - x, height: bottom.y + bottom.height - y + 8, scale: 1 };
    const session = await page.context().newCDPSession(page);
    const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 82, clip });
    await session.detach();
    writeFileSync(join(pictures, `${name}-${colorScheme}.webp`), Buffer.from(data, 'base64'));
  }
  await page.emulateMedia({ colorScheme: 'light' });
}

/** The tables of the document: the paper's metrics with both baselines and the shares that stand beside them. */
function metricsMarkdown(tables: readonly ScoreTable[]): string {
  const metrics = ['bleu4', 'meteor', 'rougeL'] as const;
  const shares = ['copiedShare', 'questionForm', 'endMark', 'distinctOutputs'] as const;
  const names = ['model', 'central sentence', 'rules'];
  const head =
    '| language | system | BLEU-4 | p | METEOR | p | ROUGE-L | p | copied | question form | end mark | distinct |\n|---|---|---|---|---|---|---|---|---|---|---|---|';
  const rows = languages.flatMap((language) =>
    (tables.find((table) => table.language === language)?.systems ?? []).map(({ name, unanswered, values }, index) => {
      const table = tables.find((one) => one.language === language);
      const value = (metric: string) => values.find((one) => one.metric === metric)?.score;
      const cells = metrics.flatMap((metric) => {
        const found = value(metric);
        const p = table?.comparisons.find(({ other }) => other === name)?.metrics.find((one) => one.metric === metric)
          ?.difference.p;
        return [
          found === undefined ? '' : `${found.value.toFixed(1)} [${found.low.toFixed(1)}, ${found.high.toFixed(1)}]`,
          p === undefined ? '' : p < 0.001 ? '< 0.001' : p.toFixed(3),
        ];
      });
      const label = `${names[index] ?? name}${unanswered > 0 ? `, ${unanswered} without a question` : ''}`;
      return `| ${[language, label, ...cells, ...shares.map((share) => value(share)?.value.toFixed(0) ?? '')].join(' | ')} |`;
    }),
  );
  const signatures = languages.flatMap((language) =>
    [...metrics, ...shares].flatMap(
      (metric) =>
        tables.find((table) => table.language === language)?.systems[0]?.values.find((one) => one.metric === metric)
          ?.signature ?? [],
    ),
  );
  return `${head}\n${rows.join('\n')}\n\n${signatures.join('\n')}\n`;
}

/** Means by language and system, then the differences of the averages. */
function scoresMarkdown({ sections, systems, criteria }: CampaignReport): string {
  const number = (value: number): string => value.toFixed(2);
  const signed = (value: number): string => `${value < 0 ? '−' : ''}${number(Math.abs(value))}`;
  const name = (section: CampaignReport['sections'][number]): string => section.language ?? 'all';
  const means = sections.flatMap((section) =>
    systems.map(({ name: system }) => {
      const silent = section.unanswered.find((one) => one.system === system)?.passages ?? 0;
      const cells = [...criteria, null].map((criterion) => {
        const mean = section.table.find((cell) => cell.system === system && cell.criterion === criterion)?.mean;
        return mean ? `${number(mean.value)} [${number(mean.low)}, ${number(mean.high)}]` : '';
      });
      return `| ${[name(section), system, section.passages - silent, ...cells].join(' | ')} |`;
    }),
  );
  const differences = sections.flatMap((section) =>
    section.differences
      .filter(({ criterion }) => criterion === null)
      .map(({ left, right, difference: { value, low, high }, adjusted, effect, better, worse }) => {
        const p = adjusted < 0.001 ? '< 0.001' : adjusted.toFixed(3);
        const shares = [better, worse].map((share) => `${Math.round(100 * share)} %`).join(' / ');
        const interval = `[${signed(low)}, ${signed(high)}]`;
        const cells = [signed(value), interval, p, effect === null ? '' : signed(effect), shares];
        return `| ${[name(section), `${left} − ${right}`, ...cells].join(' | ')} |`;
      }),
  );
  const smallest = sections.map((section) => {
    const found = section.power.find(({ criterion }) => criterion === null)?.smallest;
    return `${name(section)} ${found === null || found === undefined ? '–' : number(found)}`;
  });
  return [
    `| language | system | questions | ${criteria.join(' | ')} | Average |`,
    `|---|---|---|${'---|'.repeat(criteria.length + 1)}`,
    ...means,
    '',
    '| language | on the average | by | 95 % | p (Holm) | d | better / worse |',
    '|---|---|---|---|---|---|---|',
    ...differences,
    '',
    `Smallest difference that could be seen: ${smallest.join(', ')}.`,
    '',
  ].join('\n');
}

const [step, first = '', second = '', skipped = '0'] = process.argv.slice(2);
if (step === 'ask' && second !== '') await ask(resolve(first), resolve(second), Number(skipped));
else if (step === 'score' && first !== '') await score(resolve(first));
else throw new Error('Say: npm run loop -- ask PAIRS FOLDER [SKIPPED], or npm run loop -- score FOLDER');
