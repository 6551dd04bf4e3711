/** What metrics and human scoring judge of a model is what Generate shows first. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { CampaignOutputs } from '../../src-main/engine/campaigns/campaign.ts';
import { createEngine } from '../../src-main/engine/engine.ts';
import { EvaluationStore } from '../../src-main/engine/evaluation/store.ts';
import { scoredCandidates } from '../../src-main/engine/generate/ask.ts';
import { spawnInference, type SpawnedInference } from '../../src-main/inference/spawn.ts';
import type { CampaignRow } from '../../src-main/shared/contract/campaigns.ts';
import { language, type Job } from '../../src-main/shared/contract/types.ts';
import { caller, studySettings } from './campaign.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-asked-'));
const started: SpawnedInference[] = [];
const engine = createEngine({
  userData: join(folder, 'user'),
  resources: 'resources',
  emit: () => undefined,
  inference: () => {
    const one = spawnInference();
    started.push(one);
    return Promise.resolve(one.port);
  },
});
const call = caller(engine);
const bundled = 'lalm-five-languages';

afterAll(async () => {
  await engine.close();
  started.forEach((one) => one.kill());
  rmSync(folder, { recursive: true, force: true });
});

async function ended(job: Job): Promise<string> {
  const done = await engine.runner()?.wait(job.id);
  expect(done?.state, done?.message ?? '').toBe('done');
  return job.id;
}

test('a run of Evaluate and a campaign take the question that Generate puts first', async () => {
  const source = join(folder, 'passages.jsonl');
  const passages = readFileSync('resources/samples/sample.jsonl', 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { language: string; text: string })
    .filter(({ language: code }, at, all) => all.findIndex((other) => other.language === code) >= at - 1);
  writeFileSync(source, passages.map((one) => JSON.stringify({ ...one, question: 'Why?' })).join('\n'));
  await call('projects', 'create', { path: join(folder, 'p.asklab'), name: 'P', person: 'Lena' });
  await ended(await call<Job>('importing', 'start', { sources: [{ path: source }] }));

  const generator = { generator: bundled, device: 'cpu' };
  await ended(await call<Job>('generation', 'start', { ...generator, candidates: scoredCandidates, passages: {} }));
  const project = engine.project();
  if (project === null) throw new Error('no project is open');
  // Questions of a passage are stored in the order in which they were chosen.
  const first = project.database.prepare('SELECT original FROM candidates WHERE passage_id = ? ORDER BY row').pluck();
  const shown = Object.fromEntries(Array.from(project.passageIds({}), (id) => [id, first.get(id)]));
  expect(Object.keys(shown).length).toBe(passages.length);
  expect(Object.values(shown)).not.toContain(undefined);

  const run = await ended(
    await call<Job>('evaluation', 'start', { name: 'Bundled', source: { kind: 'generator', ...generator } }),
  );
  const store = new EvaluationStore(project.database);
  const scored = language.options.flatMap((code) => store.outputs(run, code, 0));
  expect(Object.fromEntries(scored.map(({ passageId, output }) => [passageId, output]))).toEqual(shown);
  expect(Math.max(...scored.map(({ candidates }) => candidates.length))).toBeGreaterThan(1);

  const settings = studySettings('', {
    languages: [...language.options],
    systems: [
      { name: 'Wibble writers', source: { kind: 'reference' } },
      { name: 'Zorblatt', source: { kind: 'generator', generator: bundled } },
    ],
  });
  const { campaign, job } = await call<{ campaign: CampaignRow; job: Job }>('campaigns', 'create', settings);
  await ended(job);
  const asked = [...new CampaignOutputs(project, campaign.id).all()].filter(({ system }) => system === 'Zorblatt');
  expect(Object.fromEntries(asked.map(({ passage, question }) => [passage, question]))).toEqual(shown);
}, 240_000);
