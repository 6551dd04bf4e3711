import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { mergeReturn, writeReturn } from '../../src-main/engine/packages/returned.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { Project } from '../../src-main/engine/store/project.ts';
import { checkRound } from './round.ts';

const peopleCount = 5;
const itemCount = 4;
let folder: string;
let count = 0;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-merge-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const step = fc.record({
  person: fc.nat({ max: peopleCount - 1 }),
  item: fc.nat({ max: itemCount - 1 }),
  kind: fc.constantFrom('accept', 'edit', 'reject', 'reset', 'flag', 'undo', 'redo', 'return'),
});

/** Without waiting for the disk: the test opens a hundred files. */
function quick(project: Project): Project {
  project.database.pragma('synchronous = OFF');
  return project;
}

function act(project: Project, round: string, item: string, kind: string): void {
  const { id } = project.person();
  const { history } = project;
  if (kind === 'undo' || kind === 'redo') {
    const target = history[kind === 'undo' ? 'undoable' : 'redoable'](id, { round });
    if (target) history.append(id, [{ kind, item: target.group, payload: {} }], round);
  } else if (kind === 'flag') history.append(id, [{ kind, item, payload: { flag: 'look' } }], round);
  else {
    const payload = {
      accept: { verdict: 'accept' },
      edit: { verdict: 'accept', question: 'Where is it?' },
      reject: { verdict: 'reject', reason: 'ungrammatical' },
      reset: { verdict: 'reset' },
    }[kind];
    history.append(id, [{ kind: 'decide', item, payload: payload ?? {}, seconds: 2 }], round);
  }
}

function state(project: Project): unknown {
  const all = (sql: string): unknown[] => project.database.prepare(sql).all();
  return {
    events: all('SELECT id, person, round, kind, item, group_id, payload FROM events ORDER BY id'),
    votes: all('SELECT * FROM round_states ORDER BY round_id, item, person'),
    items: all('SELECT item, status FROM round_items JOIN item_states USING (row) ORDER BY item'),
    candidates: all('SELECT * FROM states ORDER BY candidate_id'),
  };
}

test('files of five people merge to the same state in any order, grouping and number of times; no event is lost', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('check', 'review'),
      fc.array(step, { minLength: 5, maxLength: 40 }),
      fc.boolean(),
      fc.infiniteStream(fc.nat()),
      (kind, steps, complete, order) => {
        const run = ++count;
        const base = join(folder, `lead-${run}.asklab`);
        const lead = checkRound(base, itemCount, peopleCount, kind);
        const packages = lead.people.map((person) => writePackage(lead.project, lead.round, person));
        lead.project.close();
        const workers = packages.map((file, index) => quick(openPackage(file, join(folder, `${run}-${index}.asklab`))));
        const files: Uint8Array[] = [];
        const written = new Set<string>();
        for (const { person, item, kind: done } of steps) {
          const worker = workers[person];
          if (!worker) continue;
          const own = worker.rounds.assigned(lead.round, worker.person().id)[item]?.item ?? '';
          if (done === 'return') files.push(writeReturn(worker));
          else act(worker, lead.round, own, done);
        }
        for (const worker of workers) {
          // In half of the histories all decide one question, which has another name and place in each package.
          const shared = worker.rounds
            .assigned(lead.round, worker.person().id)
            .find(({ shown }) => String(shown['question']).includes('number 0'));
          if (complete) act(worker, lead.round, shared?.item ?? '', 'accept');
          files.push(writeReturn(worker));
          worker.history.all().forEach((event) => written.add(event.id));
          worker.close();
        }
        const shuffled = <T>(values: readonly T[]): T[] =>
          values
            .map((value) => ({ value, key: order.next().value }))
            .sort((left, right) => left.key - right.key)
            .map(({ value }) => value);
        const copy = (name: string): Project => {
          const path = join(folder, `${name}-${run}.asklab`);
          copyFileSync(base, path);
          return quick(Project.open(path));
        };
        const [one, two, three] = [copy('one'), copy('two'), copy('three')];
        for (const file of files) mergeReturn(one, file);
        for (const file of shuffled([...files, ...files])) mergeReturn(two, file);
        // Grouped differently: a third copy takes one half as files, the other half through another copy.
        const half = files.length / 2;
        for (const file of files.slice(half)) mergeReturn(three, file);
        three.history.merge(shuffled(one.history.all()));
        const merged = state(one);
        expect(state(two)).toEqual(merged);
        expect(state(three)).toEqual(merged);
        const stored = new Set(one.history.all().map((event) => event.id));
        expect([...written].filter((id) => !stored.has(id))).toEqual([]);
        one.history.rebuild();
        expect(state(one)).toEqual(merged);
        for (const project of [one, two, three]) project.close();
      },
    ),
    { numRuns: 16 },
  );
}, 180_000);
