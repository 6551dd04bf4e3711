import type Database from 'better-sqlite3';
import type { Candidate, CandidateFilter } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { blindFor } from '../rounds/queue.ts';
import { countWithin, lastPassage } from '../store/counting.ts';
import { candidateSelection, hasFacet, type Selection } from '../store/filter.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

/** Where a passage stands in the queue: `at` tells in an ordered one, the row where that is equal. */
export interface Spot {
  at: number; // 0 in reading order
  row: number;
}

export interface Place {
  position: number; // of the passage in that row
  total: number;
  exact: boolean;
}

/** The passages with a candidate of a filter. */
export interface Matches {
  after(spot: Spot, limit: number): Spot[];
  before(spot: Spot, limit: number): Spot[];
  /** Where a passage stands, or would. */
  spot(row: number): Spot;
  /** The first with an undecided candidate, the first where all are decided, or null where there is no match. */
  firstOpen(): Spot | null;
  place(spot: Spot): Place;
}

export function matchesOf({ database }: Project, filter: CandidateFilter): Matches {
  const selection = candidateSelection(filter);
  if (filter.order) {
    const order = orders[filter.order];
    return selection.searched ? new Listed(database, selection, order) : new Ordered(database, selection, order);
  }
  return selection.searched ? new Listed(database, selection) : inReadingOrder(database, selection);
}

function inReadingOrder(database: Database.Database, { from, where, parameters }: Selection): Matches {
  const passages = `SELECT DISTINCT f.passage FROM ${from} WHERE ${where}`;
  const upwards = prepare(database, `${passages} AND f.passage > ? ORDER BY f.passage LIMIT ?`).pluck();
  const downwards = prepare(database, `${passages} AND f.passage < ? ORDER BY f.passage DESC LIMIT ?`).pluck();
  const count = `SELECT count(*) FROM (SELECT DISTINCT f.passage FROM ${from} WHERE f.passage > ? AND f.passage <= ? AND ${where})`;
  const spots = (rows: unknown[]): Spot[] => rows.map((row) => ({ at: 0, row: row as number }));
  const after = ({ row }: Spot, limit: number): Spot[] => spots(upwards.all(...parameters, row, limit));
  return {
    after,
    before: ({ row }, limit) => spots(downwards.all(...parameters, row, limit)),
    spot: (row) => ({ at: 0, row }),
    firstOpen: () => firstOpen(database, after),
    place({ row }) {
      const upTo = countWithin(database, count, parameters, { last: row });
      const beyond = countWithin(database, count, parameters, { first: row, last: lastPassage(database) });
      const position = upTo.values[0] ?? 0;
      return { position, total: position + (beyond.values[0] ?? 0), exact: upTo.exact && beyond.exact };
    },
  };
}

/** The first match in reading order with an undecided candidate, else the first. */
function firstOpen(database: Database.Database, after: Matches['after']): Spot | null {
  const nextOpen = prepare(
    database,
    'SELECT row FROM passages INDEXED BY passages_browse WHERE row >= ? AND undecided > 0 ORDER BY row LIMIT 1',
  ).pluck();
  const next = (row: number): Spot | undefined => after({ at: 0, row }, 1)[0];
  for (let match = next(0); match !== undefined;) {
    const open = nextOpen.get(match.row) as number | undefined;
    if (open === match.row) return match;
    if (open === undefined) break;
    match = next(open - 1);
  }
  return next(0) ?? null;
}

/** By a number of its questions: a passage stands where the first of them does that the filter wants. */
interface Order {
  column: 'score' | 'length';
  least: 'min' | 'max';
  up: 'ASC' | 'DESC';
  down: 'ASC' | 'DESC';
  beyond: '<' | '>';
  under: '<' | '>';
}
const rising = { least: 'min', up: 'ASC', down: 'DESC', beyond: '>', under: '<' } as const;
const falling = { least: 'max', up: 'DESC', down: 'ASC', beyond: '<', under: '>' } as const;
const orders: Record<NonNullable<CandidateFilter['order']>, Order> = {
  score: { column: 'score', ...rising },
  short: { column: 'length', ...rising },
  long: { column: 'length', ...falling },
};

/** Found along an index that begins with the number; each passage once, by a look at its other questions. */
class Ordered implements Matches {
  private readonly database: Database.Database;
  private readonly selection: Selection;
  private readonly order: Order;
  private readonly matching: string; // with the first question of each passage only

  constructor(database: Database.Database, selection: Selection, order: Order) {
    this.database = database;
    this.selection = selection;
    this.order = order;
    const { column, under } = order;
    const { where } = selection;
    const ofOthers = where.replaceAll(/\bf\./gu, 'g.');
    this.matching = `SELECT f.${column}, f.passage FROM facets f INDEXED BY facets_${column} WHERE ${where}
      AND NOT EXISTS (SELECT 1 FROM facets g WHERE g.passage = f.passage AND ${ofOthers}
        AND (g.${column}, g.candidate) ${under} (f.${column}, f.candidate))`;
  }

  after({ at, row }: Spot, limit: number): Spot[] {
    const { up, beyond } = this.order;
    return this.walk(beyond, up, at, row, limit);
  }

  before({ at, row }: Spot, limit: number): Spot[] {
    const { down, under } = this.order;
    return this.walk(under, down, at, row, limit);
  }

  private walk(sign: string, direction: string, at: number, row: number, limit: number): Spot[] {
    const { column } = this.order;
    const sql = `${this.matching} AND (f.${column}, f.passage) ${sign} (?, ?) ORDER BY f.${column} ${direction}, f.passage ${direction} LIMIT ?`;
    const { parameters } = this.selection;
    const rows = prepare(this.database, sql).raw();
    return toSpots(rows.all(...parameters, ...parameters, at, row, limit));
  }

  spot(row: number): Spot {
    const { column, least } = this.order;
    const { where, parameters } = this.selection;
    const of = (condition: string, values: readonly (string | number)[]): number | null =>
      prepare(this.database, `SELECT ${least}(f.${column}) FROM facets f WHERE f.passage = ? AND ${condition}`)
        .pluck()
        .get(row, ...values) as number | null;
    return { at: of(where, parameters) ?? of('1', []) ?? 0, row };
  }

  firstOpen(): Spot | null {
    const { column, up } = this.order;
    const { where, parameters } = this.selection;
    const first = prepare(
      this.database,
      `SELECT f.passage FROM facets f INDEXED BY facets_${column} WHERE ${where} AND ${hasFacet(['undecided'])}
       ORDER BY f.${column} ${up}, f.passage ${up} LIMIT 1`,
    ).pluck();
    const open = first.get(...parameters) as number | undefined;
    return open === undefined ? (this.after(this.beginning, 1)[0] ?? null) : this.spot(open);
  }

  private get beginning(): Spot {
    return { at: this.order.up === 'ASC' ? -unlimited : unlimited, row: 0 };
  }

  place({ at, row }: Spot): Place {
    const { column, least, under } = this.order;
    const { where, parameters } = this.selection;
    const sql = `WITH matching AS (SELECT f.passage AS passage, ${least}(f.${column}) AS least FROM facets f
        WHERE f.passage > ? AND f.passage <= ? AND ${where} GROUP BY f.passage)
      SELECT count(*), count(*) FILTER (WHERE (least, passage) ${under}= (?, ?)) FROM matching`;
    const { values, exact } = countWithin(this.database, sql, [...parameters, at, row], {
      last: lastPassage(this.database),
    });
    const [total = 0, position = 0] = values;
    return { position, total, exact };
  }
}

const unlimited = 1e15;

/** The matches of a search come in the order of its index; they are sorted once and kept until something is written. */
class Listed implements Matches {
  private readonly database: Database.Database;
  private readonly list: List;
  private readonly order: Order | null;

  constructor(database: Database.Database, { from, where, parameters }: Selection, order: Order | null = null) {
    this.database = database;
    this.order = order;
    const sql = order
      ? `SELECT ${order.least}(f.${order.column}), f.passage FROM ${from} WHERE ${where} GROUP BY f.passage ORDER BY 1 ${order.up}, 2 ${order.up}`
      : `SELECT DISTINCT f.passage FROM ${from} WHERE ${where} ORDER BY f.passage`;
    this.list = listed(database, sql, parameters, order !== null);
  }

  after(spot: Spot, limit: number): Spot[] {
    const start = this.upTo(spot, true);
    return this.spots(start, start + limit);
  }

  before(spot: Spot, limit: number): Spot[] {
    const end = this.upTo(spot, false);
    return this.spots(Math.max(0, end - limit), end).reverse();
  }

  spot(row: number): Spot {
    if (this.order === null) return { at: 0, row };
    const found = this.list.rows.indexOf(row);
    if (found >= 0) return { at: this.list.at?.[found] ?? 0, row };
    const { least, column } = this.order;
    const sql = `SELECT ${least}(f.${column}) FROM facets f WHERE f.passage = ?`;
    return { at: (prepare(this.database, sql).pluck().get(row) as number | null) ?? 0, row };
  }

  firstOpen(): Spot | null {
    if (this.order === null) return firstOpen(this.database, (spot, limit) => this.after(spot, limit));
    const undecided = prepare(this.database, 'SELECT undecided > 0 FROM passages WHERE row = ?').pluck();
    const open = this.list.rows.findIndex((row) => undecided.get(row) === 1);
    return this.spots(Math.max(0, open), Math.max(0, open) + 1)[0] ?? null;
  }

  place(spot: Spot): Place {
    return { position: this.upTo(spot, true), total: this.list.rows.length, exact: true };
  }

  private spots(start: number, end: number): Spot[] {
    return this.list.rows.slice(start, end).map((row, index) => ({ at: this.list.at?.[start + index] ?? 0, row }));
  }

  /** How many stand before a spot, or up to it. */
  private upTo(spot: Spot, inclusive: boolean): number {
    const { rows, at } = this.list;
    const sign = this.order?.up === 'DESC' ? -1 : 1;
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const distance = sign * ((at?.[middle] ?? 0) - spot.at || (rows[middle] ?? 0) - spot.row);
      if (inclusive ? distance <= 0 : distance < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Passages by row, and in an ordered list where each stands. */
interface List {
  rows: readonly number[];
  at: readonly number[] | null;
}

const lists = new WeakMap<Database.Database, { key: string; list: List }>();

function listed(
  database: Database.Database,
  sql: string,
  parameters: readonly (string | number)[],
  ordered: boolean,
): List {
  const changes = prepare(database, 'SELECT total_changes()').pluck().get() as number;
  const key = JSON.stringify([changes, sql, parameters]);
  const kept = lists.get(database);
  if (kept?.key === key) return kept.list;
  const found = prepare(database, sql);
  let list: List;
  if (ordered) {
    const spots = found.raw().all(...parameters) as [at: number, row: number][];
    list = { rows: spots.map(([, row]) => row), at: spots.map(([at]) => at) };
  } else list = { rows: found.pluck().all(...parameters) as number[], at: null };
  lists.set(database, { key, list });
  return list;
}

function toSpots(rows: unknown[]): Spot[] {
  return (rows as [number, number][]).map(([at, row]) => ({ at, row }));
}

/** The questions of a filter one by one, but for those that the person is to check blindly. Error: 'invalid-input'. */
export function listQuestions(
  project: Project,
  { filter, cursor, limit }: { filter: CandidateFilter; cursor: string | null; limit: number },
): { rows: Candidate[]; next: string | null } {
  const { from, where, parameters } = candidateSelection(filter);
  const { column, up, beyond } = filter.order ? orders[filter.order] : { column: 'passage', ...rising };
  const after = cursor === null ? null : cursor.split(':').map(Number);
  if (after && (after.length !== 3 || !after.every(Number.isSafeInteger)))
    throw new AsklabError('invalid-input', 'This place in the list does not exist.');
  const key = `(f.${column}, f.passage, f.candidate)`;
  const sql = `SELECT f.${column}, f.passage, f.candidate FROM ${from} WHERE ${where} AND ${after ? `${key} ${beyond} (?, ?, ?)` : '1'}
    ORDER BY f.${column} ${up}, f.passage ${up}, f.candidate ${up} LIMIT ?`;
  const found = prepare(project.database, sql)
    .raw()
    .all(...parameters, ...(after ?? []), limit) as [number, number, number][];
  const idOf = prepare(project.database, 'SELECT id FROM candidates WHERE row = ?').pluck();
  const rows = found.map(([, , row]) => project.candidate(idOf.get(row) as string));
  const person = project.person().id;
  return {
    rows: rows.filter(({ id, passageId }) => !blindFor(project, person, passageId).has(id)),
    next: found.length === limit ? (found.at(-1)?.join(':') ?? null) : null,
  };
}
