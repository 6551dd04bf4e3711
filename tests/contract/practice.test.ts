/** Practice shows verdicts: never that of a question that waits for a blind check, and who has read one never checks it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from '../store/seed.ts';
import { Apps } from './apps.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-practice-'));
const apps = new Apps(folder);
const { call, engine } = apps.start('lead');
let ids: string[];
let people: Record<'Lena' | 'Ada' | 'Bo', string>;

beforeAll(async () => {
  await call.projects.create({ path: join(folder, 'lead.asklab'), name: 'Lighthouses', person: 'Lena' });
  const project = engine.project();
  if (!project) throw new Error('No project.');
  ids = seed(project, 6);
  for (const name of ['Ada', 'Bo']) await call.people.add({ name });
  people = Object.fromEntries(project.people().map((person) => [person.name, person.id])) as typeof people;
  for (const candidateId of ids.slice(0, 4)) await call.review.decide({ candidateId, verdict: 'accept' });
});
afterAll(async () => {
  await apps.close();
  rmSync(folder, { recursive: true });
});

const choices = async (): Promise<string[]> =>
  (await call.rounds.practiceChoices({})).map(({ candidateId }) => candidateId);
const explained = (candidateId = ''): { practice: { candidateId: string; explanation: string }[] } => ({
  practice: [{ candidateId, explanation: 'The passage says it.' }],
});

test('a question that waits for a blind check is no practice of any round, until the check is over', async () => {
  const filter = { search: 'number 0' };
  const check = await call.rounds.create({ name: 'Check', people: [people.Ada], filter });
  expect(check.items).toBe(1);
  expect((await choices()).sort()).toEqual(ids.slice(1, 4).sort());
  const review = { kind: 'review' as const, name: 'Review', people: [people.Bo] };
  await expect(call.rounds.create({ ...review, ...explained(ids[0]) })).rejects.toThrow(/is being checked/);
  const made = await call.rounds.create(review);
  await expect(call.rounds.setPractice({ roundId: made.id, ...explained(ids[0]) })).rejects.toThrow(/is being checked/);
  await call.rounds.close({ roundId: check.id });
  expect((await choices()).sort()).toEqual(ids.slice(0, 4).sort());
  await call.rounds.close({ roundId: made.id });
});

test('whoever read the verdict of a question in the practice of a round is never given it to check', async () => {
  const review = await call.rounds.create({
    ...{ kind: 'review', name: 'With practice', people: [people.Ada] },
    ...explained(ids[1]),
  });
  await call.rounds.setPractice({ roundId: review.id, ...explained(ids[2]) }); // Ada may have read the one before
  const picked = async (name: 'Ada' | 'Bo'): Promise<number> =>
    (await call.rounds.preview({ people: [people[name]], onlyUnchecked: false })).picked;
  expect([await picked('Ada'), await picked('Bo')]).toEqual([2, 4]);
});
