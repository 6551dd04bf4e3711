/** Takes the pictures of docs/screens.md and docs/guide.md: every screen in light, in dark and in each interface language. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { answerDialogs, engineOf, startApp, type AskEngine, type RunningApp } from './app.ts';
import { preparePictured } from './pictured.ts';
import { writeTuned } from './tuned.ts';

const target = join(import.meta.dirname, '../../docs/screenshots');
const folder = mkdtempSync(join(tmpdir(), 'asklab-screenshots-'));
const languages = ['zh', 'ko', 'fr', 'hi'] as const;
/** Only these pictures, where names are given. */
const wanted = process.argv.slice(2);

interface Pictured {
  preferences: { set(change: { locale: string }): void };
}

/** Keeps the page's preferences where a picture can change them: what is open stays open in another language. */
async function keepPreferences(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const assign = Object.assign.bind(Object);
    Object.assign = (target: object, ...sources: unknown[]) => {
      if ('textSize' in target && 'set' in target) assign(window, { preferences: target });
      return assign(target, ...sources) as unknown;
    };
  });
  await page.reload();
  await page.waitForSelector('#app > *');
}

async function capture(page: Page, name: string): Promise<void> {
  await page.waitForTimeout(250); // Lists are filled.
  await page.evaluate(() => Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))));
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 45 });
  await session.detach();
  writeFileSync(join(target, `${name}.webp`), Buffer.from(data, 'base64'));
  console.log(name);
}

/** A screen in English, light and dark, then in each other language; `again` opens anew what was filled in by language. */
async function take(page: Page, name: string, again: () => Promise<void> = async () => {}): Promise<void> {
  if (wanted.length > 0 && !wanted.includes(name)) return;
  const speak = (locale: string): Promise<void> =>
    page.evaluate((value) => (window as unknown as Pictured).preferences.set({ locale: value }), locale);
  await page.mouse.move(640, 1); // Nothing is hovered.
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await capture(page, `${name}-${colorScheme}`);
  }
  for (const locale of languages) {
    await speak(locale);
    await again();
    await capture(page, `${name}-${locale}`);
  }
  await speak('en');
}

/** Decisions such as an afternoon brings, so that Insights and Export have something to show. */
async function decideSome(ask: AskEngine): Promise<void> {
  interface Queue {
    items: { candidates: { id: string; question: string; status: string }[] }[];
  }
  const reasons = ['trivial', 'ungrammatical', 'unanswerable', 'duplicate'];
  for (let count = 0; count < 60;) {
    const { items } = (await ask('review', 'queue', { filter: { statuses: ['undecided'] } })) as Queue;
    const open = items.flatMap(({ candidates }) => candidates).filter(({ status }) => status === 'undecided');
    if (open.length === 0) return;
    for (const { id, question } of open.slice(0, 5)) {
      const verdict = count % 4 === 3 ? 'reject' : 'accept';
      const reason = verdict === 'reject' ? { reason: reasons[(count >> 2) % reasons.length] } : {};
      const edited = count % 5 === 1 ? { question: question.replace(/[?？।]+$/u, ', exactly?') } : {};
      const change = verdict === 'reject' ? reason : edited;
      await ask('review', 'decide', { candidateId: id, verdict, ...change, seconds: 4 + (count % 7) });
      count += 1;
    }
  }
}

/** Home fills the window; a project's screens have the sidebar. */
const inProject = (page: Page): Promise<void> => page.locator('.window:not(.solo)').waitFor();

const size = { width: 1280, height: 800 };

async function startSized(userData: string, ...files: string[]): Promise<RunningApp> {
  const running = await startApp(join(folder, userData), ...files);
  await running.app.evaluate(
    ({ BrowserWindow }, { width, height }) => BrowserWindow.getAllWindows()[0]?.setContentSize(width, height),
    size,
  );
  if (files.length > 0) await inProject(running.page);
  await keepPreferences(running.page);
  return running;
}

/** Rounds, scoring and evaluation: each in a project where people have already worked. */
async function pictureOthersWork(): Promise<void> {
  const names = [
    'rounds',
    'settle',
    'returned',
    'check',
    'evaluate',
    'campaigns',
    'models-compare',
    'models-tuned',
    'score',
  ];
  if (wanted.length > 0 && !names.some((name) => wanted.includes(name))) return;
  const { round, check, study, score } = await preparePictured(join(folder, 'pictured'));
  const lead = await startSized('lead', round);
  await lead.page.getByRole('link', { name: 'Rounds' }).click();
  await lead.page.getByRole('button', { name: 'Compute agreement' }).click();
  await lead.page.getByText('Krippendorff’s alpha, nominal').first().waitFor();
  await take(lead.page, 'rounds');
  await lead.page.getByRole('link', { name: /To settle/ }).click();
  await lead.page
    .getByText(/Return to/)
    .first()
    .waitFor();
  await take(lead.page, 'settle');
  await lead.page.getByRole('link', { name: /Returned to me/ }).click();
  await lead.page.getByText('Which one does it mean?').first().waitFor();
  await take(lead.page, 'returned');
  await lead.app.close();

  const checker = await startSized('checker', check);
  await checker.page.getByText('Begin').first().waitFor();
  await checker.page.keyboard.press('Escape');
  await checker.page.getByText('Blind: the first decision').first().waitFor();
  await checker.page.keyboard.press('a');
  await take(checker.page, 'check');
  await checker.app.close();

  const researcher = await startSized('researcher', study);
  await researcher.page.getByRole('link', { name: 'Evaluate' }).click();
  await researcher.page.getByText('BLEU-4').first().waitFor();
  await take(researcher.page, 'evaluate');
  await researcher.page.getByRole('button', { name: 'Open human scoring' }).click();
  await researcher.page.getByRole('region', { name: 'Scores' }).first().waitFor();
  await take(researcher.page, 'campaigns');
  await researcher.page.keyboard.press('Control+6');
  await researcher.page.getByText('LALM five languages').first().waitFor();
  await researcher.page.keyboard.press('a');
  await researcher.page.getByRole('button', { name: 'Score both' }).click();
  await researcher.page.getByText('Where they differ most').scrollIntoViewIfNeeded();
  await take(researcher.page, 'models-compare');
  await pictureTuned(researcher);
  await researcher.app.close();

  const rater = await startSized('rater', score);
  await rater.page.getByText('Blind: systems and people mixed').first().waitFor();
  await rater.page.keyboard.press('2');
  await take(rater.page, 'score');
  await rater.app.close();
}

/** A tuned bundle beside the bundled one, after both were scored; its weights were changed for the picture. */
async function pictureTuned(running: RunningApp): Promise<void> {
  const { page } = running;
  const file = join(folder, 'tuned.asklab-model');
  await writeTuned(file, 'lalm-tuned', 'LALM, our edits');
  await answerDialogs(running, [file]);
  await page.keyboard.press('n');
  await page.getByRole('button', { name: /^LALM, our edits/ }).waitFor();
  await page.keyboard.press('b');
  await page.getByRole('button', { name: /LALM five languages/ }).click();
  await page.keyboard.press('a');
  await page.getByRole('button', { name: 'Score both' }).click();
  await page.getByText('Where they differ most').scrollIntoViewIfNeeded();
  await page.getByRole('button', { name: /LALM, our edits/ }).click();
  await page.keyboard.press('u');
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await take(page, 'models-tuned');
}

async function main(): Promise<void> {
  mkdirSync(target, { recursive: true });
  await pictureOthersWork();
  await pictureOwnWork();
  rmSync(folder, { recursive: true, force: true });
}

async function pictureOwnWork(): Promise<void> {
  const running = await startSized('user');
  const { page } = running;
  await page.getByText('Open the sample').waitFor();
  await take(page, 'home-first');
  await page.keyboard.press('Control+n');
  await page.waitForSelector('form input');
  await take(page, 'project-new');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Open the sample/ }).click();
  await inProject(page);
  await page
    .getByRole('button', { name: /^Accept/ })
    .first()
    .waitFor();
  await page.waitForTimeout(500);
  await page.keyboard.press('a');
  await page.getByText('1 decided').waitFor();
  await page.keyboard.press('e');
  await page.keyboard.type(' Which one?');
  await take(page, 'review-edit');
  await page.keyboard.press('Enter');
  await page.getByText('2 decided').waitFor();
  await page.keyboard.press('x');
  await take(page, 'review-reject');
  await page.keyboard.press('1');
  await take(page, 'review');
  await page.keyboard.press('Control+Shift+X');
  await take(page, 'review-bulk');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+f');
  await page.waitForSelector('[role="dialog"]');
  await take(page, 'review-filter');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await take(page, 'palette');
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await take(page, 'keys');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+,');
  await take(page, 'settings');
  await page.keyboard.press('Escape');

  const ask = await engineOf(running);
  await decideSome(ask);
  for (const [key, name] of [
    ['1', 'passages'],
    ['2', 'generate'],
    ['4', 'insights'],
    ['5', 'export'],
    ['6', 'models'],
  ] as const) {
    await page.keyboard.press(`Control+${key}`);
    if (name === 'export') await page.getByText('None found').waitFor();
    await take(page, name);
  }
  await page.keyboard.press('Control+1');
  await page.locator('[role="grid"]').waitFor();
  await page.keyboard.press('d');
  await take(page, 'diverse');
  await page.keyboard.press('Enter');
  await page.getByText('Coverage').waitFor();
  await take(page, 'diverse-set');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+8');
  await page.waitForSelector('.rounds');
  await page.keyboard.press('n');
  await page.waitForSelector('.rounds form');
  await take(page, 'round-new');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+7');
  await page.locator('.pad button').first().click();
  const startCampaign = async (): Promise<void> => {
    await page.keyboard.press('Control+n');
    await page.waitForSelector('form.new');
  };
  await page
    .getByRole('button', { name: /New campaign/u })
    .first()
    .waitFor();
  await startCampaign();
  await take(page, 'campaign-new', async () => {
    await page.keyboard.press('Escape');
    await page.waitForSelector('form.new', { state: 'detached' });
    await startCampaign();
  });

  const source = join(folder, 'questions.csv');
  writeFileSync(source, csv());
  await answerDialogs(running, [source]);
  await page.keyboard.press('Control+1');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Import');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /Choose files/ }).waitFor();
  await page.keyboard.press('o');
  await page.getByText('Preview').first().waitFor();
  await take(page, 'import');
  await page.reload();
  await page.getByText('Open the sample').waitFor();
  await take(page, 'home');

  await running.app.close();
}

/** Passages with questions, one row of which cannot be read. */
function csv(): string {
  const sample = readFileSync(join(import.meta.dirname, '../../resources/samples/sample.jsonl'), 'utf8');
  const rows = sample
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { title: string; text: string; language: string });
  const cell = (text: string): string => `"${text.replaceAll('"', '""')}"`;
  const lines = rows.map(({ title, text, language }, at) =>
    [`p${at + 1}`, language, title, at === 3 ? '' : text].map(cell).join(','),
  );
  return ['id,language,title,passage', ...lines].join('\n');
}

await main();
