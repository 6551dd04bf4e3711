import type { CandidateFilter, PassageFilter } from '../../shared/contract/types.ts';
import { matchQuery } from '../../shared/text/search.ts';
import { facetBit, isSaid, somethingSaid, type Facet } from './migrations/0006-facets.ts';

/**
 * Where rows are looked for and what they must fulfil. A search leads, in the order of its index; the rows it finds, or
 * all, are looked up in a narrow index or table, never in the wide rows themselves.
 */
export interface Selection {
  from: string;
  row: string; // by which passages are in reading order
  where: string;
  parameters: (string | number)[];
  searched: boolean;
}
type Condition = { sql: string; parameters: (string | number)[] } | null;

function select(from: string, row: string, parts: readonly Condition[], searched: boolean): Selection {
  const kept = parts.filter((part) => part !== null);
  return {
    from,
    row,
    where: kept.length === 0 ? '1' : kept.map((part) => `(${part.sql})`).join(' AND '),
    parameters: kept.flatMap((part) => part.parameters),
    searched,
  };
}

function oneOf(column: string, values: readonly string[] | undefined): Condition {
  if (!values) return null;
  const [only] = values;
  if (only !== undefined && values.length === 1) return { sql: `${column} = ?`, parameters: [only] };
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(values)] };
}

/** Rows of a search's index, the alias `m`, that match what a person typed. */
function search(index: string, query: string | undefined): Condition {
  if (query === undefined || query.trim() === '') return null;
  const match = matchQuery(query);
  return match === null ? { sql: '0', parameters: [] } : { sql: `m.${index} MATCH ?`, parameters: [match] };
}

/** The set leads: its rows are looked up, the others are not looked at. */
function inSet(column: string, name: string | undefined): Condition {
  const rows = 'SELECT m.passage FROM sets s CROSS JOIN set_members m ON m.set_number = s.number WHERE s.name = ?';
  return name === undefined ? null : { sql: `${column} IN (${rows})`, parameters: [name] };
}

/** SQL: whether a row is in the set of a name, looked up for each row that comes by. */
export const isInSet = (row: string): string =>
  `EXISTS (SELECT 1 FROM set_members m WHERE m.set_number = (SELECT number FROM sets WHERE name = ?) AND m.passage = ${row})`;

/** Over `passages p`. */
export function passageSelection(filter: PassageFilter): Selection {
  const states = {
    none: 'p.candidates = 0',
    undecided: 'p.undecided > 0',
    decided: 'p.candidates > 0 AND p.undecided = 0',
  };
  const searched = search('passage_search', filter.search);
  const narrow = filter.ids === undefined && filter.documentId === undefined;
  const passages = narrow ? 'passages p INDEXED BY passages_browse' : 'passages p';
  const parts = [
    searched,
    oneOf('p.language', filter.languages),
    oneOf('p.id', filter.ids),
    filter.documentId === undefined ? null : { sql: 'p.document_id = ?', parameters: [filter.documentId] },
    filter.state === undefined ? null : { sql: states[filter.state], parameters: [] },
    inSet('p.row', filter.set),
  ];
  const from = searched === null ? passages : `passage_search m CROSS JOIN ${passages} ON p.row = m.rowid`;
  return select(from, searched === null ? 'p.row' : 'm.rowid', parts, searched !== null);
}

/** Over `facets f`. */
export function candidateSelection(filter: CandidateFilter): Selection {
  const searched = search('candidate_search', filter.search);
  const flagged: Facet[] | undefined = filter.flagged === true ? ['flagged'] : undefined;
  const groups = [filter.languages, filter.statuses, filter.signal && [filter.signal], filter.difficulties, flagged];
  // Where something must be said of a question, only such rows are looked at.
  const said = searched === null && groups.some((group) => group?.every(isSaid));
  const parts = [
    searched,
    said ? { sql: somethingSaid('f.bits'), parameters: [] } : null,
    ...bits(groups, filter.flagged === false),
    named('f.generator', filter.generators),
    named('f.type', filter.types),
    named('f.person', filter.people),
    inSet('f.passage', filter.set),
    atLeast('f.score', hundredths(filter.scoreFrom)),
    atMost('f.score', hundredths(filter.scoreTo ?? (filter.scoreFrom === undefined ? undefined : 0))),
    atLeast('f.length', filter.lengthFrom),
    atMost('f.length', filter.lengthTo),
    filter.documentId === undefined
      ? null
      : { sql: 'f.passage IN (SELECT row FROM passages WHERE document_id = ?)', parameters: [filter.documentId] },
  ];
  const from =
    searched === null
      ? `facets f${said ? ' INDEXED BY facets_said' : ''}`
      : 'candidate_search m CROSS JOIN facets f INDEXED BY facets_candidate ON f.candidate = m.rowid';
  return select(from, 'f.passage', parts, searched !== null);
}

/** SQL: whether a row of `facets f` is one of these. */
export function hasFacet(facets: readonly Facet[]): string {
  return `f.bits & ${facets.reduce((sum, facet) => sum + facetBit(facet), 0)} <> 0`;
}

/** Of each group one facet; what a million rows must have and not have is one comparison, twice as fast as several. */
function bits(groups: readonly (readonly Facet[] | undefined)[], unflagged: boolean): Condition[] {
  const asked = groups.filter((group) => group !== undefined);
  const must = asked.flatMap((group) => (group.length === 1 ? group : []));
  const value = must.reduce((sum, facet) => sum + facetBit(facet), 0);
  const mask = value + (unflagged ? facetBit('flagged') : 0);
  const several = asked.filter((group) => group.length !== 1).map(hasFacet);
  const tests = mask === 0 ? several : [`f.bits & ${mask} = ${value}`, ...several];
  return tests.map((sql) => ({ sql, parameters: [] }));
}

/** As `facets` holds a log-probability: 1 says that there is none, which no filter by it wants. */
function hundredths(score: number | undefined): number | undefined {
  return score === undefined ? undefined : Math.min(0, Math.round(score * 100));
}

// The plus keeps SQLite in reading order: by an index on numbers it would sort what it finds.
function atLeast(column: string, value: number | undefined): Condition {
  return value === undefined ? null : { sql: `+${column} >= ?`, parameters: [value] };
}

function atMost(column: string, value: number | undefined): Condition {
  return value === undefined ? null : { sql: `+${column} <= ?`, parameters: [value] };
}

function named(column: string, names: readonly string[] | undefined): Condition {
  if (!names) return null;
  const sql = `${column} IN (SELECT number FROM facet_names WHERE name IN (SELECT value FROM json_each(?)))`;
  return { sql, parameters: [JSON.stringify(names)] };
}
