/** One fix for all alike: the same wording on the same passage is settled together, and taken back together. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seed } from '../store/seed.ts';
import { Apps } from './apps.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-alike-'));
const apps = new Apps(folder);
const { call, engine } = apps.start('lead');
let roundId: string;
/** Three questions of one passage in the same words, one of it in others, and the same words on another passage. */
let items: Record<'first' | 'second' | 'third' | 'otherWords' | 'otherPassage', string>;

const asked = 'Where does lighthouse number 0 stand?';
const project = (): NonNullable<ReturnType<typeof engine.project>> => {
  const open = engine.project();
  if (!open) throw new Error('No project.');
  return open;
};
const standing = (): Record<string, [string, string]> =>
  Object.fromEntries(
    Object.entries(items).map(([name, id]) => {
      const { status, question } = project().candidate(id);
      return [name, [status, question]];
    }),
  );

beforeAll(async () => {
  await call.projects.create({ path: join(folder, 'lead.asklab'), name: 'Lighthouses', person: 'Lena' });
  const [first = '', otherPassage = ''] = seed(project(), 2);
  const copy = (of: string, original: string): string =>
    project().transaction(() => project().addCandidate({ ...project().candidate(of), original, asideReasons: [] }).id);
  items = {
    first,
    second: copy(first, 'Where is it?'),
    third: copy(first, 'What place is it at?'),
    otherWords: copy(first, 'Why does it stand there?'),
    otherPassage: copy(otherPassage, 'Where is the other?'),
  };
  for (const [name, candidateId] of Object.entries(items))
    await call.review.decide({
      candidateId,
      verdict: 'accept',
      ...(name === 'first' || name === 'otherWords' ? {} : { question: asked }),
    });
  await call.people.add({ name: 'Ada' });
  const ada = project()
    .people()
    .find((person) => person.name === 'Ada');
  ({ id: roundId } = await call.rounds.create({ name: 'Check', people: [ada?.id ?? ''] }));
  await call.projects.usePerson({ id: ada?.id ?? '' });
  for (const item of Object.values(items))
    await call.checking.decide({ roundId, item, verdict: 'reject', reason: 'ungrammatical', seconds: 9 });
  const [lead] = project().people();
  await call.projects.usePerson({ id: lead?.id ?? '' });
});
afterAll(async () => {
  await apps.close();
  rmSync(folder, { recursive: true });
});

test('a settlement for all alike changes those alone, each with its own event, and one undo takes all back', async () => {
  const before = standing();
  const { dispute, total } = await call.settling.queue({ around: { roundId, item: items.first } });
  expect(total).toBe(5);
  expect(dispute).toMatchObject({ item: items.first, alike: 2 });
  const wording = 'Where does lighthouse number zero stand?';
  const fix = { roundId, item: items.first, verdict: 'accept' as const, question: wording, seconds: 4, alike: true };
  expect(await call.settling.settle(fix)).toMatchObject({ changed: 3, undo: 'settle' });
  const corrected = ['edited', wording];
  expect(standing()).toEqual({ ...before, first: corrected, second: corrected, third: corrected });
  expect((await call.settling.queue({})).total).toBe(2);
  const events = project()
    .history.all()
    .filter(({ kind }) => kind === 'settle');
  expect(events.map(({ item }) => item).sort()).toEqual([items.first, items.second, items.third].sort());
  expect(new Set(events.map(({ group }) => group)).size).toBe(1);
  expect(events.map(({ seconds }) => seconds).sort()).toEqual([0, 0, 4]);

  await call.settling.undo({});
  expect(standing()).toEqual(before);
  expect((await call.settling.queue({})).total).toBe(5);
  await call.settling.redo({});
  expect(standing()).toMatchObject({ second: corrected, third: corrected });
  await call.settling.undo({});
});

test('without it the settlement is of one question', async () => {
  const fix = { roundId, item: items.first, verdict: 'reject' as const, reason: 'ungrammatical' as const };
  expect(await call.settling.settle(fix)).toMatchObject({ changed: 1 });
  expect(project().candidate(items.second).status).toBe('edited');
  expect((await call.settling.queue({ around: { roundId, item: items.second } })).dispute?.alike).toBe(1);
});
