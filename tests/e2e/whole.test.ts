/** The whole job by keyboard in the real app: import, generate with the bundled model, decide, undo, restart, export, import again. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { afterAll, expect, test } from 'vitest';
import { describeBundle } from '../../src-main/engine/generate/generators.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import type { Candidate, Counts, Job } from '../../src-main/shared/contract/types.ts';
import { answerDialogs, engineOf, startApp, type AskEngine, type RunningApp } from './app.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-whole-'));
const userData = join(folder, 'user');
const path = join(folder, 'whole.asklab');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bundle = 'lalm-five-languages';
const { hash } = describeBundle(join(import.meta.dirname, '../../resources/models', bundle), null);

const paragraphs = [
  'Marie Curie was born in Warsaw in 1867. She moved to Paris in 1891, where she studied physics. In 1903 she received the Nobel Prize together with Pierre Curie.',
  'The Suez Canal was opened in 1869. It connects the Mediterranean Sea to the Red Sea. Ferdinand de Lesseps led the construction, which took ten years.',
];

/** A file of the shape of SQuAD 2.0, with an answered, an unanswerable and no question. */
const squad = {
  version: 'v2.0',
  data: [
    {
      title: 'Physics',
      paragraphs: [
        {
          context: paragraphs[0],
          qas: [
            {
              id: 'q1',
              question: 'Where was Marie Curie born?',
              is_impossible: false,
              answers: [{ text: 'Warsaw', answer_start: 24 }],
            },
            { id: 'q2', question: 'Who was her neighbour?', is_impossible: true, answers: [] },
          ],
        },
      ],
    },
    { title: 'Canals', paragraphs: [{ context: paragraphs[1], qas: [] }] },
  ],
};

async function counts(running: RunningApp): Promise<Counts> {
  return (await (
    await engineOf(running)
  )('projects', 'counts', {})) as Counts;
}
/** Tab by Tab to the control of this name. */
async function tabTo(page: Page, label: string): Promise<void> {
  const named = page.locator(`:focus[aria-label="${label}"]`);
  for (let press = 0; (await named.count()) === 0; press += 1) {
    expect(press, `no way by Tab to ${label}`).toBeLessThan(60);
    await page.keyboard.press('Tab');
  }
}
const shown = (page: Page, text: string | RegExp): Promise<void> => page.getByText(text).first().waitFor();

test('import, generate, accept, edit, reject, undo, restart, export, import again', async () => {
  const source = join(folder, 'train.json');
  writeFileSync(source, JSON.stringify(squad));
  Project.create(path, { name: 'Whole', person: 'Ada' }).close();

  // Opened by argument; an empty project begins at Import.
  const first = await startApp(userData, path);
  await first.page.getByRole('button', { name: /Choose files/ }).waitFor();
  await answerDialogs(first, [source]);
  await first.page.keyboard.press('o');
  await shown(first.page, /2 passages, 2 questions ready/);
  await first.page.keyboard.press('Control+Enter');
  await first.page.getByRole('button', { name: 'Show the passages' }).waitFor();

  await first.page.keyboard.press('Control+2');
  await shown(first.page, 'Next run');
  await shown(first.page, /Up to \d+ questions/);
  await tabTo(first.page, 'Generator');
  await first.page.keyboard.type('LALM');
  await tabTo(first.page, 'Runs on');
  await first.page.keyboard.type('CPU');
  await first.page.keyboard.press('Control+Enter');
  const ask = await engineOf(first);
  const runs = async (): Promise<Job[]> =>
    ((await ask('jobs', 'list', {})) as Job[]).filter(({ kind }) => kind === 'generate');
  await expect.poll(async () => (await runs()).map(({ state }) => state), { timeout: 180_000 }).toEqual(['done']);
  const made = await counts(first);
  expect(made.passages).toBe(2);
  expect(made.undecided).toBeGreaterThanOrEqual(4);
  const questions = await candidates(ask);
  expect(questions.length).toBeGreaterThanOrEqual(made.undecided);
  for (const { lineage } of questions) {
    expect(lineage).toMatchObject({
      generator: bundle,
      hash,
      provider: 'cpu',
      decoding: { method: 'beam' },
    });
  }

  await first.page.keyboard.press('Control+3');
  await first.page.keyboard.press('a');
  await shown(first.page, '1 decided');
  await first.page.keyboard.press('e');
  await first.page.keyboard.type(' Edited?');
  await first.page.keyboard.press('Enter');
  await shown(first.page, '2 decided');
  await first.page.keyboard.press('x');
  await first.page.keyboard.press('2');
  await shown(first.page, '3 decided');
  await first.page.keyboard.press('Control+z');
  await shown(first.page, '2 decided');
  const decided = await counts(first);
  expect(decided).toMatchObject({ accepted: 1, edited: 1, rejected: 0 });
  await first.app.close();

  const second = await startApp(userData, path);
  await second.page.getByText('2 decided').first().waitFor();
  expect(await counts(second)).toEqual(decided);
  await second.page.keyboard.press('Control+5');
  for (const format of ['squad-v2', 'hf-parquet']) {
    const target = join(folder, format);
    await answerDialogs(second, [target]);
    await second.page.locator(`#export-format-${format}`).focus();
    await second.page.keyboard.press('Enter');
    await second.page.waitForTimeout(600); // The preview of the format just chosen.
    await second.page.keyboard.press('Control+Enter');
    await expect.poll(() => existsSync(target) && readdirSync(target).length, { timeout: 30_000 }).toBeGreaterThan(1);
    await shown(second.page, /\d files:/);
  }

  // Each exported file comes in again with the same items.
  const again = await engineOf(second);
  for (const [format, ending] of [
    ['squad-v2', '.json'],
    ['hf-parquet', '.parquet'],
  ] as const) {
    await again('projects', 'create', { path: join(folder, `${format}.asklab`), name: format, person: 'Ada' });
    const sources = readdirSync(join(folder, format), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith(ending) && !name.endsWith('manifest.json') && !name.endsWith('infos.json'))
      .map((name) => ({ path: join(folder, format, name) }));
    const { id } = (await again('importing', 'start', { sources })) as Job;
    await expect.poll(() => stateOf(again, id), { timeout: 30_000 }).toMatch(/^done/);
    // Two questions leave one or two of the three splits empty, which the import says.
    const problems = (await again('jobs', 'problems', { id })) as { reason: string }[];
    expect(problems.filter(({ reason }) => !reason.startsWith('Nothing to import'))).toEqual([]);
  }
  await second.app.close();
  const expected = itemsOf(path);
  expect(expected).toHaveLength(2);
  expect(itemsOf(join(folder, 'squad-v2.asklab'))).toEqual(expected);
  expect(itemsOf(join(folder, 'hf-parquet.asklab'))).toEqual(expected);
}, 400_000);

async function candidates(ask: AskEngine): Promise<Candidate[]> {
  const { items } = (await ask('review', 'queue', { filter: {}, limit: 3 })) as {
    items: { candidates: Candidate[] }[];
  };
  return items.flatMap((item) => item.candidates);
}

async function stateOf(ask: AskEngine, id: string): Promise<string | undefined> {
  return ((await ask('jobs', 'list', {})) as Job[]).find((job) => job.id === id)?.state;
}

/** Passage, question and answer of what was accepted, or of the references of an imported copy. */
function itemsOf(file: string): string[] {
  const project = Project.open(file);
  const filter = { statuses: ['accepted' as const, 'edited' as const], withReferences: file !== path };
  const rows = [...project.reviewedPassages(filter)].flatMap(({ passage, candidates, references }) =>
    (file === path ? candidates : references).map(({ question, answer }) =>
      JSON.stringify([passage.text, question, answer && [answer.start, answer.end]]),
    ),
  );
  project.close();
  return rows.sort();
}
