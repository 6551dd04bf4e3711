import { setImmediate as turn } from 'node:timers/promises';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { CandidateFilter } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { lastRow } from '../store/counting.ts';
import { candidateCondition } from '../store/filter.ts';
import { uuidV7 } from '../store/ids.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

type Bulk = Handlers<Contract>['review']['bulk'];

/** Candidates looked at, and decided, before other calls have their turn: some tens of milliseconds. */
const rowsAtOnce = 20_000;
const decidedAtOnce = 250;

const joined = `candidates c JOIN states s ON s.candidate_id = c.id JOIN passages p ON p.id = c.passage_id`;

export async function bulkCount(
  project: Project,
  filter: CandidateFilter,
  signal: AbortSignal,
): Promise<{ matching: number; decided: number; passages: number }> {
  const { sql, parameters } = candidateCondition(filter, project.database);
  const next = prepare(
    project.database,
    `SELECT p.row, s.status IN ('undecided', 'aside') FROM ${joined} WHERE c.row > ? AND c.row <= ? AND ${sql}`,
  ).raw();
  const total = { matching: 0, decided: 0 };
  const passages = new Set<number>();
  const last = lastRow(project.database, 'candidates');
  for (let row = 0; row < last; row += rowsAtOnce) {
    for (const [passage = 0, open] of next.all(row, row + rowsAtOnce, ...parameters) as number[][]) {
      total.matching += 1;
      if (open === 1) passages.add(passage);
      else total.decided += 1;
    }
    await turn();
    if (signal.aborted) throw new AsklabError('cancelled', 'Cancelled.');
  }
  return { ...total, passages: passages.size };
}

/**
 * Decides every undecided or set-aside candidate of the filter that is there at the start, a few at a time, as one group:
 * one undo. A cancelled one is taken back.
 */
export async function bulk(
  project: Project,
  { filter, verdict, reason }: Parameters<Bulk>[0],
  signal: AbortSignal,
  progress: (progress: { done: number; total: number }) => void,
): Promise<{ changed: number; left: number }> {
  if (verdict === 'reject' && reason === undefined)
    throw new AsklabError('invalid-input', 'A rejection needs a reason.');
  const person = project.person().id;
  const payload = { verdict, ...(reason ? { reason } : {}) };
  const { open, left } = await openCandidates(project, filter, signal);
  const group = uuidV7();
  for (let start = 0; start < open.length; start += decidedAtOnce) {
    const items = open.slice(start, start + decidedAtOnce);
    project.history.append(
      person,
      items.map((item) => ({ kind: 'decide', item, payload })),
      'review',
      group,
    );
    progress({ done: start + items.length, total: open.length });
    await turn();
    if (!signal.aborted) continue;
    await project.history.takeBack(person, 'undo', group, turn);
    throw new AsklabError('cancelled', 'Cancelled. What had been decided is taken back.');
  }
  return { changed: open.length, left };
}

async function openCandidates(
  project: Project,
  filter: CandidateFilter,
  signal: AbortSignal,
): Promise<{ open: string[]; left: number }> {
  const { sql, parameters } = candidateCondition(filter, project.database);
  const next = prepare(
    project.database,
    `SELECT c.id, s.status IN ('undecided', 'aside') AS open FROM ${joined} WHERE c.row > ? AND c.row <= ? AND ${sql} ORDER BY c.row`,
  );
  const open: string[] = [];
  let left = 0;
  const last = lastRow(project.database, 'candidates');
  for (let row = 0; row < last; row += rowsAtOnce) {
    for (const found of next.all(row, row + rowsAtOnce, ...parameters) as { id: string; open: number }[]) {
      if (found.open === 1) open.push(found.id);
      else left += 1;
    }
    await turn();
    if (signal.aborted) throw new AsklabError('cancelled', 'Cancelled. Nothing was decided.');
  }
  return { open, left };
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
