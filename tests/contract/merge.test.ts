/** Merging returned files tells how far it is and can be cancelled: what is merged by then stays, the rest has left no trace. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import { openPackage } from '../../src-main/engine/packages/open.ts';
import { writeReturn } from '../../src-main/engine/packages/returned.ts';
import { writePackage } from '../../src-main/engine/packages/write.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { MergedFile } from '../../src-main/shared/contract/rounds.ts';
import type { Progress } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { checkRound } from '../store/round.ts';

const itemCount = 5;
let folder: string;
let engine: Engine;
let paths: string[];
let shares: number[];
let cancelAt: number;
let cancel: AbortController;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'asklab-merging-'));
  const { project, round, people } = checkRound(join(folder, 'lead.asklab'), itemCount, 3);
  paths = people.map((person, index) => {
    const work = openPackage(writePackage(project, round, person), join(folder, `work-${index}.asklab`));
    const items = work.rounds.assigned(round, person).map(({ item }) => item);
    work.history.append(
      person,
      items.map((item) => ({ kind: 'decide', item, payload: { verdict: 'accept' }, seconds: 5 })),
      round,
    );
    const path = join(folder, `${index}.asklab-return`);
    writeFileSync(path, writeReturn(work));
    work.close();
    return path;
  });
  project.close();
  shares = [];
  cancelAt = Infinity;
  engine = createEngine({
    userData: join(folder, 'user'),
    resources: 'resources',
    emit: (name, payload) => {
      if (name !== 'progress') return;
      const { of, share } = payload as Progress;
      expect(of).toBe('merge');
      shares.push(share);
      if (share >= cancelAt) cancel.abort();
    },
  });
  await dispatch(contract, engine.handlers, 'projects', 'open', { path: join(folder, 'lead.asklab') }, never());
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const never = (): AbortSignal => new AbortController().signal;

async function merge(): Promise<MergedFile[]> {
  cancel = new AbortController();
  const input = { paths };
  return (await dispatch(contract, engine.handlers, 'rounds', 'mergeReturns', input, cancel.signal)) as MergedFile[];
}

/** How many of the round's events each person has, and how many votes. */
function stored(): number[][] {
  const database = engine.project()?.database;
  const counts = (sql: string): number[] => (database?.prepare(sql).pluck().all() ?? []) as number[];
  return [
    counts("SELECT count(*) FROM events WHERE round <> 'review' GROUP BY person ORDER BY min(rowid)"),
    counts('SELECT count(*) FROM round_states GROUP BY person'),
  ];
}

test('progress goes from nothing to all of it, and every file is merged', async () => {
  expect(await merge()).toMatchObject(paths.map((path) => ({ path, added: itemCount, known: 0, refused: null })));
  expect(shares[0]).toBe(0);
  expect(shares.at(-1)).toBe(1);
  expect(shares.toSorted((left, right) => left - right)).toEqual(shares);
  expect(new Set(shares).size).toBeGreaterThan(paths.length);
});

test.each([
  { name: 'before anything is read', at: 0, whole: 0 },
  { name: 'before the second file', at: 1 / 3, whole: 1 },
  { name: 'while the second file is stored', at: 0.4, whole: 2 },
])(
  'cancelled $name: $whole files are merged wholly, of the others nothing; the same again does the rest',
  async (row) => {
    cancelAt = row.at;
    const given = (count: number): number[] => Array<number>(count).fill(itemCount);
    expect(await merge()).toMatchObject(paths.slice(0, row.whole).map((path) => ({ path, added: itemCount })));
    expect(stored()).toEqual([given(row.whole), given(row.whole)]);
    cancelAt = Infinity;
    const again = paths.map((_, at) =>
      at < row.whole ? { added: 0, known: itemCount } : { added: itemCount, known: 0 },
    );
    expect(await merge()).toMatchObject(again);
    expect(stored()).toEqual([given(3), given(3)]);
  },
);
