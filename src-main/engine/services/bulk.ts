import { setImmediate as turn } from 'node:timers/promises';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { BulkProgress, CandidateFilter } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { hasFacet } from '../store/filter.ts';
import { uuidV7 } from '../store/ids.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import { inParts } from './parts.ts';

type Bulk = Handlers<Contract>['review']['bulk'];

/** Candidates decided before other calls have their turn: some tens of milliseconds. */
const decidedAtOnce = 250;

const open = hasFacet(['undecided', 'aside']);

export async function bulkCount(
  project: Project,
  filter: CandidateFilter,
  signal: AbortSignal,
): Promise<{ matching: number; decided: number; passages: number }> {
  const total = { matching: 0, decided: 0, passages: 0 };
  const columns = `count(*), count(*) FILTER (WHERE ${open}), count(DISTINCT CASE WHEN ${open} THEN f.passage END)`;
  await inParts<[number, number, number]>(
    project,
    filter,
    { columns },
    signal,
    ([[matching, undecided, passages] = [0, 0, 0]]) => {
      total.matching += matching;
      total.decided += matching - undecided;
      total.passages += passages;
    },
  );
  return total;
}

/**
 * Decides every undecided or set-aside candidate of the filter that is there at the start, a few at a time, as one group:
 * one undo. A cancelled one is taken back.
 */
export async function bulk(
  project: Project,
  { filter, verdict, reason }: Parameters<Bulk>[0],
  signal: AbortSignal,
  progress: (progress: BulkProgress) => void,
): Promise<{ changed: number; left: number }> {
  if (verdict === 'reject' && reason === undefined)
    throw new AsklabError('invalid-input', 'A rejection needs a reason.');
  const person = project.person().id;
  const payload = { verdict, ...(reason ? { reason } : {}) };
  const rows: number[] = [];
  let left = 0;
  await inParts<[number, number]>(project, filter, { columns: `f.candidate, ${open}` }, signal, (found) => {
    for (const [row, undecided] of found) {
      if (undecided === 1) rows.push(row);
      else left += 1;
    }
  });
  const idOf = prepare(project.database, 'SELECT id FROM candidates WHERE row = ?').pluck();
  const group = uuidV7();
  for (let start = 0; start < rows.length; start += decidedAtOnce) {
    const items = rows.slice(start, start + decidedAtOnce).map((row) => idOf.get(row) as string);
    project.history.append(
      person,
      items.map((item) => ({ kind: 'decide', item, payload })),
      'review',
      group,
    );
    progress({ done: start + items.length, total: rows.length });
    await turn();
    if (!signal.aborted) continue;
    await project.history.takeBack(person, 'undo', group, turn);
    throw new AsklabError('cancelled', 'Cancelled. What had been decided is taken back.');
  }
  return { changed: rows.length, left };
}

/** Undoes or redoes the person's last group; gives the first of its candidates. */
export async function takeBack(project: Project, kind: 'undo' | 'redo'): Promise<string[]> {
  const person = project.person().id;
  const target = kind === 'undo' ? project.history.undoable(person) : project.history.redoable(person);
  if (!target) return [];
  await project.history.takeBack(person, kind, target.group, turn);
  return project.history.itemsOf(target.group, shownItems);
}

const shownItems = 200;
