import { rmSync } from 'node:fs';
import { basename } from 'node:path';
import type Database from 'better-sqlite3';
import type { Candidate, Counts, Language, Passage, Person, ProjectInfo, Status } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { exactKey } from '../../shared/text/fingerprint.ts';
import { indexTerms } from '../../shared/text/search.ts';
import { History } from './history.ts';
import { uuidV7 } from './ids.ts';
import { JobStore } from './job-store.ts';
import { addPerson } from './people.ts';
import { RoundStore } from './round-store.ts';
import { prepare } from './statements.ts';
import { NewBatch } from './new-batch.ts';
import * as newRows from './new-rows.ts';
import type { AddedPassage, CandidateRow, NewCandidate, NewPassage, NewReference } from './new-rows.ts';
import type { PassageRow, ReferenceRow } from './new-rows.ts';
import { allPrints, type StoredPrint } from './prints.ts';
import { createDatabase, openDatabase, type Opened } from './open.ts';
import { passageSelection } from './filter.ts';
import {
  candidateColumns,
  passageColumns,
  toCandidate,
  toPassage,
  type CandidateRecord,
  type PassageRecord,
  type ReferenceRecord,
} from './rows.ts';
import { streamPassages, type Streamed, type StreamFilter } from './stream.ts';
import type { PassageFilter } from '../../shared/contract/types.ts';

/** One open `.asklab` file: one connection, synchronous, owned by the engine. */
export class Project {
  readonly path: string;
  readonly readOnly: boolean;
  readonly database: Database.Database;
  readonly history: History;
  readonly jobs: JobStore;
  readonly rounds: RoundStore;

  private readonly scratch: string | undefined;

  private constructor(path: string, { database, readOnly, scratch }: Opened) {
    this.path = path;
    this.readOnly = readOnly;
    this.database = database;
    this.scratch = scratch;
    this.history = new History(database, this.value('device') ?? 'unknown');
    this.jobs = new JobStore(database, readOnly);
    this.rounds = new RoundStore(database);
  }

  static create(path: string, { name, person }: { name: string; person: string }): Project {
    const database = createDatabase(path, (made) => {
      const set = made.prepare('INSERT INTO project VALUES (?, ?)');
      set.run('id', uuidV7());
      set.run('name', name);
      set.run('device', uuidV7().slice(-12));
      set.run('person', addPerson(made, { name: person, role: 'lead' }));
    });
    return new Project(path, { database, readOnly: false });
  }

  /** Reads the file through first, unless it is known to be `sound`. */
  static open(path: string, sound = false): Project {
    return new Project(path, openDatabase(path, sound));
  }

  close(): void {
    if (!this.readOnly) {
      this.database.pragma('optimize');
      this.database.pragma('journal_mode = DELETE'); // A file at rest is one file, readable from read-only media too.
    }
    this.database.close();
    if (this.scratch !== undefined) rmSync(this.scratch, { recursive: true });
  }

  transaction<T>(work: () => T): T {
    return this.database.transaction(work)();
  }

  info(): ProjectInfo {
    return {
      id: this.value('id') ?? '',
      path: this.path,
      name: this.value('name') ?? basename(this.path, '.asklab'),
      readOnly: this.readOnly,
      person: this.person(),
      people: this.people(),
      counts: this.counts(),
    };
  }

  people(): Person[] {
    return prepare(this.database, 'SELECT * FROM people ORDER BY rowid').all() as Person[];
  }

  person(): Person {
    const current = this.people().find((person) => person.id === this.value('person'));
    if (!current) throw new AsklabError('project-damaged', 'The project names a person it does not know. Repair it.');
    return current;
  }

  usePerson(id: string): void {
    if (!this.people().some((person) => person.id === id))
      throw new AsklabError('not-found', 'This person is not in the project.');
    prepare(this.database, "UPDATE project SET value = ? WHERE key = 'person'").run(id);
  }

  counts(): Counts {
    const rows = prepare(this.database, 'SELECT name, n FROM tallies').all() as { name: string; n: number }[];
    const tallies = new Map(rows.map((row) => [row.name, row.n]));
    const of = (name: Status | 'passages' | 'open' | 'done'): number => tallies.get(name) ?? 0;
    const byStatus = {
      undecided: of('undecided'),
      accepted: of('accepted'),
      edited: of('edited'),
      rejected: of('rejected'),
      aside: of('aside'),
    };
    return {
      ...byStatus,
      documents: prepare(this.database, 'SELECT count(*) FROM documents').pluck().get() as number,
      passages: of('passages'),
      candidates: Object.values(byStatus).reduce((sum, count) => sum + count, 0),
      passagesToReview: of('open'),
      passagesReviewed: of('done'),
    };
  }

  /** Feeds the search index again from the stored texts. */
  rebuildSearch(): void {
    const feed = (table: string, text: string, index: string): void => {
      const next = prepare(
        this.database,
        `SELECT row, ${text} AS text FROM ${table} WHERE row > ? ORDER BY row LIMIT 1000`,
      );
      const write = prepare(this.database, `INSERT OR REPLACE INTO ${index} (rowid, terms) VALUES (?, ?)`);
      for (let last = 0, more = true; more;) {
        const rows = next.all(last) as { row: number; text: string }[];
        for (const { row, text: found } of rows) write.run((last = row), indexTerms(found));
        more = rows.length > 0;
      }
    };
    this.transaction(() => {
      feed('passages', 'title || char(10) || text', 'passage_search');
      feed('candidates', 'original', 'candidate_search');
    });
  }

  addDocument(document: { key: string; title: string; source: string }): string {
    return newRows.addDocument(this.database, document);
  }

  hasPassage(id: string): boolean {
    return prepare(this.database, 'SELECT 1 FROM passages WHERE id = ?').get(id) !== undefined;
  }

  /** For rows added in one transaction, which must `write` it at its end; dearer without. */
  batch(): NewBatch {
    return new NewBatch(this.database, this.history);
  }

  addPassage(passage: NewPassage, batch?: NewBatch): AddedPassage {
    return this.inBatch(batch, (own) => this.addPassageRow(newRows.passageRow(passage), passage.position, 0, own));
  }

  /** Adds a passage, of which so many different candidates follow in the batch. */
  addPassageRow(passage: PassageRow, position: number, candidates: number, batch: NewBatch): AddedPassage {
    return newRows.addPassage(this.database, batch, passage, position, candidates);
  }

  addReference(reference: NewReference): boolean {
    return this.addReferenceRow(newRows.referenceRow(reference));
  }

  addReferenceRow(reference: ReferenceRow): boolean {
    return newRows.addReference(this.database, reference);
  }

  addCandidate(candidate: NewCandidate): { id: string; added: boolean } {
    const [added] = this.addCandidates(candidate.passageId, [candidate]);
    return added ?? { id: '', added: false };
  }

  /** Adds candidates of one passage; cheaper than one by one. */
  addCandidates(passageId: string, candidates: readonly NewCandidate[]): { id: string; added: boolean }[] {
    return this.inBatch(undefined, (own) =>
      newRows.addCandidates(this.database, this.history, own, passageId, candidates),
    );
  }

  /** Adds a candidate, whose passage is in this language and may have counted it already. */
  addCandidateRow(candidate: CandidateRow, language: Language, counted: boolean, batch: NewBatch): boolean {
    return newRows.addCandidate(this.database, batch, language, candidate, counted);
  }

  hasImported(candidate: CandidateRow): boolean {
    return newRows.hasImported(this.database, candidate);
  }

  /** Error: 'not-found'. */
  languageOf(passageId: string): Language {
    return newRows.languageOf(this.database, passageId);
  }

  private inBatch<T>(batch: NewBatch | undefined, work: (batch: NewBatch) => T): T {
    if (batch) return work(batch);
    return this.transaction(() => {
      const own = this.batch();
      const result = work(own);
      own.write();
      return result;
    });
  }

  passage(id: string): Passage {
    const references = prepare(this.database, 'SELECT * FROM references_ WHERE passage_id = ? ORDER BY rowid').all(id);
    return toPassage(this.passageRecord(id), references as ReferenceRecord[]);
  }

  passageText(row: number): string {
    const text = prepare(this.database, 'SELECT text FROM passages WHERE row = ?').pluck().get(row);
    return (text as string | undefined) ?? '';
  }

  /** What finding copies of the passages takes, in reading order. */
  prints(): Iterable<StoredPrint> {
    return allPrints(this.database);
  }

  /** The row of the newest passage; 0 without any. */
  lastPassage(): number {
    return prepare(this.database, 'SELECT coalesce(max(row), 0) FROM passages').pluck().get() as number;
  }

  passageId(row: number): string {
    const id = prepare(this.database, 'SELECT id FROM passages WHERE row = ?').pluck().get(row);
    return (id as string | undefined) ?? '';
  }

  private passageRecord(id: string): PassageRecord {
    const record = prepare(this.database, `SELECT ${passageColumns} WHERE p.id = ?`).get(id) as
      PassageRecord | undefined;
    if (!record) throw new AsklabError('not-found', 'This passage is not in the project.', { id });
    return record;
  }

  candidates(passageId: string): Candidate[] {
    const records = prepare(this.database, `SELECT ${candidateColumns} WHERE c.passage_id = ? ORDER BY c.row`).all(
      passageId,
    );
    const names = this.names();
    return (records as CandidateRecord[]).map((record) => toCandidate(record, names));
  }

  candidate(id: string): Candidate {
    const record = prepare(this.database, `SELECT ${candidateColumns} WHERE c.id = ?`).get(id) as
      CandidateRecord | undefined;
    if (!record) throw new AsklabError('not-found', 'This question is not in the project.', { id });
    return toCandidate(record, this.names());
  }

  names(): Map<string, string> {
    return new Map(this.people().map((person) => [person.id, person.name]));
  }

  /** Ids that match, in reading order, read in chunks by key. */
  *passageIds(filter: PassageFilter): Iterable<string> {
    const idOf = prepare(this.database, 'SELECT id FROM passages WHERE row = ?').pluck();
    for (const row of this.passageRows(filter)) yield idOf.get(row) as string;
  }

  /** The rows of those. */
  *passageRows(filter: PassageFilter): Iterable<number> {
    const { from, row: key, where, parameters } = passageSelection(filter);
    const next = prepare(
      this.database,
      `SELECT p.row FROM ${from} WHERE ${where} AND ${key} > ? ORDER BY ${key} LIMIT 1000`,
    ).pluck();
    for (let last: number | undefined = 0; last !== undefined;) {
      const rows = next.all(...parameters, last) as number[];
      yield* rows;
      last = rows.at(-1);
    }
  }

  reviewedPassages(filter: StreamFilter): Iterable<Streamed> {
    return streamPassages(this.database, this.names(), filter);
  }

  /** A question of the same wording anywhere in the project, or null. */
  duplicateQuestion(question: string, language: Language, key = exactKey(question)): string | null {
    const row = prepare(this.database, 'SELECT id FROM candidates WHERE language = ? AND exact_key = ? LIMIT 1').get(
      language,
      key,
    );
    return (row as { id: string } | undefined)?.id ?? null;
  }

  /** The newest passages of a run with the first question of each. */
  latestQuestions(
    jobId: string,
    limit: number,
  ): { passageId: string; title: string; language: Language; question: string; count: number; score: number | null }[] {
    return prepare(
      this.database,
      `SELECT c.passage_id AS passageId, coalesce(nullif(p.title, ''), substr(p.text, 1, 80)) AS title, p.language AS language, c.original AS question, c.score AS score, count(*) AS count, min(c.row)
         FROM (SELECT * FROM candidates WHERE job_id = ? ORDER BY row DESC LIMIT 400) c JOIN passages p ON p.id = c.passage_id
         GROUP BY c.passage_id ORDER BY min(c.row) DESC LIMIT ?`,
    ).all(jobId, limit) as ReturnType<Project['latestQuestions']>;
  }

  setValue(key: string, value: string): void {
    prepare(this.database, 'INSERT OR REPLACE INTO project VALUES (?, ?)').run(key, value);
  }

  value(key: string): string | null {
    const row = prepare(this.database, 'SELECT value FROM project WHERE key = ?').get(key) as
      { value: string } | undefined;
    return row?.value ?? null;
  }
}
