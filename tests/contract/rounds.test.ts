/** The whole way of a check round through the contract: create, hand out, decide, merge, settle, send back, agree. */
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlindQuestion, RoundSummary } from '../../src-main/shared/contract/rounds.ts';
import { seed } from '../store/seed.ts';
import { Apps, type App } from './apps.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-rounds-'));
const apps = new Apps(folder);
const start = (name: string): App => apps.start(name);

const lead = start('lead');
let round: RoundSummary;
let people: Record<string, string>;

beforeAll(async () => {
  await lead.call.projects.create({ path: join(folder, 'lead.asklab'), name: 'Lighthouses', person: 'Lena' });
  const project = lead.engine.project();
  if (!project) throw new Error('No project.');
  seed(project, 8);
  for (const name of ['Ada', 'Bo']) await lead.call.people.add({ name });
  // Ids made within one millisecond may come in either order: here against it.
  project.database.prepare("UPDATE people SET id = 'z' || id WHERE name = 'Ada'").run();
  people = Object.fromEntries(project.people().map((person) => [person.name, person.id]));
  const ids = project.database.prepare('SELECT id FROM candidates ORDER BY row').pluck().all() as string[];
  for (const [index, candidateId] of ids.entries())
    await lead.call.review.decide({
      candidateId,
      verdict: index < 6 ? 'accept' : 'reject',
      ...(index < 6 ? {} : { reason: 'trivial' as const }),
    });
});
afterAll(async () => {
  await apps.close();
  rmSync(folder, { recursive: true });
});

async function work(name: string, choose: (question: BlindQuestion) => 'accept' | 'reject'): Promise<string> {
  const { call } = start(name);
  const file = readdirSync(join(folder, 'out')).find((one) => one.includes(name)) ?? '';
  const info = await call.checking.openPackage({ path: join(folder, 'out', file) });
  expect(info.people.map((person) => person.name)).toEqual([name]);
  const { sealed } = await call.checking.queues({});
  const roundId = sealed?.roundId ?? '';
  let around: string | null = null;
  for (let turn = 0; turn < 20; turn += 1) {
    const { items } = await call.checking.queue({ roundId, around, step: around === null ? 'here' : 'next' });
    const item = items[0];
    if (!item) break;
    around = item.passage.id;
    for (const question of item.questions) {
      const verdict = choose(question);
      await call.checking.decide({
        roundId,
        item: question.item,
        verdict,
        seconds: 12,
        ...(verdict === 'reject' ? { reason: 'unanswerable' as const } : {}),
      });
    }
  }
  return (await call.checking.writeReturn({ folder: join(folder, 'out') })).path;
}

test('a round through two packages: agreed by themselves, disputed to settle, agreement with intervals', async () => {
  const both = { people: [people['Ada'] ?? '', people['Bo'] ?? ''], overlap: 2 };
  const preview = await lead.call.rounds.preview(both);
  expect(preview).toMatchObject({ matching: 8, picked: 8, short: 0, nobody: 0, tells: null });
  // Of one verdict alone, everyone in the round would know it, and the lead is told so.
  const kept = await lead.call.rounds.preview({ ...both, withRejected: false });
  expect(kept).toMatchObject({ picked: 6, tells: 'accept' });
  const rejected = await lead.call.rounds.preview({ ...both, filter: { statuses: ['rejected'] } });
  expect(rejected).toMatchObject({ picked: 2, tells: 'reject' });
  const own = await lead.call.rounds.preview({ people: [people['Lena'] ?? ''] });
  expect(own).toMatchObject({ picked: 0, nobody: 8 });
  round = await lead.call.rounds.create({
    name: 'Second check',
    people: [people['Ada'] ?? '', people['Bo'] ?? ''],
    overlap: 2,
    guidelines: [{ language: 'en', text: '# Can the passage answer it?' }],
  });
  expect(round.byStatus.open).toBe(8);
  const example = { title: '', passage: 'Rain fell.', language: 'en' as const, reason: null, explanation: '' };
  const practise = (question: string): Promise<{ version: number }> =>
    lead.call.rounds.setPractice({ roundId: round.id, practice: [{ ...example, question, verdict: 'accept' }] });
  expect((await lead.call.rounds.practice({ roundId: round.id })).version).toBe(0);
  expect((await practise('What fell?')).version).toBe(1);
  expect((await practise('What fell?')).version).toBe(1);
  const files = await lead.call.rounds.writePackages({ roundId: round.id, folder: join(folder, 'out') });
  expect(files.map((file) => file.items)).toEqual([8, 8]);
  // Ada's package is out and keeps what it was written with; Bo's is written again.
  expect((await practise('What came down?')).version).toBe(2);
  await lead.call.rounds.writePackages({
    roundId: round.id,
    folder: join(folder, 'out'),
    people: [people['Bo'] ?? ''],
  });

  const ada = await work('Ada', () => 'accept');
  const bo = await work('Bo', (question) => (question.question.includes('number 0') ? 'reject' : 'accept'));
  const merged = await lead.call.rounds.mergeReturns({ paths: [bo, ada, ada] });
  expect(merged.map(({ person, added, known, refused }) => [person, added, known, refused])).toEqual([
    ['Bo', 8, 0, null],
    ['Ada', 8, 0, null],
    ['Ada', 0, 8, null],
  ]);
  round = (await lead.call.rounds.list({}))[0] ?? round;
  expect(round.byStatus).toMatchObject({ open: 0, agreed: 5, disputed: 3 });
  expect(round.people.map((person) => [person.name, person.decided])).toEqual([
    ['Ada', 8],
    ['Bo', 8],
  ]);
  expect(await lead.call.rounds.guidelines({ roundId: round.id })).toEqual(round.guidelines);
  const agreement = await lead.call.rounds.agreement({ roundId: round.id, samples: 50 });
  expect(agreement.people.map((person) => person.name)).toEqual(['author', 'Ada', 'Bo']);
  expect(agreement.tables[0]?.items).toBe(8);
  expect(agreement.tables[0]?.pairs).toHaveLength(3);
  expect(agreement.reasons.map(({ reason }) => reason).sort()).toEqual(['trivial', 'unanswerable']);
  expect(lead.events).toContain('progress');
});

test('what a person saw is stored with the decision', async () => {
  await lead.call.rounds.setGuideline({ roundId: round.id, language: 'en', text: 'Second version' });
  const events =
    lead.engine
      .project()
      ?.history.all()
      .filter((event) => event.round === round.id) ?? [];
  expect(events).toHaveLength(16);
  for (const { payload, person } of events) {
    const saw = payload['saw'] as { question: string; guideline: unknown; practice: unknown };
    expect(saw.guideline).toEqual({ language: 'en', version: 1 });
    expect(saw.practice).toBe(person === people['Ada'] ? 1 : 2);
    expect(saw.question).toMatch(/^Where does lighthouse number \d stand\?$/);
  }
  expect(
    lead.engine
      .project()
      ?.rounds.guidelineVersions(round.id)
      .map(({ version, text }) => [version, text]),
  ).toEqual([
    [1, '# Can the passage answer it?'],
    [2, 'Second version'],
  ]);
  const versions = lead.engine.project()?.rounds.practiceVersions(round.id) ?? [];
  expect(versions.map(({ version, items }) => [version, items.map((item) => item['question'])])).toEqual([
    [1, ['What fell?']],
    [2, ['What came down?']],
  ]);
});

test('what a person saw is stored with a decision outside rounds too', async () => {
  const project = lead.engine.project();
  const candidateId = project?.rounds.assigned(round.id, people['Ada'] ?? '')[0]?.item ?? '';
  const { question } = project?.candidate(candidateId) ?? {};
  const saw = (): unknown => project?.history.of(candidateId).at(-1)?.payload['saw'];
  await lead.call.review.decide({ candidateId, verdict: 'accept', question: 'Where does it stand now?' });
  expect(saw()).toEqual({ question });
  await lead.call.review.decide({ candidateId, verdict: 'reset' });
  expect(saw()).toEqual({ question: 'Where does it stand now?' });
  for (let turn = 0; turn < 2; turn += 1) await lead.call.review.undo({});
});

test('practice is none of the questions that the round checks: it would tell their first verdict', async () => {
  const inRound = lead.engine.project()?.rounds.assigned(round.id, people['Ada'] ?? '')[0]?.item ?? '';
  await expect(
    lead.call.rounds.setPractice({ roundId: round.id, practice: [{ candidateId: inRound, explanation: '' }] }),
  ).rejects.toThrow(/being checked/u);
  expect(await lead.call.rounds.practiceChoices({ roundId: round.id })).toEqual([]);
  expect(await lead.call.rounds.practiceChoices({})).not.toEqual([]);
});

test('settling: side by side, undone and redone; sent back, corrected by the author, settled', async () => {
  const queue = await lead.call.settling.queue({});
  expect(queue).toMatchObject({ total: 3, position: 1, agreed: 5, waiting: 0 });
  const dispute = queue.dispute;
  if (!dispute) throw new Error('No dispute.');
  expect(dispute.judgements.map(({ person, author }) => [person, author])).toEqual([
    ['Lena', true],
    ['Ada', false],
    ['Bo', false],
  ]);
  const { item, roundId } = dispute;
  await lead.call.settling.settle({ roundId, item, verdict: 'reject', reason: 'unanswerable' });
  expect(lead.engine.project()?.candidate(item)).toMatchObject({ status: 'rejected', reason: 'unanswerable' });
  expect((await lead.call.settling.queue({})).total).toBe(2);
  await lead.call.settling.undo({});
  expect((await lead.call.settling.queue({})).total).toBe(3);
  const again = (await lead.call.settling.queue({ around: { roundId, item } })).dispute?.history;
  expect(again?.filter((entry) => entry.kind === 'settle.reject')).toMatchObject([
    { undone: true, reason: 'unanswerable', text: null },
  ]);
  expect(again?.filter(({ person }) => person !== 'Lena').map(({ undone }) => undone)).toEqual([false, false]);
  expect(lead.engine.project()?.candidate(item).reason).not.toBe('unanswerable');
  await lead.call.settling.redo({});
  expect((await lead.call.settling.queue({})).total).toBe(2);

  const next = (await lead.call.settling.queue({})).dispute;
  if (!next) throw new Error('No dispute.');
  await lead.call.settling.sendBack({ roundId, item: next.item, note: 'Which lighthouse?' });
  expect(await lead.call.settling.queue({})).toMatchObject({ total: 1, waiting: 1 });
  const [returned] = await lead.call.settling.returned({});
  expect(returned).toMatchObject({ candidateId: next.item, note: 'Which lighthouse?', by: 'Lena' });
  expect((await lead.call.checking.queues({})).returned).toBe(1);
  await lead.call.review.decide({
    candidateId: next.item,
    verdict: 'accept',
    question: 'Where does the red lighthouse stand?',
  });
  expect(await lead.call.settling.returned({})).toEqual([]);
  const corrected = (await lead.call.settling.queue({})).dispute;
  expect(corrected).toMatchObject({
    item: next.item,
    status: 'corrected',
    current: 'Where does the red lighthouse stand?',
  });
  await lead.call.settling.settle({ roundId, item: next.item, verdict: 'accept' });
  expect(lead.engine.project()?.candidate(next.item)).toMatchObject({
    status: 'edited',
    question: 'Where does the red lighthouse stand?',
  });
});

test('on one machine by switching the person: blind until the own verdict is in; no settling for a checker', async () => {
  const { call, engine } = start('switch');
  const path = join(folder, 'switch.asklab');
  const project = lead.engine.project();
  project?.database.pragma('wal_checkpoint(TRUNCATE)');
  copyFileSync(join(folder, 'lead.asklab'), path);
  await call.projects.open({ path });
  const own = await call.rounds.create({
    name: 'By hand',
    people: [people['Bo'] ?? ''],
    onlyUnchecked: false,
  });
  await call.projects.usePerson({ id: people['Bo'] ?? '' });
  const { items } = await call.checking.queue({ roundId: own.id });
  const question = items[0]?.questions[0];
  if (!question || !items[0]) throw new Error('Nothing to check.');
  expect(Object.keys(question).sort()).toEqual(['item', 'question', 'returned', 'sentence', 'vote']);
  const before = await call.review.item({ passageId: items[0].passage.id });
  expect(before.candidates.map((candidate) => candidate.id)).not.toContain(question.item);
  await expect(call.review.history({ candidateId: question.item })).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(call.settling.queue({})).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(
    call.checking.decide({ roundId: own.id, item: 'somebody else', verdict: 'accept' }),
  ).rejects.toMatchObject({ code: 'invalid-input' });
  const answer = await call.checking.decide({ roundId: own.id, item: question.item, verdict: 'accept', seconds: 0.1 });
  expect(answer).toMatchObject({ undo: 'accept', progress: { decided: 1, total: 8 } });
  const after = await call.review.item({ passageId: items[0].passage.id });
  expect(after.candidates.map((candidate) => candidate.id)).toContain(question.item);
  expect((await call.checking.undo({ roundId: own.id })).progress.decided).toBe(0);
  await call.checking.redo({ roundId: own.id });
  await call.projects.usePerson({ id: people['Lena'] ?? '' });
  const summary = (await call.rounds.list({})).find((one) => one.id === own.id);
  expect(summary?.people).toMatchObject([{ name: 'Bo', decided: 1, fast: 1 }]);
  expect(engine.project()?.history.of(question.item).at(-1)?.kind).toBe('decide');
});
