/** A scoring campaign from its making to its rows: what it asks, what it refuses, whose question is whose. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CampaignOutputs, hiddenOf, itemHidden, itemShown } from '../../src-main/engine/campaigns/campaign.ts';
import { openCampaign, startCampaign } from '../../src-main/engine/campaigns/prepare.ts';
import { campaignRows } from '../../src-main/engine/campaigns/rows.ts';
import { rulesGenerator } from '../../src-main/engine/generate/generators.ts';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import type { CampaignReport, CampaignRow } from '../../src-main/shared/contract/campaigns.ts';
import { openStudy, secretNames, studySettings } from './campaign.ts';
import { scoreAll, rate, Study } from './study.ts';

const study = new Study();
const { call, lead, personId, raterProject } = study;

test('a campaign asks its systems, mixes them with people and gives each rater an order', async () => {
  const campaign = await openStudy(study.engine, studySettings(study.outputs));
  expect(campaign).toMatchObject({ state: 'open', passages: 8, systems: 3 });
  expect(campaign.raters.map((rater) => [rater.name, rater.done])).toEqual([
    ['Ana', 0],
    ['Bo', 0],
    ['Chen', 0],
  ]);
  const items = lead().rounds.assigned(campaign.id, personId('Ana'));
  const bySystem = new Map<string, number>();
  for (const item of items)
    for (const system of itemHidden.parse(item.hidden).systems) bySystem.set(system, (bySystem.get(system) ?? 0) + 1);
  expect([...bySystem.keys()].sort()).toEqual(Object.values(secretNames).sort());
  const first = items.filter((item) => itemHidden.parse(item.hidden).repeatOf === undefined);
  expect(items.length - first.length).toBe(2);
  for (const item of first) {
    const { systems } = itemHidden.parse(item.hidden);
    if (systems.includes(secretNames.file)) expect(itemShown.parse(item.shown).question).toMatch(/^(Where|Où)/);
  }
  const other = lead().rounds.assigned(campaign.id, personId('Bo'));
  expect(other.map((item) => item.item)).not.toEqual(items.map((item) => item.item));
});

test('what would unblind raters or cannot be sampled is refused, and bad rows of outputs are named', async () => {
  const settings = studySettings(study.outputs);
  const create = (change: Partial<typeof settings>): Promise<unknown> =>
    call('campaigns', 'create', { ...settings, ...change });
  await expect(create({ name: `${secretNames.file} against people` })).rejects.toThrow(/Raters would read the name/);
  const [criterion = { id: '', name: '', question: '', anchors: ['', '', ''] as [string, string, string] }] =
    settings.criteria;
  const telling = { ...criterion, question: `Is it better than ${secretNames.file}?` };
  await expect(create({ criteria: [telling] })).rejects.toThrow(/Raters would read the name/);
  await expect(create({ systems: settings.systems.map((system) => ({ ...system, name: 'A' })) })).rejects.toThrow(
    /same name/,
  );
  await expect(create({ languages: ['zh'] })).rejects.toThrow(/No passage/);
  expect(await call<CampaignRow[]>('campaigns', 'list')).toEqual([]);
  const spoilt = join(study.folder, 'spoilt.csv');
  writeFileSync(spoilt, 'id,output\nen-0,Who?\nnobody,Who?\nen-2,\n');
  const found = await call<{ systems: { problems: { line: number; reason: string }[]; passages: number }[] }>(
    'campaigns',
    'inspect',
    {
      languages: ['en'],
      systems: [{ name: 'A', source: { kind: 'file', path: spoilt } }, settings.systems[0]],
    },
  );
  expect(found.systems[0]?.passages).toBe(1);
  expect(found.systems[0]?.problems.map((problem) => problem.line)).toEqual([3, 4]);
  expect(found.systems[0]?.problems[0]?.reason).toContain('No passage of the project');
});

test('a system that wrote no question for a passage is told with the scores, once somebody has scored the passage', async () => {
  const settings = studySettings(study.outputs, { repeats: 0, practice: [] });
  const { id } = startCampaign(lead(), settings, () => rulesGenerator);
  const [gone = '', open = ''] = hiddenOf(lead(), id).sample;
  new CampaignOutputs(lead(), id).add(
    secretNames.rules,
    new Map(hiddenOf(lead(), id).sample.flatMap((passage) => (passage === gone ? [] : [[passage, 'Who?'] as const]))),
  );
  openCampaign(lead(), id);
  lead()
    .rounds.assigned(id, personId('Ana'))
    .forEach(({ item, passageId }) => {
      if (passageId === gone || passageId === open)
        lead().history.append(personId('Ana'), [{ kind: 'score', item, payload: { scores: { fluency: 2 } } }], id);
    });
  const rows = campaignRows(lead(), id);
  const silent = rows.filter((row) => row.rater === '');
  expect(silent.map(({ passage, system, criterion, score }) => [passage, system, criterion, score])).toEqual(
    ['Fluency', 'Answerable', 'Significance'].map((criterion) => [gone, secretNames.rules, criterion, 0]),
  );
  expect(new Set(rows.map((row) => row.passage))).toEqual(new Set([gone, open]));
});

test('two systems that write the same question share one item and both get its score', async () => {
  const copy = join(study.folder, 'copy.jsonl');
  writeFileSync(copy, readFileSync(study.outputs));
  const systems = [
    { name: 'One', source: { kind: 'file' as const, path: study.outputs } },
    { name: 'Two', source: { kind: 'file' as const, path: copy } },
  ];
  const campaign = await openStudy(
    study.engine,
    studySettings(study.outputs, {
      systems,
      repeats: 0,
      practice: [],
      raters: [{ name: 'Ana', languages: ['en', 'fr'] }],
    }),
  );
  expect(campaign).toMatchObject({ passages: 8, questions: 8 });
  const project = raterProject(campaign.id, 'Ana');
  scoreAll(project, rate(0));
  mergeReturn(lead(), writeReturn(project));
  const report = await call<CampaignReport>('campaigns', 'report', { campaign: campaign.id });
  const cells = report.sections[0]?.table.filter((cell) => cell.criterion === null) ?? [];
  expect(cells.map((cell) => cell.mean?.value)).toEqual([2, 2]);
});
