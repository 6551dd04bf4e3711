/** Review and adjudication through packages: what comes back decides by itself, who differs waits, nobody judges own work. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoundSummary } from '../../src-main/shared/contract/rounds.ts';
import { seed } from '../store/seed.ts';
import { Apps, type App } from './apps.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-handed-'));
const apps = new Apps(folder);
const lead = apps.start('lead');
let ids: string[];
let people: Record<'Lena' | 'Ada' | 'Bo' | 'Cy', string>;

beforeAll(async () => {
  await lead.call.projects.create({ path: join(folder, 'lead.asklab'), name: 'Lighthouses', person: 'Lena' });
  const project = lead.engine.project();
  if (!project) throw new Error('No project.');
  ids = seed(project, 6);
  await lead.call.people.add({ name: 'Ada', role: 'annotator' });
  await lead.call.people.add({ name: 'Bo', role: 'annotator' });
  await lead.call.people.add({ name: 'Cy', role: 'adjudicator' });
  people = Object.fromEntries(project.people().map((person) => [person.name, person.id])) as typeof people;
});
afterAll(async () => {
  await apps.close();
  rmSync(folder, { recursive: true });
});

const statuses = (): string[] => ids.map((id) => lead.engine.project()?.candidate(id).status ?? '');
const newest = async (id: string): Promise<RoundSummary> => {
  const found = (await lead.call.rounds.list({})).find((round) => round.id === id);
  if (!found) throw new Error('No such round.');
  return found;
};
async function open(name: string, roundId: string): Promise<App> {
  const [file] = await lead.call.rounds.writePackages({
    roundId,
    folder: join(folder, 'out'),
    people: [people[name as keyof typeof people]],
  });
  const app = apps.start(`${name} ${roundId}`);
  await app.call.checking.openPackage({ path: file?.path ?? '' });
  return app;
}
async function giveBack(app: App): Promise<number> {
  const { path } = await app.call.checking.writeReturn({ folder: join(folder, 'out') });
  const [merged] = await lead.call.rounds.mergeReturns({ paths: [path] });
  expect(merged?.refused).toBe(null);
  return merged?.added ?? 0;
}
/** Decides every question of a package by its number: "Where does lighthouse number 3 stand?" */
async function review(app: App, choose: (number: number) => object): Promise<void> {
  const roundId = (await app.call.checking.queues({})).sealed?.roundId ?? '';
  let around: string | null = null;
  for (;;) {
    const { items } = await app.call.checking.queue({ roundId, around, step: around === null ? 'here' : 'next' });
    if (!items[0] || items[0].passage.id === around) return;
    around = items[0].passage.id;
    for (const { item, question } of items[0].questions) {
      const decision = choose(Number(/\d+/.exec(question)?.[0])) as { verdict: 'accept' };
      await app.call.checking.decide({ roundId, item, seconds: 9, ...decision });
    }
  }
}

test('a review package decides the questions it comes back with, each by one annotator', async () => {
  const preview = await lead.call.rounds.preview({ kind: 'review', people: [people.Ada, people.Bo], count: 3 });
  expect(preview).toMatchObject({ matching: 6, picked: 3, nobody: 0 });
  const round = await lead.call.rounds.create({
    kind: 'review',
    name: 'First pass',
    people: [people.Ada],
    count: 3,
    guidelines: [{ language: 'en', text: 'Keep what the passage answers.' }],
  });
  expect(round).toMatchObject({ kind: 'review', items: 3 });
  expect(await lead.call.rounds.preview({ kind: 'review', people: [people.Bo] })).toMatchObject({ picked: 3 });
  const ada = await open('Ada', round.id);
  const own = (await ada.call.projects.current({}))?.person;
  expect(own).toMatchObject({ name: 'Ada', role: 'annotator' });
  await review(ada, () => ({ verdict: 'accept', question: 'Where is it?' }));
  await ada.call.checking.undo({ roundId: round.id });
  expect(await giveBack(ada)).toBe(4);
  expect(statuses().sort()).toEqual(['edited', 'edited', 'undecided', 'undecided', 'undecided', 'undecided']);
  expect((await newest(round.id)).byStatus).toMatchObject({ open: 1, done: 2, disputed: 0 });
  const decided = ids.map((id) => lead.engine.project()?.candidate(id)).find((one) => one?.status === 'edited');
  expect(decided).toMatchObject({ question: 'Where is it?', decidedBy: 'Ada' });
  await ada.call.checking.redo({ roundId: round.id });
  await giveBack(ada);
  expect(statuses().filter((status) => status === 'edited')).toHaveLength(3);
  const [event] = lead.engine.project()?.history.of(decided?.id ?? '') ?? [];
  expect(event?.payload['saw']).toMatchObject({ guideline: { language: 'en', version: 1 } });
  const next = await lead.call.rounds.preview({ people: [people.Ada, people.Bo] });
  expect(next.people).toEqual([
    { id: people.Ada, items: 0 },
    { id: people.Bo, items: 3 },
  ]);
});

test('what two annotators decide otherwise stays undecided, and goes to an adjudicator who did neither', async () => {
  const round = await lead.call.rounds.create({
    kind: 'review',
    name: 'Twice',
    people: [people.Ada, people.Bo],
    overlap: 2,
  });
  const [ada, bo] = [await open('Ada', round.id), await open('Bo', round.id)];
  let turn = 0;
  await review(ada, () => ({ verdict: 'accept' }));
  await review(bo, () => ((turn += 1) === 1 ? { verdict: 'accept' } : { verdict: 'reject', reason: 'trivial' }));
  await giveBack(bo);
  await giveBack(ada);
  expect((await newest(round.id)).byStatus).toMatchObject({ done: 1, disputed: 2 });
  expect(statuses().filter((status) => status === 'undecided')).toHaveLength(2);
  const agreement = await lead.call.rounds.agreement({ roundId: round.id, samples: 20 });
  expect(agreement.people.map((person) => person.name)).toEqual(['Ada', 'Bo']);

  const chosen = { kind: 'adjudicate' as const, people: [people.Ada, people.Bo, people.Cy] };
  expect(await lead.call.rounds.preview(chosen)).toMatchObject({
    matching: 2,
    people: [{ items: 0 }, { items: 0 }, { items: 2 }],
  });
  const settling = await lead.call.rounds.create({ ...chosen, name: 'Verdicts' });
  const cy = await open('Cy', settling.id);
  expect(await cy.call.checking.queues({})).toMatchObject({ settle: 2, check: 0, sealed: { kind: 'adjudicate' } });
  const { dispute } = await cy.call.settling.queue({});
  if (!dispute) throw new Error('No dispute.');
  expect(dispute.judgements.map(({ person, verdict }) => [person, verdict])).toEqual([
    ['A', 'accept'],
    ['B', 'reject'],
  ]);
  expect(dispute.history.map(({ person, kind }) => [person, kind])).toEqual([
    ['A', 'accept'],
    ['B', 'reject'],
  ]);
  const { roundId, item } = dispute;
  await cy.call.settling.settle({ roundId, item, verdict: 'accept', question: 'Where exactly?', alike: false });
  const second = (await cy.call.settling.queue({})).dispute;
  await cy.call.settling.settle({ roundId, item: second?.item ?? '', verdict: 'reject', reason: 'trivial' });
  expect(await cy.call.settling.queue({})).toMatchObject({ dispute: null, undo: 'settle' });
  await cy.call.settling.undo({});
  expect((await cy.call.settling.queue({})).total).toBe(1);
  await cy.call.settling.redo({});
  await giveBack(cy);
  expect((await newest(round.id)).byStatus).toMatchObject({ done: 1, disputed: 0, settled: 2 });
  expect((await newest(settling.id)).byStatus).toMatchObject({ open: 0, done: 2 });
  const settled = ids.map((id) => lead.engine.project()?.candidate(id)).filter((one) => one?.decidedBy === 'Cy');
  expect(settled.map((one) => [one?.status, one?.question]).sort()).toMatchObject(
    [
      ['edited', 'Where exactly?'],
      ['rejected', {}],
    ].map(([status, question]) => [status, typeof question === 'string' ? question : expect.any(String)]),
  );
  expect((await lead.call.settling.queue({})).total).toBe(0);
});

test('a decision that an annotator sends after the settlement does not overturn it', async () => {
  const late = await open('Bo', (await lead.call.rounds.list({})).find((round) => round.name === 'Twice')?.id ?? '');
  const before = statuses();
  await review(late, () => ({ verdict: 'reject', reason: 'ungrammatical' }));
  await giveBack(late);
  const settled = ids.filter((id) => lead.engine.project()?.candidate(id).decidedBy === 'Cy');
  expect(settled).toHaveLength(2);
  for (const id of settled) expect(lead.engine.project()?.candidate(id).status).toBe(before[ids.indexOf(id)]);
});

test('what is sent back reaches its author in a package of a review, and its correction is followed', async () => {
  const check = await lead.call.rounds.create({ name: 'Check', people: [people.Bo], filter: { people: [people.Ada] } });
  expect(check.items).toBeGreaterThan(1);
  const bo = await open('Bo', check.id);
  await review(bo, () => ({ verdict: 'reject', reason: 'off-topic' }));
  await giveBack(bo);
  for (let turn = 0; turn < 2; turn += 1) {
    const { dispute } = await lead.call.settling.queue({});
    await lead.call.settling.sendBack({ roundId: check.id, item: dispute?.item ?? '', note: 'Which one?' });
  }
  expect(await lead.call.rounds.preview({ kind: 'review', people: [people.Bo] })).toMatchObject({ picked: 0 });
  const round = await lead.call.rounds.create({ kind: 'review', name: 'Sent back', people: [people.Ada, people.Bo] });
  expect(round.people.map(({ name, assigned }) => [name, assigned])).toEqual([['Ada', 2]]);
  const ada = await open('Ada', round.id);
  const { sealed } = await ada.call.checking.queues({});
  const roundId = sealed?.roundId ?? '';
  const { items } = await ada.call.checking.queue({ roundId, around: null, limit: 2 });
  const questions = items.flatMap((item) => item.questions);
  expect(questions.map(({ question, returned }) => [question, returned])).toEqual(
    Array(2).fill(['Where is it?', 'Which one?']),
  );
  const [first, second] = questions.map(({ item }) => item);
  await ada.call.checking.decide({ roundId, item: first ?? '', verdict: 'accept', question: 'Where is the red one?' });
  await ada.call.checking.decide({ roundId, item: second ?? '', verdict: 'accept' });
  await giveBack(ada);
  expect((await newest(check.id)).byStatus).toMatchObject({ corrected: 2, returned: 0 });
  const wordings = ids.map((id) => lead.engine.project()?.candidate(id).question);
  expect(wordings).toContain('Where is the red one?');
  expect(wordings.filter((wording) => wording === 'Where is it?')).toHaveLength(2); // kept as it stood
});

test('an adjudicator at the same machine gets nothing that he or she has decided or checked', async () => {
  const total = (await lead.call.settling.queue({})).total;
  await lead.call.people.change({ id: people.Bo, role: 'adjudicator' });
  await lead.call.projects.usePerson({ id: people.Bo });
  expect((await lead.call.settling.queue({})).total).toBe(0);
  expect((await lead.call.checking.queues({})).settle).toBe(0);
  await lead.call.projects.usePerson({ id: people.Cy });
  expect((await lead.call.settling.queue({})).total).toBe(total);
  await lead.call.projects.usePerson({ id: people.Lena });
});

test('what is open again is reviewed at the same machine: unseen in Review before, decided at once', async () => {
  const candidateId = ids.find((id) => lead.engine.project()?.candidate(id).decidedBy === 'Cy') ?? '';
  await lead.call.review.decide({ candidateId, verdict: 'reset' });
  await lead.call.people.add({ name: 'Dev', role: 'annotator' });
  const dev =
    lead.engine
      .project()
      ?.people()
      .find((person) => person.name === 'Dev')?.id ?? '';
  const { id: roundId } = await lead.call.rounds.create({
    kind: 'review',
    name: 'Again',
    people: [dev],
    onlyUnchecked: false,
  });
  await lead.call.projects.usePerson({ id: dev });
  expect((await lead.call.checking.queues({})).rounds).toMatchObject([{ kind: 'review', name: 'Again' }]);
  const passageId = lead.engine.project()?.candidate(candidateId).passageId ?? '';
  expect((await lead.call.review.item({ passageId })).candidates).toEqual([]);
  await lead.call.checking.decide({ roundId, item: candidateId, verdict: 'accept' });
  expect((await lead.call.review.item({ passageId })).candidates).toMatchObject([
    { status: 'accepted', decidedBy: 'Dev' },
  ]);
  await lead.call.projects.usePerson({ id: people.Lena });
});

test('everything follows from the events', () => {
  const project = lead.engine.project();
  if (!project) throw new Error('No project.');
  const all = (): unknown[] => [
    project.database.prepare('SELECT * FROM states ORDER BY candidate_id').all(),
    project.database.prepare('SELECT * FROM item_states ORDER BY row').all(),
    project.database.prepare('SELECT * FROM round_states ORDER BY round_id, item, person').all(),
  ];
  const before = all();
  project.history.rebuild();
  expect(all()).toEqual(before);
});
