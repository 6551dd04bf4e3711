import { setImmediate as turn } from 'node:timers/promises';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { BulkProgress, CandidateFilter } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { hasFacet } from '../store/filter.ts';
import type { NewEvent, Scope } from '../store/history.ts';
import { uuidV7 } from '../store/ids.ts';
import { inPortions } from '../store/portions.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import { inParts } from '../store/parts.ts';
import { giveWay } from '../turn.ts';

type Bulk = Handlers<Contract>['review']['bulk'];

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
  let done = 0;
  const decide = (size: number): number => {
    const items = rows.slice(done, done + size).map((row) => idOf.get(row) as string);
    const events = items.map((item): NewEvent => ({ kind: 'decide', item, payload }));
    if (items.length > 0) project.history.append(person, events, 'review', group);
    done += items.length;
    progress({ done, total: rows.length });
    return items.length;
  };
  try {
    await inPortions(decide, () => giveWay(signal, 'Cancelled. What had been decided is taken back.'));
  } catch (error) {
    await project.history.takeBack(person, 'undo', group, () => turn());
    throw error;
  }
  return { changed: rows.length, left };
}

/** Undoes or redoes the person's last group of a scope, telling how far a large one is; gives the first of its items. */
export async function takeBack(
  project: Project,
  kind: 'undo' | 'redo',
  signal: AbortSignal,
  progress: (progress: BulkProgress) => void,
  scope?: Scope,
): Promise<string[]> {
  const person = project.person().id;
  const target = kind === 'undo' ? project.history.undoable(person, scope) : project.history.redoable(person, scope);
  if (!target) return [];
  const total = project.history.sizeOf(target.group);
  await project.history.takeBack(person, kind, target.group, (done) => {
    progress({ done, total });
    return giveWay(signal, 'Cancelled. Everything is as it was before.');
  });
  return project.history.itemsOf(target.group, shownItems);
}

const shownItems = 200;
