import type Database from 'better-sqlite3';
import type { CandidateFilter, PassageFilter, Status } from '../../shared/contract/types.ts';
import { matchQuery } from '../../shared/text/search.ts';
import { prepare } from './statements.ts';

/** A condition with its parameters; joined by AND. */
export interface Condition {
  sql: string;
  parameters: (string | number)[];
  /** The rows a search found, where they are few. */
  rows?: readonly number[];
}

function join(parts: readonly (Condition | null)[]): Condition {
  const kept = parts.filter((part) => part !== null);
  const rows = kept.find((part) => part.rows)?.rows;
  return {
    sql: kept.length === 0 ? '1' : kept.map((part) => `(${part.sql})`).join(' AND '),
    parameters: kept.flatMap((part) => part.parameters),
    ...(rows ? { rows } : {}),
  };
}

function oneOf(column: string, values: readonly string[] | undefined): Condition | null {
  if (!values) return null;
  const [only] = values;
  if (only !== undefined && values.length === 1) return { sql: `${column} = ?`, parameters: [only] };
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(values)] };
}

/** Fewer matches than this are listed once, so that the query can start from them. */
const fewMatches = 10_000;

/** Rows that match what a person typed; with a database, few matches are listed in `rows`. */
function search(
  table: string,
  column: string,
  query: string | undefined,
  database?: Database.Database,
): Condition | null {
  if (query === undefined || query.trim() === '') return null;
  const match = matchQuery(query);
  if (match === null) return { sql: '0', parameters: [] };
  const rows = database ? matches(database, table, match) : [];
  if (!database || rows.length >= fewMatches)
    // The plus keeps the index from being asked for each row: its matches are gathered once.
    return { sql: `+${column} IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?)`, parameters: [match] };
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(rows)], rows };
}

function matches(database: Database.Database, table: string, match: string): number[] {
  const sql = `SELECT rowid FROM ${table} WHERE ${table} MATCH ? LIMIT ${fewMatches}`;
  return prepare(database, sql).pluck().all(match) as number[];
}

/** Over `passages p`. */
export function passageCondition(filter: PassageFilter, database?: Database.Database): Condition {
  const states = {
    none: 'p.candidates = 0',
    undecided: 'p.undecided > 0',
    decided: 'p.candidates > 0 AND p.undecided = 0',
  };
  return join([
    search('passage_search', 'p.row', filter.search, database),
    oneOf('p.language', filter.languages),
    oneOf('p.id', filter.ids),
    filter.documentId === undefined ? null : { sql: 'p.document_id = ?', parameters: [filter.documentId] },
    filter.state === undefined ? null : { sql: states[filter.state], parameters: [] },
  ]);
}

/** Over `candidates c` joined with `states s` and `passages p`. */
export function candidateCondition(filter: CandidateFilter, database?: Database.Database): Condition {
  const signals = {
    copied: "c.signals ->> 'copiedShare' > 0.8",
    unfinished: "c.signals ->> 'unfinished'",
    duplicate: "c.signals ->> 'duplicateOf' IS NOT NULL",
    language: "c.signals ->> 'languageMismatch'",
    repeated: "c.signals ->> 'repeatedNgram'",
  };
  return join([
    search('candidate_search', 'c.row', filter.search, database),
    oneOf('c.language', filter.languages),
    oneOf('s.status', filter.statuses),
    oneOf('c.generator', filter.generators),
    oneOf("s.state ->> 'type'", filter.types),
    oneOf("s.state ->> 'difficulty'", filter.difficulties),
    oneOf("s.state ->> 'decidedBy'", filter.people),
    filter.documentId === undefined ? null : { sql: 'p.document_id = ?', parameters: [filter.documentId] },
    filter.signal === undefined ? null : { sql: signals[filter.signal], parameters: [] },
    filter.flagged === undefined
      ? null
      : { sql: `(s.state ->> 'flag' IS NOT NULL) = ${filter.flagged ? 1 : 0}`, parameters: [] },
  ]);
}

/**
 * Over `passages p`: those with a candidate of the filter. What the passage's own columns tell is asked of them first,
 * and of a search with few matches only their passages are looked at.
 */
export function queueCondition(filter: CandidateFilter, database: Database.Database): Condition {
  const { languages, documentId, statuses, ...others } = filter;
  const candidates = candidateCondition(filter, database);
  const within = (allowed: readonly Status[]): boolean =>
    statuses !== undefined && statuses.length > 0 && statuses.every((status) => allowed.includes(status));
  const plain = Object.values(others).every((value) => value === undefined);
  const told =
    plain && (statuses === undefined || same(statuses, ['undecided']) || same(statuses, ['accepted', 'edited']));
  const rows = candidates.rows && {
    sql: `p.row IN (SELECT f.row FROM candidates g JOIN passages f ON f.id = g.passage_id WHERE g.row IN (SELECT value FROM json_each(?)))`,
    parameters: [JSON.stringify(candidates.rows)],
    rows: candidates.rows,
  };
  return join([
    rows ?? null,
    { sql: 'p.candidates > 0', parameters: [] },
    within(['undecided']) ? { sql: 'p.undecided > 0', parameters: [] } : null,
    within(['accepted', 'edited']) ? { sql: 'p.accepted > 0', parameters: [] } : null,
    oneOf('p.language', languages),
    documentId === undefined ? null : { sql: 'p.document_id = ?', parameters: [documentId] },
    told
      ? null
      : {
          sql: `EXISTS (SELECT 1 FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE c.passage_id = p.id AND ${candidates.sql})`,
          parameters: candidates.parameters,
        },
  ]);
}

function same(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && right.every((value) => left.includes(value));
}
