import type Database from 'better-sqlite3';
import type { Candidate, Language, Passage, Status } from '../../shared/contract/types.ts';
import { prepare } from './statements.ts';
import {
  passageColumns,
  toCandidate,
  toPassage,
  type CandidateRecord,
  type PassageRecord,
  type ReferenceRecord,
} from './rows.ts';

export interface StreamFilter {
  statuses: readonly Status[];
  languages?: readonly Language[] | undefined;
  withReferences: boolean;
}

const passagesAtOnce = 200;

/** Passages with their candidates of these statuses, or with references, in reading order; some hundreds at a time by key. */
export function* streamPassages(
  database: Database.Database,
  names: ReadonlyMap<string, string>,
  { statuses, languages, withReferences }: StreamFilter,
): Iterable<{ passage: Passage; candidates: Candidate[] }> {
  const spoken = languages ? 'p.language IN (SELECT value FROM json_each(?))' : '1';
  const wanted = languages ? [JSON.stringify(languages)] : [];
  const readPassages = prepare(
    database,
    `SELECT ${passageColumns} WHERE p.row > ? AND ${spoken} ORDER BY p.row LIMIT ${passagesAtOnce}`,
  );
  const readCandidates = prepare(
    database,
    `SELECT c.*, s.state, p.text AS passage_text FROM passages p CROSS JOIN candidates c ON c.passage_id = p.id
     CROSS JOIN states s ON s.candidate_id = c.id WHERE p.row >= ? AND p.row <= ? AND ${spoken}
       AND s.status IN (SELECT value FROM json_each(?)) ORDER BY p.row, c.row`,
  );
  const readReferences = prepare(
    database,
    `SELECT r.* FROM passages p CROSS JOIN references_ r ON r.passage_id = p.id WHERE p.row >= ? AND p.row <= ? AND ${spoken} ORDER BY p.row, r.rowid`,
  );
  for (let last = 0; ;) {
    const passages = readPassages.all(last, ...wanted) as PassageRecord[];
    const [first, end] = [passages[0], passages.at(-1)];
    if (!first || !end) return;
    const candidates = Map.groupBy(
      readCandidates.all(first.row, end.row, ...wanted, JSON.stringify(statuses)) as CandidateRecord[],
      (record) => record.passage_id,
    );
    const references = Map.groupBy(
      readReferences.all(first.row, end.row, ...wanted) as (ReferenceRecord & { passage_id: string })[],
      (record) => record.passage_id,
    );
    for (const record of passages) {
      const own = candidates.get(record.id) ?? [];
      const asked = references.get(record.id) ?? [];
      if (own.length === 0 && (!withReferences || asked.length === 0)) continue;
      yield { passage: toPassage(record, asked), candidates: own.map((entry) => toCandidate(entry, names)) };
    }
    last = end.row;
  }
}
