import type Database from 'better-sqlite3';
import type { History } from './history.ts';
import type { CandidateRow, PassageRow } from './new-rows.ts';
import { storePrint, storeQuestionPrint } from './prints.ts';
import { prepare } from './statements.ts';

const plain = `candidates c WHERE c.row BETWEEN $first AND $last AND NOT EXISTS (SELECT 1 FROM events e WHERE e.item = c.id)`;

/**
 * What new rows of one transaction need and can be written for all at once, at its end: states, counts, and last of all
 * search terms. FTS5 gathers in memory what a transaction adds, but writes it out before each statement that may fire
 * triggers: terms between such statements became an index segment each, and merging those took half of an import.
 */
export class NewBatch {
  private terms: { index: 'passage_search' | 'candidate_search'; row: number; terms: Uint8Array }[] = [];
  private readonly documents = new Map<string, number>(); // how many passages each gets
  private readonly uncounted = new Map<string, number>(); // how many candidates more a passage gets
  private passages: { first: number; last: number } | null = null;
  private candidates: { first: number; last: number; count: number } | null = null;
  private readonly database: Database.Database;
  private readonly history: History;

  constructor(database: Database.Database, history: History) {
    this.database = database;
    this.history = history;
  }

  passage(row: number, { documentId, print, terms }: PassageRow): void {
    this.documents.set(documentId, (this.documents.get(documentId) ?? 0) + 1);
    this.passages = { first: this.passages?.first ?? row, last: row };
    storePrint(this.database, row, print);
    this.terms.push({ index: 'passage_search', row, terms });
  }

  /** Rows count up: those between the first and the last are of this batch. */
  candidate(row: number, { passageId, print, terms }: CandidateRow, counted: boolean): void {
    storeQuestionPrint(this.database, row, print);
    if (!counted) this.uncounted.set(passageId, (this.uncounted.get(passageId) ?? 0) + 1);
    this.terms.push({ index: 'candidate_search', row, terms });
    const { first, count } = this.candidates ?? { first: row, count: 0 };
    this.candidates = { first, last: row, count: count + 1 };
  }

  write(): void {
    if (this.candidates) this.addStates(this.candidates);
    this.candidates = null;
    if (this.passages) this.correct(this.passages);
    this.passages = null;
    const { database } = this;
    const count = prepare(database, 'UPDATE documents SET passages = passages + ? WHERE id = ?');
    for (const [id, passages] of this.documents) count.run(passages, id);
    this.documents.clear();
    const write = {
      passage_search: prepare(database, 'INSERT INTO passage_search (rowid, terms) VALUES (?, ?)'),
      candidate_search: prepare(database, 'INSERT INTO candidate_search (rowid, terms) VALUES (?, ?)'),
    };
    for (const { index, row, terms } of this.terms) write[index].run(row, terms);
    this.terms = [];
  }

  /** Corrections may have come from another copy before the passage. */
  private correct({ first, last }: { first: number; last: number }): void {
    const spokenOf =
      'SELECT p.id FROM passages p WHERE p.row BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM events e WHERE e.item = p.id)';
    this.history.refresh(prepare(this.database, spokenOf).pluck().all(first, last) as string[]);
  }

  /** What no event speaks of is undecided without deriving anything. */
  private addStates({ first, last, count }: { first: number; last: number; count: number }): void {
    const sql = `INSERT INTO states SELECT c.id, 'undecided', '{}' FROM ${plain}`;
    const undecided = prepare(this.database, sql).run({ first, last }).changes;
    const more = prepare(
      this.database,
      'UPDATE passages SET candidates = candidates + $n, undecided = undecided + $n WHERE id = $id',
    );
    for (const [id, n] of this.uncounted) more.run({ id, n });
    this.uncounted.clear();
    if (undecided === count) return;
    const spokenOf =
      'SELECT c.id FROM candidates c WHERE c.row BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM events e WHERE e.item = c.id)';
    this.history.refresh(prepare(this.database, spokenOf).pluck().all(first, last) as string[]);
  }
}
