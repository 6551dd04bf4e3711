import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import {
  CampaignOutputs,
  findCampaign,
  hiddenOf,
  itemHidden,
  itemShown,
} from '../../src-main/engine/campaigns/campaign.ts';
import { openCampaign, startCampaign } from '../../src-main/engine/campaigns/prepare.ts';
import { rulesGenerator } from '../../src-main/engine/generate/generators.ts';
import { campaignRows } from '../../src-main/engine/campaigns/rows.ts';
import { writeScores } from '../../src-main/engine/campaigns/scores.ts';
import { Queue } from '../../src-main/engine/campaigns/queue.ts';
import type { Project } from '../../src-main/engine/store/project.ts';
import type {
  CampaignPractice,
  CampaignReport,
  Standing,
  CampaignRow,
  Practice,
  ScoringItem,
  ScoringQueue,
} from '../../src-main/shared/contract/campaigns.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import type { ProjectInfo } from '../../src-main/shared/contract/types.ts';
import { caller, openStudy, secretNames, studyProject, studySettings } from './campaign.ts';

let folder: string;
let engine: Engine;
let outputs: string;
let call: ReturnType<typeof caller>;
const open: Project[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-campaigns-'));
  engine = createEngine({ userData: folder, resources: 'resources', emit: () => undefined });
  call = caller(engine);
  ({ outputs } = await studyProject(engine, folder, 16));
});
afterEach(async () => {
  for (const project of open.splice(0)) project.close();
  await engine.close();
  rmSync(folder, { recursive: true });
});

function lead(): Project {
  const project = engine.project();
  if (!project) throw new Error('no project');
  return project;
}

function personId(name: string): string {
  return (
    lead()
      .people()
      .find((person) => person.name === name)?.id ?? ''
  );
}

/** The rater's own project, made from the package. */
function raterProject(campaign: string, name: string): Project {
  const project = openPackage(writePackage(lead(), campaign, personId(name)), join(folder, `${name}.asklab`));
  open.push(project);
  return project;
}

function queueIn(project: Project): Queue {
  const round = project.rounds.list()[0]?.id ?? '';
  return new Queue(project, findCampaign(project, round), project.person().id);
}

/** Scores everything by a rule of the wording alone: raters know nothing else. */
function scoreAll(project: Project, rate: (question: string, criterion: string) => 0 | 1 | 2): void {
  const { practiceTotal, total } = queueIn(project).summary();
  for (let at = 0; at < practiceTotal + total; at += 1) {
    const [item] = queueIn(project).page(at);
    if (!item) throw new Error('no item');
    const scores = Object.fromEntries(
      ['fluency', 'answerable', 'significance'].map((criterion) => [criterion, rate(item.question, criterion)]),
    );
    queueIn(project).score(item.id, { scores, comment: at === 3 ? 'odd, "odd"' : '', seconds: 5 });
  }
}

const rate =
  (offset: number) =>
  (question: string, criterion: string): 0 | 1 | 2 =>
    (question.startsWith('Where') || question.startsWith('Où')
      ? 2
      : (question.length + criterion.length + offset) % 2) as 0 | 1 | 2;

test('a campaign asks its systems, mixes them with people and gives each rater an order', async () => {
  const campaign = await openStudy(engine, studySettings(outputs));
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

test('three people score in their own files; every order of merging gives one state, one report and one set of bytes', async () => {
  const campaign = await openStudy(engine, studySettings(outputs));
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

  const target = join(folder, 'export');
  const saved = await call<{ files: string[] }>('campaigns', 'saveReport', { campaign: campaign.id, folder: target });
  expect(readdirSync(target).sort()).toEqual([...saved.files].sort());
  const alone = join(folder, 'alone');
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

test('practice goes to those who score its language', async () => {
  const raters = [
    { name: 'Ana', languages: ['en' as const] },
    { name: 'Bo', languages: ['fr' as const] },
  ];
  await openStudy(engine, studySettings(outputs, { raters, repeats: 0 }));
  const practiceOf = async (name: string): Promise<number | undefined> => {
    await call<ProjectInfo>('projects', 'usePerson', { id: personId(name) });
    return (await call<ScoringQueue[]>('campaigns', 'queues'))[0]?.practiceTotal;
  };
  expect(await practiceOf('Ana')).toBe(1);
  expect(await practiceOf('Bo')).toBe(0);
});

test('practice changes in versions: a package keeps its own, what stays the same is not practised again', async () => {
  const campaign = await openStudy(engine, studySettings(outputs, { repeats: 0 }));
  const { version, items } = await call<CampaignPractice>('campaigns', 'practice', { campaign: campaign.id });
  expect([version, items.map((item) => item.question)]).toEqual([1, ['What fell?']]);
  const early = raterProject(campaign.id, 'Ana');
  scoreAll(early, rate(0));
  await call<ProjectInfo>('projects', 'usePerson', { id: personId('Bo') });
  const [first] = (await call<{ items: ScoringItem[] }>('campaigns', 'items', { campaign: campaign.id })).items;
  const scores = { fluency: 2, answerable: 2, significance: 2 };
  await call('campaigns', 'score', { campaign: campaign.id, item: first?.id, scores });

  const more = { ...(items[0] as Practice), question: 'Did rain fall?' };
  const change = (practice: Practice[]): Promise<CampaignPractice> =>
    call('campaigns', 'setPractice', { campaign: campaign.id, practice });
  expect(await change([...items, more])).toMatchObject({ version: 2, items: [{}, { question: 'Did rain fall?' }] });
  expect((await change([...items, more])).version).toBe(2);
  await expect(change([{ ...more, explanation: `${secretNames.file} wrote it.` }])).rejects.toThrow(
    /would read the name/,
  );
  const [queue] = await call<ScoringQueue[]>('campaigns', 'queues');
  expect(queue).toMatchObject({ practiceDone: 1, practiceTotal: 2 });

  expect(queueIn(raterProject(campaign.id, 'Chen')).summary().practiceTotal).toBe(2);
  mergeReturn(lead(), writeReturn(early));
  const seen = new Set(
    lead()
      .history.all()
      .flatMap(({ round, payload }) =>
        round === campaign.id ? [(payload['saw'] as { practice: number }).practice] : [],
      ),
  );
  expect([...seen]).toEqual([1]);
  expect(lead().rounds.practiceVersions(campaign.id)).toMatchObject([
    { version: 1, items: [{ question: 'What fell?' }] },
    { version: 2, items: [{ question: 'What fell?' }, { question: 'Did rain fall?' }] },
  ]);
});

test('scores can be undone and changed, criterion by criterion, and survive reopening', async () => {
  const campaign = await openStudy(engine, studySettings(outputs, { repeats: 0 }));
  await call<ProjectInfo>('projects', 'usePerson', { id: personId('Ana') });
  const [queue] = await call<ScoringQueue[]>('campaigns', 'queues');
  expect(queue).toMatchObject({ campaign: campaign.id, done: 0, practiceTotal: 1, practiceDone: 0 });
  interface Page {
    items: ScoringItem[];
    queue: ScoringQueue;
    undo: boolean;
  }
  const page = (): Promise<Page> => call<Page>('campaigns', 'items', { campaign: campaign.id });
  const score = (item: string, scores: Record<string, number | null>): Promise<{ item: ScoringItem }> =>
    call('campaigns', 'score', { campaign: campaign.id, item, scores, seconds: 1 });

  const practice = (await page()).items[0];
  expect(practice).toMatchObject({ practice: true, question: 'What fell?', explanation: null, expected: null });
  const told = await score(practice?.id ?? '', { fluency: 2, answerable: 2, significance: 0 });
  expect(told.item).toMatchObject({ explanation: 'The passage says it in two words.', expected: { significance: 1 } });

  const item = (await page()).items[0];
  expect(item?.practice).toBe(false);
  const id = item?.id ?? '';
  await score(id, { fluency: 1 });
  await score(id, { answerable: 2 });
  expect((await score(id, { significance: 0 })).item.scores).toEqual({ fluency: 1, answerable: 2, significance: 0 });
  const undone = await call<{ item: ScoringItem; queue: ScoringQueue }>('campaigns', 'undo', { campaign: campaign.id });
  expect(undone.item).toMatchObject({ id, scores: { fluency: 1, answerable: 2 } });
  expect(undone.queue.done).toBe(0);
  expect((await score(id, { answerable: null })).item.scores).toEqual({ fluency: 1 });
  await score(id, { answerable: 2, significance: 2 });
  await expect(score(id, { taste: 1 })).rejects.toThrow('no criterion "taste"');
  await expect(score('somebody else', { fluency: 1 })).rejects.toThrow('not yours');
  await expect(call('campaigns', 'report', { campaign: campaign.id })).rejects.toThrow(/still have to score here: \d+/);

  const { path } = lead();
  await call('projects', 'close');
  await call('projects', 'open', { path });
  const [again] = await call<ScoringQueue[]>('campaigns', 'queues');
  expect(again).toMatchObject({ done: 1, practiceDone: 1 });
  expect(await call('campaigns', 'close', { campaign: campaign.id })).toMatchObject({ state: 'closed' });
  await expect(score(id, { fluency: 0 })).rejects.toThrow('closed');
  expect(await call('campaigns', 'queues')).toEqual([]);
});

test('guidelines get new versions, a score keeps the one it was given by, and none may name a system', async () => {
  const campaign = await openStudy(engine, studySettings(outputs, { repeats: 0, practice: [] }));
  const write = (text: string): Promise<unknown> =>
    call('rounds', 'setGuideline', { roundId: campaign.id, language: 'en', text });
  await write('Read it twice.');
  await expect(write(`Mind ${secretNames.rules}.`)).rejects.toThrow(/Raters would read the name/);
  await call<ProjectInfo>('projects', 'usePerson', { id: personId('Ana') });
  const [queue] = await call<ScoringQueue[]>('campaigns', 'queues');
  expect(queue?.guidelines).toEqual([
    { language: 'en', version: 2, text: 'Read it twice.' },
    { language: 'fr', version: 1, text: 'Lisez d’abord le passage.' },
  ]);
  for (const at of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const { items } = await call<{ items: ScoringItem[] }>('campaigns', 'items', { campaign: campaign.id, at });
    const item = items[0]?.id ?? '';
    await call('campaigns', 'score', { campaign: campaign.id, item, scores: { fluency: 1 }, seconds: 1 });
    expect(lead().history.of(item).at(-1)?.payload['saw']).toEqual({
      question: items[0]?.question,
      guideline: items[0]?.language === 'en' ? { language: 'en', version: 2 } : { language: 'fr', version: 1 },
      practice: null,
    });
  }
});

test('what would unblind raters or cannot be sampled is refused, and bad rows of outputs are named', async () => {
  const settings = studySettings(outputs);
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
  const spoilt = join(folder, 'spoilt.csv');
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
  const settings = studySettings(outputs, { repeats: 0, practice: [] });
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
  const copy = join(folder, 'copy.jsonl');
  writeFileSync(copy, readFileSync(outputs));
  const systems = [
    { name: 'One', source: { kind: 'file' as const, path: outputs } },
    { name: 'Two', source: { kind: 'file' as const, path: copy } },
  ];
  const campaign = await openStudy(
    engine,
    studySettings(outputs, { systems, repeats: 0, practice: [], raters: [{ name: 'Ana', languages: ['en', 'fr'] }] }),
  );
  expect(campaign).toMatchObject({ passages: 8, questions: 8 });
  const project = raterProject(campaign.id, 'Ana');
  scoreAll(project, rate(0));
  mergeReturn(lead(), writeReturn(project));
  const report = await call<CampaignReport>('campaigns', 'report', { campaign: campaign.id });
  const cells = report.sections[0]?.table.filter((cell) => cell.criterion === null) ?? [];
  expect(cells.map((cell) => cell.mean?.value)).toEqual([2, 2]);
});
