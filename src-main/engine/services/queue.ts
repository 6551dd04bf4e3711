import type Database from 'better-sqlite3';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Candidate, CandidateFilter, Passage } from '../../shared/contract/types.ts';
import { blindFor } from '../rounds/queue.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import { matchesOf, type Place, type Spot } from './matches.ts';

type Queue = Handlers<Contract>['review']['queue'];

interface Item {
  passage: Passage;
  candidates: Candidate[];
  at?: number | null;
}

/** A passage with the candidates that the person may see: not those of a blind check before the own verdict is in. */
export function itemOf(project: Project, passageId: string): Item {
  const blind = blindFor(project, project.person().id, passageId);
  const candidates = project.candidates(passageId).filter((candidate) => !blind.has(candidate.id));
  return { passage: project.passage(passageId), candidates };
}

/** Passages with candidates of the filter, in reading order or the filter's own, found by key. */
export function queue(project: Project, { filter, around, limit }: Parameters<Queue>[0]): Awaited<ReturnType<Queue>> {
  const matches = matchesOf(project, filter);
  const named = around === null ? 0 : rowOf(project.database, around);
  // A passage asked for by name is shown although it may have no question of the filter.
  const start = named > 0 ? matches.spot(named) : matches.firstOpen();
  if (start === null) return { items: [], position: 0, total: 0, exact: true };
  const spots = [start, ...matches.after(start, limit - 1)];
  return {
    items: itemsOf(project, spots, filter),
    ...(placeByTally(project, filter, start.row) ?? matches.place(start)),
  };
}

/** The passages of the queue next to one. */
export function neighbours(
  project: Project,
  { filter, of, at, step, limit }: Parameters<Handlers<Contract>['review']['neighbours']>[0],
): Item[] {
  const matches = matchesOf(project, filter);
  const row = rowOf(project.database, of);
  const spot = typeof at === 'number' ? { at, row } : matches.spot(row);
  return itemsOf(project, step === 'previous' ? matches.before(spot, limit) : matches.after(spot, limit), filter);
}

function rowOf(database: Database.Database, id: string): number {
  return (prepare(database, 'SELECT row FROM passages WHERE id = ?').pluck().get(id) as number | undefined) ?? 0;
}

function itemsOf(project: Project, spots: readonly Spot[], { order }: CandidateFilter): Item[] {
  const idOf = prepare(project.database, 'SELECT id FROM passages WHERE row = ?').pluck();
  return spots.map(({ at, row }) => ({ ...itemOf(project, idOf.get(row) as string), at: order ? at : null }));
}

/** What the kept counts tell: over everything, and over what is undecided. */
function placeByTally(project: Project, filter: CandidateFilter, row: number): Place | null {
  if (filter.order) return null;
  const asked = Object.entries(filter).filter(([, value]) => value !== undefined);
  const undecided = filter.statuses?.length === 1 && filter.statuses[0] === 'undecided';
  if (asked.length > (undecided ? 1 : 0)) return null;
  const counted = undecided ? 'undecided' : 'candidates';
  const upTo = `SELECT count(*) FROM passages INDEXED BY passages_browse WHERE row <= ? AND ${counted} > 0`;
  const { passagesToReview, passagesReviewed } = project.counts();
  return {
    position: prepare(project.database, upTo).pluck().get(row) as number,
    total: undecided ? passagesToReview : passagesToReview + passagesReviewed,
    exact: true,
  };
}
