/** A rater at work: practice, scores undone and changed, guidelines in versions. */
import { expect, test } from 'vitest';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import type {
  CampaignPractice,
  Practice,
  ScoringItem,
  ScoringQueue,
} from '../../src-main/shared/contract/campaigns.ts';
import type { ProjectInfo } from '../../src-main/shared/contract/types.ts';
import { openStudy, secretNames, studySettings } from './campaign.ts';
import { queueIn, scoreAll, rate, Study } from './study.ts';

const study = new Study();
const { call, lead, personId, raterProject } = study;

test('practice goes to those who score its language', async () => {
  const raters = [
    { name: 'Ana', languages: ['en' as const] },
    { name: 'Bo', languages: ['fr' as const] },
  ];
  await openStudy(study.engine, studySettings(study.outputs, { raters, repeats: 0 }));
  const practiceOf = async (name: string): Promise<number | undefined> => {
    await call<ProjectInfo>('projects', 'usePerson', { id: personId(name) });
    return (await call<ScoringQueue[]>('campaigns', 'queues'))[0]?.practiceTotal;
  };
  expect(await practiceOf('Ana')).toBe(1);
  expect(await practiceOf('Bo')).toBe(0);
});

test('practice changes in versions: a package keeps its own, what stays the same is not practised again', async () => {
  const campaign = await openStudy(study.engine, studySettings(study.outputs, { repeats: 0 }));
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
  const campaign = await openStudy(study.engine, studySettings(study.outputs, { repeats: 0 }));
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
  const campaign = await openStudy(study.engine, studySettings(study.outputs, { repeats: 0, practice: [] }));
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
