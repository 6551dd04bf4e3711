/** A campaign's scales: the paper's study by default, and criteria of a project's own. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import {
  campaignSettings,
  score,
  type CampaignReport,
  type Criterion,
  type ScoringItem,
  type ScoringQueue,
} from '../../src-main/shared/contract/campaigns.ts';
import { caller, criteria, openStudy, studyProject, studySettings } from './campaign.ts';

let folder: string;
let engine: Engine;
let outputs: string;
let call: ReturnType<typeof caller>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-criteria-'));
  engine = createEngine({ userData: folder, resources: 'resources', emit: () => undefined });
  call = caller(engine);
  ({ outputs } = await studyProject(engine, folder, 8));
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

test('what is not said is the paper’s study: 50 passages a language, scores 0, 1 and 2, no repeats', () => {
  const { perLanguage: _, repeats: __, layout: ___, seed: ____, ...said } = studySettings(outputs);
  expect(campaignSettings.parse(said)).toMatchObject({ perLanguage: 50, repeats: 0, layout: 'question', seed: 1 });
  expect([0, 1, 2, 3, -1, 0.5].filter((value) => score.safeParse(value).success)).toEqual([0, 1, 2]);
});

test('a criterion of one’s own stands beside the paper’s: its wording for the rater, its column in every file', async () => {
  const humour: Criterion = {
    id: 'humour',
    name: 'Humour',
    question: 'Does it make you smile?',
    anchors: ['not at all', 'a little', 'aloud'],
  };
  const settings = studySettings(outputs, {
    criteria: [...criteria, humour],
    practice: [],
    repeats: 0,
    raters: [{ name: 'Ana', languages: ['en', 'fr'] }],
  });
  const { id: campaign } = await openStudy(engine, settings);
  const ana = engine
    .project()
    ?.people()
    .find((person) => person.name === 'Ana');
  await call('projects', 'usePerson', { id: ana?.id });
  const [queue] = await call<ScoringQueue[]>('campaigns', 'queues');
  expect(queue?.criteria.at(-1)).toEqual(humour);
  for (let at = 0; at < (queue?.total ?? 0); at += 1) {
    const { items } = await call<{ items: ScoringItem[] }>('campaigns', 'items', { campaign, at });
    const item = items[0]?.id;
    const paper = { fluency: 2, answerable: 2, significance: 2 };
    const three = await call<{ queue: ScoringQueue }>('campaigns', 'score', { campaign, item, scores: paper });
    expect(three.queue.done).toBe(at); // not whole without its own criterion
    await call('campaigns', 'score', { campaign, item, scores: { humour: 1 }, seconds: 9 });
  }
  const report = await call<CampaignReport>('campaigns', 'report', { campaign });
  expect(report.criteria).toEqual(['Fluency', 'Answerable', 'Significance', 'Humour']);
  const cells = report.sections[0]?.table.filter(({ system }) => system === report.systems[0]?.name) ?? [];
  expect(cells.map(({ criterion, mean }) => [criterion, mean?.value])).toEqual([
    ['Fluency', 2],
    ['Answerable', 2],
    ['Significance', 2],
    ['Humour', 1],
    [null, 1.75],
  ]);
  const target = join(folder, 'report');
  await call('campaigns', 'saveReport', { campaign, folder: target });
  expect(readFileSync(join(target, 'scores.csv'), 'utf8')).toMatch(/,Humour,Ana,/);
  expect(readFileSync(join(target, 'report.md'), 'utf8')).toContain('| Significance | Humour | Average |');
  expect(readFileSync(join(target, 'table.tex'), 'utf8')).toContain('Significance & Humour & Ave.');
});
