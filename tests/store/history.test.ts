import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { NewEvent } from '../../src-main/engine/store/history.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { seed } from './seed.ts';

let folder: string;
let count = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-history-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function make(): { project: Project; items: string[] } {
  const project = Project.create(join(folder, `${++count}.asklab`), { name: 'Copy', person: 'Ada' });
  return { project, items: seed(project, 3) };
}

function stored(project: Project): unknown {
  const states = project.database.prepare('SELECT * FROM states ORDER BY candidate_id').all();
  const counts = project.database.prepare('SELECT id, candidates, undecided, accepted FROM passages ORDER BY id').all();
  return { states, counts };
}

const decision = fc.record({
  copy: fc.integer({ min: 0, max: 1 }),
  item: fc.integer({ min: 0, max: 2 }),
  step: fc.constantFrom('accept', 'edit', 'reject', 'reset', 'flag', 'undo', 'redo'),
});

function step(project: Project, person: string, item: string, kind: string): void {
  const { history } = project;
  if (kind === 'undo' || kind === 'redo') {
    const target = kind === 'undo' ? history.undoable(person) : history.redoable(person);
    if (target) history.append(person, [{ kind, item: target.group, payload: {} }]);
    return;
  }
  const event: NewEvent =
    kind === 'flag'
      ? { kind, item, payload: { flag: 'look' } }
      : {
          kind: 'decide',
          item,
          payload: kind === 'edit' ? { verdict: 'accept', question: 'Why so?' } : { verdict: kind, reason: 'trivial' },
        };
  history.append(person, [event]);
}

test('two copies that exchange their events in any order end equal, and equal to a rebuild', () => {
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1, maxLength: 15 }), fc.infiniteStream(fc.nat()), (steps, order) => {
      const copies = [make(), make()] as const;
      for (const { copy, item, step: kind } of steps) {
        const { project, items } = copies[copy === 0 ? 0 : 1];
        step(project, `person-${copy}`, items[item] ?? '', kind);
      }
      const [one, two] = copies.map(({ project }) => project.history.all()) as [
        ReturnType<Project['history']['all']>,
        ReturnType<Project['history']['all']>,
      ];
      const shuffled = (events: typeof one): typeof one =>
        events
          .map((event) => ({ event, key: order.next().value }))
          .sort((left, right) => left.key - right.key)
          .map(({ event }) => event);
      for (const event of shuffled(two)) copies[0].project.history.merge([event]);
      copies[1].project.history.merge(shuffled(one));
      const merged = stored(copies[0].project);
      expect(stored(copies[1].project)).toEqual(merged);
      copies[0].project.history.rebuild();
      expect(stored(copies[0].project)).toEqual(merged);
      for (const { project } of copies) project.close();
    }),
    { numRuns: 25 },
  );
});

test('undo and redo go back and forth without limit across reopening, for each person alone', () => {
  const { project, items } = make();
  const { path } = project;
  const item = items[0] ?? '';
  for (let round = 0; round < 6; round += 1) step(project, 'one', item, round % 2 === 0 ? 'accept' : 'reject');
  step(project, 'two', items[1] ?? '', 'accept');
  project.close();
  const again = Project.open(path);
  for (let round = 5; round >= 1; round -= 1) {
    step(again, 'one', item, 'undo');
    expect(again.candidate(item).status).toBe(round % 2 === 0 ? 'rejected' : 'accepted');
  }
  step(again, 'one', item, 'undo');
  expect(again.candidate(item).status).toBe('undecided');
  expect(again.candidate(items[1] ?? '').status).toBe('accepted');
  again.close();
  const third = Project.open(path);
  for (let round = 0; round < 6; round += 1) step(third, 'one', item, 'redo');
  expect(third.candidate(item).status).toBe('rejected');
  expect(third.history.redoable('one')).toBeNull();
  third.close();
});
