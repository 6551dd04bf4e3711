/** Three raters in their own files: every order of merging gives one report, and the CSV alone the same bytes. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { campaignRows } from '../../src-main/engine/campaigns/rows.ts';
import { writeScores } from '../../src-main/engine/campaigns/scores.ts';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import type { CampaignReport, Standing, CampaignRow } from '../../src-main/shared/contract/campaigns.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { openStudy, secretNames, studySettings } from './campaign.ts';
import { queueIn, scoreAll, rate, Study } from './study.ts';

const study = new Study();
const { call, lead, raterProject } = study;

test('three people score in their own files; every order of merging gives one state, one report and one set of bytes', async () => {
  const campaign = await openStudy(study.engine, studySettings(study.outputs));
  const names = ['Ana', 'Bo', 'Chen'];
  const returned = names.map((name, at) => {
    const project = raterProject(campaign.id, name);
    scoreAll(project, rate(at));
    expect(queueIn(project).summary()).toMatchObject({ done: queueIn(project).summary().total, practiceDone: 1 });
    return writeReturn(project);
  });
  const early = await call<CampaignRow[]>('campaigns', 'list');
  expect(early[0]?.raters.every((rater) => rater.done === 0)).toBe(true);
  const blind = { generator: rulesVersion, campaign: campaign.name, done: 0, means: null };
  expect(await call<Standing[]>('campaigns', 'standings')).toMatchObject([blind]);

  const states: string[] = [];
  const before = lead().path;
  await call('projects', 'close');
  const bytes = readFileSync(before);
  for (const order of [
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0, 2],
  ]) {
    writeFileSync(before, bytes);
    await call('projects', 'open', { path: before });
    for (const at of order) mergeReturn(lead(), returned[at] ?? new Uint8Array());
    const [row] = await call<CampaignRow[]>('campaigns', 'list');
    expect(row?.raters.every((rater) => rater.done === rater.total && rater.seconds === 5)).toBe(true);
    states.push(writeScores(campaignRows(lead(), campaign.id)));
    if (order.length < 4) await call('projects', 'close');
  }
  expect(new Set(states).size).toBe(1);

  const report = await call<CampaignReport>('campaigns', 'report', { campaign: campaign.id });
  expect(report.systems).toEqual([
    { name: secretNames.rules, human: false },
    { name: secretNames.file, human: false },
    { name: secretNames.people, human: true },
  ]);
  const mean = (system: string): number =>
    report.sections[0]?.table.find((cell) => cell.system === system && cell.criterion === null)?.mean?.value ?? -1;
  expect(mean(secretNames.file)).toBe(2);
  const [standing] = await call<Standing[]>('campaigns', 'standings');
  expect(standing?.done).toBe(standing?.total);
  const cell = (criterion: string) =>
    report.sections[0]?.table.find((one) => one.system === secretNames.rules && one.criterion === criterion);
  expect(standing?.means?.map(({ criterion }) => criterion)).toEqual(report.criteria);
  for (const { criterion, mean: value } of standing?.means ?? [])
    expect(value).toBeCloseTo(cell(criterion)?.mean?.value ?? -1, 5);
  expect(mean(secretNames.people)).toBeLessThan(1);
  expect(report.sections.map((section) => section.language)).toEqual([null, 'en', 'fr']);
  expect(report.sections[0]?.repeats).toHaveLength(3);
  expect(report.sections[0]?.repeats.every((entry) => entry.same === 1)).toBe(true);

  const target = join(study.folder, 'export');
  const saved = await call<{ files: string[] }>('campaigns', 'saveReport', { campaign: campaign.id, folder: target });
  expect(readdirSync(target).sort()).toEqual([...saved.files].sort());
  const alone = join(study.folder, 'alone');
  const run = spawnSync(
    process.execPath,
    ['src-main/cli/main.ts', 'campaign', 'report', join(target, 'scores.csv'), '--output', alone],
    { encoding: 'utf8' },
  );
  expect(run.stderr).toBe('');
  for (const file of ['report.json', 'report.md', 'table.tex'])
    expect(readFileSync(join(alone, file)).equals(readFileSync(join(target, file))), file).toBe(true);
  expect(readFileSync(join(target, 'report.md'), 'utf8')).toContain(secretNames.file);
});
