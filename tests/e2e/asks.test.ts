/** The bundled model asks in five languages in the window: what it must at least be, by the app's own measures. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Project } from '../../src-main/engine/store/project.ts';
import { language, type Candidate, type Job, type Passage } from '../../src-main/shared/contract/types.ts';
import { normalForm } from '../../src-main/shared/text/fingerprint.ts';
import { endsAsQuestion, hasQuestionForm } from '../../src-main/shared/text/questionForms.ts';
import { answerDialogs, engineOf, startApp } from './app.ts';
import { findings } from './screens.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-asks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Eight passages in each of five languages, written for this repository. */
const sample = join(import.meta.dirname, '../../resources/samples/sample.jsonl');
const passages = 40;

test('the bundled model asks well-formed, different questions in five languages at beam 4', async () => {
  const path = join(folder, 'asks.asklab');
  Project.create(path, { name: 'Asks', person: 'Ada' }).close();
  const running = await startApp(join(folder, 'user'), path);
  const { page } = running;
  await page.getByRole('button', { name: /Choose files/ }).waitFor();
  await answerDialogs(running, [sample]);
  await page.keyboard.press('o');
  await page.getByText(`${passages} passages`, { exact: false }).first().waitFor();
  await page.keyboard.press('Control+Enter');
  await page.getByRole('button', { name: 'Show the passages' }).waitFor();

  // No language of the bundled model passed the reading: the rules stand first, and the model says so.
  await page.keyboard.press('Control+2');
  const generator = page.getByRole('combobox', { name: 'Generator' });
  await expect.poll(() => generator.locator('option:checked').textContent()).toContain('Rules');
  await generator.selectOption('lalm-five-languages');
  await page.getByText('LALM five languages is experimental in', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Use the rules' }).waitFor();
  await page.getByRole('combobox', { name: 'Runs on' }).selectOption({ label: 'CPU' });
  await expect
    .poll(() => page.getByRole('combobox', { name: 'Decoding' }).locator('option:checked').textContent())
    .toBe('Beam');
  expect(await page.getByLabel('Beams').inputValue()).toBe('4');
  await page.getByLabel('Per passage').fill('4');
  expect(await findings(page, 'generate with an experimental model')).toEqual([]);
  await page.keyboard.press('Control+Enter');
  const ask = await engineOf(running);
  const run = async () => ((await ask('jobs', 'list', {})) as Job[]).find(({ kind }) => kind === 'generate');
  await expect.poll(async () => (await run())?.state, { timeout: 240_000 }).toBe('done');
  expect((await run())?.settings).toMatchObject({ device: 'cpu', decoding: { method: 'beam', beams: 4 } });
  await running.app.close();

  const project = Project.open(path);
  const asked = Array.from(project.passageIds({}), (id) => project.passage(id)).map((passage) => ({
    passage,
    candidates: project.candidates(passage.id),
  }));
  project.close();
  expect(asked.filter(({ candidates }) => candidates.length > 0)).toHaveLength(passages);
  for (const code of language.options)
    expectUsable(
      code,
      asked.filter(({ passage }) => passage.language === code),
    );
}, 400_000);

/** The bar of the bundled model: 95 % with a question's form and mark, 90 % distinct, 5 % with the answer inside. */
function expectUsable(code: Passage['language'], asked: { passage: Passage; candidates: Candidate[] }[]): void {
  const questions = asked.flatMap(({ candidates }) => candidates);
  const share = (holds: (one: Candidate) => boolean): number => questions.filter(holds).length / questions.length;
  expect(questions.length, code).toBeGreaterThan(2 * asked.length);
  const wellFormed = share(({ original }) => hasQuestionForm(original, code) && endsAsQuestion(original));
  expect(wellFormed, `${code}: form and end mark`).toBeGreaterThanOrEqual(0.95);
  const different = new Set(questions.map(({ original }) => original)).size / questions.length;
  expect(different, `${code}: distinct`).toBeGreaterThanOrEqual(0.9);
  const marked = questions.filter(({ answer }) => answer !== null);
  expect(marked.length, `${code}: asked about a span`).toBeGreaterThan(questions.length / 3);
  const inside = marked.filter(({ original, answer }) => normalForm(original).includes(normalForm(answer?.text ?? '')));
  expect(inside.length / marked.length, `${code}: the answer inside`).toBeLessThanOrEqual(0.05);
}
