import type { CandidateFilter, PassageFilter } from '../../shared/contract/types.ts';
import { matchQuery } from '../../shared/text/search.ts';

/** A condition with its parameters; joined by AND. */
export interface Condition {
  sql: string;
  parameters: (string | number)[];
}

function join(parts: readonly (Condition | null)[]): Condition {
  const kept = parts.filter((part) => part !== null);
  return {
    sql: kept.length === 0 ? '1' : kept.map((part) => `(${part.sql})`).join(' AND '),
    parameters: kept.flatMap((part) => part.parameters),
  };
}

function oneOf(column: string, values: readonly string[] | undefined): Condition | null {
  if (!values) return null;
  return { sql: `${column} IN (SELECT value FROM json_each(?))`, parameters: [JSON.stringify(values)] };
}

function search(table: string, column: string, query: string | undefined): Condition | null {
  if (query === undefined || query.trim() === '') return null;
  const match = matchQuery(query);
  if (match === null) return { sql: '0', parameters: [] };
  return { sql: `${column} IN (SELECT rowid FROM ${table} WHERE ${table} MATCH ?)`, parameters: [match] };
}

/** Over `passages p`. */
export function passageCondition(filter: PassageFilter): Condition {
  const states = {
    none: 'p.candidates = 0',
    undecided: 'p.undecided > 0',
    decided: 'p.candidates > 0 AND p.undecided = 0',
  };
  return join([
    search('passage_search', 'p.row', filter.search),
    oneOf('p.language', filter.languages),
    oneOf('p.id', filter.ids),
    filter.documentId === undefined ? null : { sql: 'p.document_id = ?', parameters: [filter.documentId] },
    filter.state === undefined ? null : { sql: states[filter.state], parameters: [] },
  ]);
}

/** Over `candidates c` joined with `states s` and `passages p`. */
export function candidateCondition(filter: CandidateFilter): Condition {
  const signals = {
    copied: "c.signals ->> 'copiedShare' > 0.8",
    unfinished: "c.signals ->> 'unfinished'",
    duplicate: "c.signals ->> 'duplicateOf' IS NOT NULL",
    language: "c.signals ->> 'languageMismatch'",
    repeated: "c.signals ->> 'repeatedNgram'",
  };
  return join([
    search('candidate_search', 'c.row', filter.search),
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
