import type Database from 'better-sqlite3';
import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Candidate, CandidateFilter, Passage } from '../../shared/contract/types.ts';
import { blindFor } from '../rounds/queue.ts';
import { countWithin, lastPassage } from '../store/counting.ts';
import { candidateSelection } from '../store/filter.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

type Queue = Handlers<Contract>['review']['queue'];

interface Item {
  passage: Passage;
  candidates: Candidate[];
}

/** A passage with the candidates that the person may see: not those of a blind check before the own verdict is in. */
export function itemOf(project: Project, passageId: string): Item {
  const blind = blindFor(project, project.person().id, passageId);
  const candidates = project.candidates(passageId).filter((candidate) => !blind.has(candidate.id));
  return { passage: project.passage(passageId), candidates };
}

/** Passages with candidates of the filter, in reading order, found by key. */
export function queue(project: Project, { filter, around, limit }: Parameters<Queue>[0]): Awaited<ReturnType<Queue>> {
  const { database } = project;
  const matches = matchesOf(project, filter);
  const start = around === null ? firstOpen(database, matches) : rowOf(database, around);
  if (start === null) return { items: [], position: 0, total: 0, exact: true };
  // A passage asked for by name is shown although it may have no question of the filter.
  const named = around !== null && start > 0 ? [start] : [];
  const rows = [...named, ...matches.after(named.length > 0 ? start : start - 1, limit - named.length)];
  return {
    items: itemsOf(project, rows),
    ...(placeByTally(project, filter, rows[0] ?? 0) ?? matches.place(rows[0] ?? 0)),
  };
}

/** The passages of the queue next to one. */
export function neighbours(
  project: Project,
  { filter, of, step, limit }: Parameters<Handlers<Contract>['review']['neighbours']>[0],
): Item[] {
  const matches = matchesOf(project, filter);
  const row = rowOf(project.database, of);
  return itemsOf(project, step === 'previous' ? matches.before(row, limit) : matches.after(row, limit));
}

function rowOf(database: Database.Database, id: string): number {
  return (prepare(database, 'SELECT row FROM passages WHERE id = ?').pluck().get(id) as number | undefined) ?? 0;
}

function itemsOf(project: Project, rows: readonly number[]): Item[] {
  const idOf = prepare(project.database, 'SELECT id FROM passages WHERE row = ?').pluck();
  return rows.map((row) => itemOf(project, idOf.get(row) as string));
}

interface Place {
  position: number; // of the passage in that row
  total: number;
  exact: boolean;
}

/** The rows of the passages with a candidate of the filter. */
interface Matches {
  after(row: number, limit: number): number[];
  before(row: number, limit: number): number[];
  place(row: number): Place;
}

function matchesOf({ database }: Project, filter: CandidateFilter): Matches {
  const selection = candidateSelection(filter);
  const { from, where, parameters } = selection;
  const passages = `SELECT DISTINCT f.passage FROM ${from} WHERE ${where}`;
  if (selection.searched) return new Listed(listed(database, `${passages} ORDER BY f.passage`, parameters));
  const upwards = prepare(database, `${passages} AND f.passage > ? ORDER BY f.passage LIMIT ?`).pluck();
  const downwards = prepare(database, `${passages} AND f.passage < ? ORDER BY f.passage DESC LIMIT ?`).pluck();
  const count = `SELECT count(*) FROM (SELECT DISTINCT f.passage FROM ${from} WHERE f.passage > ? AND f.passage <= ? AND ${where})`;
  return {
    after: (row, limit) => upwards.all(...parameters, row, limit) as number[],
    before: (row, limit) => downwards.all(...parameters, row, limit) as number[],
    place(row) {
      const upTo = countWithin(database, count, parameters, { last: row });
      const beyond = countWithin(database, count, parameters, { first: row, last: lastPassage(database) });
      const position = upTo.values[0] ?? 0;
      return { position, total: position + (beyond.values[0] ?? 0), exact: upTo.exact && beyond.exact };
    },
  };
}

/** The matches of a search come in the order of its index; they are sorted once and kept until something is written. */
class Listed implements Matches {
  private readonly rows: readonly number[];

  constructor(rows: readonly number[]) {
    this.rows = rows;
  }

  after(row: number, limit: number): number[] {
    const start = this.upTo(row);
    return this.rows.slice(start, start + limit);
  }

  before(row: number, limit: number): number[] {
    const end = this.upTo(row - 1);
    return this.rows.slice(Math.max(0, end - limit), end).reverse();
  }

  place(row: number): Place {
    return { position: this.upTo(row), total: this.rows.length, exact: true };
  }

  private upTo(row: number): number {
    let [low, high] = [0, this.rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.rows[middle] ?? 0) <= row) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

const lists = new WeakMap<Database.Database, { key: string; rows: readonly number[] }>();

function listed(database: Database.Database, sql: string, parameters: readonly (string | number)[]): readonly number[] {
  const changes = prepare(database, 'SELECT total_changes()').pluck().get() as number;
  const key = JSON.stringify([changes, sql, parameters]);
  const kept = lists.get(database);
  if (kept?.key === key) return kept.rows;
  const rows = prepare(database, sql)
    .pluck()
    .all(...parameters) as number[];
  lists.set(database, { key, rows });
  return rows;
}

/** The first of the matches with an undecided candidate, 0 where all are decided, or null where there is no match. */
function firstOpen(database: Database.Database, matches: Matches): number | null {
  const nextOpen = prepare(
    database,
    'SELECT row FROM passages INDEXED BY passages_browse WHERE row >= ? AND undecided > 0 ORDER BY row LIMIT 1',
  ).pluck();
  for (let row = 0; ;) {
    const [match] = matches.after(row, 1);
    if (match === undefined) return row === 0 ? null : 0;
    const open = nextOpen.get(match) as number | undefined;
    if (open === undefined || open === match) return open ?? 0;
    row = open - 1;
  }
}

/** What the kept counts tell: over everything, and over what is undecided. */
function placeByTally(project: Project, filter: CandidateFilter, row: number): Place | null {
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
