import type Database from 'better-sqlite3';
import type { History } from './history.ts';
import { prepare } from './statements.ts';

const plain = `candidates c WHERE c.row BETWEEN $first AND $last AND NOT EXISTS (SELECT 1 FROM events e WHERE e.item = c.id)`;

/**
 * What new rows of one transaction need and can be written for all at once, at its end: states, counts, and last of all
 * search terms. FTS5 gathers in memory what a transaction adds, but writes it out before each statement that may fire
 * triggers: terms between such statements became an index segment each, and merging those took half of an import.
 */
export class NewBatch {
  private terms: { index: 'passage_search' | 'candidate_search'; row: number; terms: string }[] = [];
  private candidates: { first: number; last: number; count: number } | null = null;
  private readonly database: Database.Database;
  private readonly history: History;

  constructor(database: Database.Database, history: History) {
    this.database = database;
    this.history = history;
  }

  passage(row: number, terms: string): void {
    this.terms.push({ index: 'passage_search', row, terms });
  }

  /** Rows count up: those between the first and the last are of this batch. */
  candidate(row: number, terms: string): void {
    this.terms.push({ index: 'candidate_search', row, terms });
    const { first, count } = this.candidates ?? { first: row, count: 0 };
    this.candidates = { first, last: row, count: count + 1 };
  }

  write(): void {
    if (this.candidates) this.addStates(this.candidates);
    this.candidates = null;
    const { database } = this;
    const write = {
      passage_search: prepare(database, 'INSERT INTO passage_search (rowid, terms) VALUES (?, ?)'),
      candidate_search: prepare(database, 'INSERT INTO candidate_search (rowid, terms) VALUES (?, ?)'),
    };
    for (const { index, row, terms } of this.terms) write[index].run(row, terms);
    this.terms = [];
  }

  /** What no event speaks of is undecided without deriving anything, and is added to its passage's counts. */
  private addStates({ first, last, count }: { first: number; last: number; count: number }): void {
    const run = (sql: string): number => prepare(this.database, sql).run({ first, last }).changes;
    const undecided = run(`INSERT INTO states SELECT c.id, 'undecided', '{}' FROM ${plain}`);
    run(`UPDATE passages SET candidates = candidates + new.n, undecided = undecided + new.n
      FROM (SELECT c.passage_id AS id, count(*) AS n FROM ${plain} GROUP BY c.passage_id) AS new WHERE passages.id = new.id`);
    if (undecided === count) return;
    const spokenOf =
      'SELECT c.id FROM candidates c WHERE c.row BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM events e WHERE e.item = c.id)';
    this.history.refresh(prepare(this.database, spokenOf).pluck().all(first, last) as string[]);
  }
}
