/** Why questions are rejected: the fixed reasons and free ones, and how far people agree on each. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RoundAgreement } from '../../src-main/shared/contract/rounds.ts';
import { seed } from '../store/seed.ts';
import { Apps } from './apps.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-reasons-'));
const apps = new Apps(folder);
const { call, engine } = apps.start('lead');
const questions = 10;
let roundId: string;
let items: string[];
let people: Record<string, string>;
let agreement: RoundAgreement;

type Decision = { verdict: 'accept' } | { verdict: 'reject'; reason: 'ungrammatical' | 'other'; note?: string };
const keep: Decision = { verdict: 'accept' };
const ungrammatical: Decision = { verdict: 'reject', reason: 'ungrammatical' };
const free = (note: string): Decision => ({ verdict: 'reject', reason: 'other', note });

async function decide(name: string, decisions: Decision[]): Promise<void> {
  await call.projects.usePerson({ id: people[name] ?? '' });
  for (const [at, decision] of decisions.entries())
    await call.checking.decide({ roundId, item: items[at] ?? '', seconds: 9, ...decision });
}

beforeAll(async () => {
  await call.projects.create({ path: join(folder, 'lead.asklab'), name: 'Lighthouses', person: 'Lena' });
  const project = engine.project();
  if (!project) throw new Error('No project.');
  items = seed(project, questions);
  for (const name of ['Ada', 'Bo', 'Cy']) await call.people.add({ name });
  people = Object.fromEntries(project.people().map(({ id, name }) => [name, id]));
  // The first decision of one question has a free reason too.
  for (const [at, candidateId] of items.entries())
    await call.review.decide({ candidateId, ...(at === 0 ? free('Asks two things') : keep) });
  const checkers = ['Ada', 'Bo', 'Cy'].map((name) => people[name] ?? '');
  ({ id: roundId } = await call.rounds.create({ name: 'Check', people: checkers, overlap: 3, withRejected: true }));
  const rest = Array<Decision>(questions - 4).fill(keep);
  await decide('Ada', [free('Asks two things'), free(' asks  two things '), ungrammatical, keep, ...rest]);
  await decide('Bo', [free('ASKS TWO THINGS'), keep, ungrammatical, ungrammatical, ...rest]);
  await decide('Cy', [keep, keep, ungrammatical, free('Too long'), ...rest]);
  await call.projects.usePerson({ id: people['Lena'] ?? '' });
  agreement = await call.rounds.agreement({ roundId, samples: 200 });
});
afterAll(async () => {
  await apps.close();
  rmSync(folder, { recursive: true });
});

test('a free reason is the words of "other", and "other" without words is refused', async () => {
  expect(engine.project()?.candidate(items[0] ?? '')).toMatchObject({ reason: 'other', note: 'Asks two things' });
  await call.projects.usePerson({ id: people['Ada'] ?? '' });
  const other = { verdict: 'reject', reason: 'other' } as const;
  const refused = { code: 'invalid-input', message: expect.stringContaining('needs a note') as string };
  await expect(call.checking.decide({ roundId, item: items[5] ?? '', ...other })).rejects.toMatchObject(refused);
  await expect(call.review.decide({ candidateId: items[5] ?? '', ...other })).rejects.toMatchObject(refused);
});

test('agreement counts each reason, a free one that was given twice by its words', () => {
  expect(agreement.reasons.map(({ reason, text, named, items: judged }) => [reason, text, named, judged])).toEqual([
    ['ungrammatical', null, 4, questions],
    ['other', null, 5, questions],
    ['other', 'Asks two things', 4, questions],
  ]);
  // Three of four give it on one question, one of four on another: 54 of 60 pairs are equal.
  expect(agreement.reasons[2]?.observed).toMatchObject({ value: 54 / 60 });
});

test('a reason has the coefficients of two values, with intervals, as computed by hand', () => {
  const [reason] = agreement.reasons;
  if (!reason) throw new Error('No reason.');
  // Four people, ten questions: three of four name it on one, one of four on another.
  const [pairs, unequal] = [60, 3 + 3];
  expect(reason.observed).toMatchObject({ value: (pairs - unequal) / pairs });
  const chance = (4 / 40) ** 2 + (36 / 40) ** 2;
  expect(reason.fleissRatings).toBe(4);
  expect(reason.fleiss).toMatchObject({ value: expect.closeTo((0.9 - chance) / (1 - chance), 12) as number });
  const expected = (2 * 4 * 36) / (40 * 39);
  expect(reason.alpha).toMatchObject({ value: expect.closeTo(1 - 0.1 / expected, 12) as number });
  const name = (id: string): string => agreement.people.find((person) => person.id === id)?.name ?? id;
  const pair = reason.pairs.find(({ left, right }) => name(left) === 'Ada' && name(right) === 'Bo');
  // Ada names it on one question, Bo on the same and another.
  const byChance = 0.1 * 0.2 + 0.9 * 0.8;
  expect(pair).toMatchObject({
    items: questions,
    observed: { value: 0.9 },
    kappa: { value: expect.closeTo((0.9 - byChance) / (1 - byChance), 12) as number },
  });
  for (const estimate of [reason.observed, reason.fleiss, reason.alpha, pair?.observed, pair?.kappa]) {
    if (estimate === undefined || !('value' in estimate)) throw new Error('Undefined.');
    expect(estimate.low).toBeLessThan(estimate.value);
    expect(estimate.high).toBeGreaterThan(estimate.value);
  }
  const alone = reason.pairs.find(({ left, right }) => name(left) === 'author' && name(right) === 'Cy');
  expect(alone?.kappa).toMatchObject({ value: 0 }); // the author never names it
});

test('observed agreement of all verdicts has an interval, and the pairs their own', () => {
  const [table] = agreement.tables;
  if (!table || !('value' in table.observed)) throw new Error('Undefined.');
  expect(table.observed.low).toBeLessThan(table.observed.value);
  expect(table.observed.high).toBeGreaterThan(table.observed.value);
  expect(table.pairs.every((pair) => 'low' in pair.observed)).toBe(true);
});
