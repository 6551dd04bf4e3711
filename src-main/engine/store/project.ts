import { basename } from 'node:path';
import type Database from 'better-sqlite3';
import type {
  Candidate,
  CandidateSignals,
  Counts,
  Language,
  Lineage,
  Passage,
  Person,
  ProjectInfo,
  Span,
  Status,
} from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { exactKey } from '../../shared/text/fingerprint.ts';
import { indexTerms } from '../../shared/text/search.ts';
import { History } from './history.ts';
import { contentId, uuidV7 } from './ids.ts';
import { JobStore } from './job-store.ts';
import { addPerson } from './people.ts';
import { RoundStore } from './round-store.ts';
import { prepare } from './statements.ts';
import { createDatabase, openDatabase } from './open.ts';
import { passageCondition } from './filter.ts';
import {
  candidateColumns,
  passageColumns,
  toCandidate,
  toPassage,
  type CandidateRecord,
  type PassageRecord,
  type ReferenceRecord,
} from './rows.ts';
import type { PassageFilter } from '../../shared/contract/types.ts';

export interface NewPassage {
  id?: string; // the content's own, unless a package gives one
  documentId: string;
  position: number;
  text: string;
  title: string;
  language: Language;
  sentences: readonly Span[];
  words: number;
  externalId: string | null;
}

export interface NewCandidate {
  passageId: string;
  original: string;
  focus: Span | null;
  sentence: number | null;
  answer: Span | null;
  score: number | null;
  signals: CandidateSignals;
  lineage: Lineage;
  asideReasons: readonly string[];
}

/** The person under whose id rules write; never a decision. */
export const rulePerson = 'rule';

/** One open `.asklab` file: one connection, synchronous, owned by the engine. */
export class Project {
  readonly path: string;
  readonly readOnly: boolean;
  readonly database: Database.Database;
  readonly history: History;
  readonly jobs: JobStore;
  readonly rounds: RoundStore;

  private constructor(path: string, database: Database.Database, readOnly: boolean) {
    this.path = path;
    this.readOnly = readOnly;
    this.database = database;
    this.history = new History(database, this.value('device') ?? 'unknown');
    this.jobs = new JobStore(database, readOnly);
    this.rounds = new RoundStore(database);
  }

  static create(path: string, { name, person }: { name: string; person: string }): Project {
    const database = createDatabase(path);
    const set = database.prepare('INSERT INTO project VALUES (?, ?)');
    database.transaction(() => {
      set.run('id', uuidV7());
      set.run('name', name);
      set.run('device', uuidV7().slice(-12));
      set.run('person', addPerson(database, { name: person, role: 'lead' }));
    })();
    return new Project(path, database, false);
  }

  static open(path: string): Project {
    const { database, readOnly } = openDatabase(path);
    return new Project(path, database, readOnly);
  }

  close(): void {
    if (!this.readOnly) {
      this.database.pragma('optimize');
      this.database.pragma('journal_mode = DELETE'); // A file at rest is one file, readable from read-only media too.
    }
    this.database.close();
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
    const status = prepare(this.database, 'SELECT status, count(*) AS n FROM states GROUP BY status').all() as {
      status: Status;
      n: number;
    }[];
    const of = (name: Status): number => status.find((row) => row.status === name)?.n ?? 0;
    const passages = prepare(
      this.database,
      `SELECT count(*) AS passages, count(*) FILTER (WHERE undecided > 0) AS open,
         count(*) FILTER (WHERE candidates > 0 AND undecided = 0) AS reviewed, (SELECT count(*) FROM documents) AS documents FROM passages`,
    ).get() as { passages: number; open: number; reviewed: number; documents: number };
    return {
      documents: passages.documents,
      passages: passages.passages,
      candidates: status.reduce((sum, row) => sum + row.n, 0),
      undecided: of('undecided'),
      accepted: of('accepted'),
      edited: of('edited'),
      rejected: of('rejected'),
      aside: of('aside'),
      passagesToReview: passages.open,
      passagesReviewed: passages.reviewed,
    };
  }

  /** Feeds the search index again from the stored texts. */
  rebuildSearch(): void {
    const passages = prepare(this.database, 'SELECT row, title, text FROM passages').all() as {
      row: number;
      title: string;
      text: string;
    }[];
    const candidates = prepare(this.database, 'SELECT row, original FROM candidates').all() as {
      row: number;
      original: string;
    }[];
    const passage = prepare(this.database, 'INSERT OR REPLACE INTO passage_search (rowid, terms) VALUES (?, ?)');
    const candidate = prepare(this.database, 'INSERT OR REPLACE INTO candidate_search (rowid, terms) VALUES (?, ?)');
    this.transaction(() => {
      for (const { row, title, text } of passages) passage.run(row, indexTerms(`${title}\n${text}`));
      for (const { row, original } of candidates) candidate.run(row, indexTerms(original));
    });
  }

  /** The same key and title are the same document on every machine. */
  addDocument({ key, title, source }: { key: string; title: string; source: string }): string {
    const id = contentId('document', key, title);
    prepare(
      this.database,
      'INSERT INTO documents (id, title, source) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING',
    ).run(id, title, source);
    return id;
  }

  addPassage(passage: NewPassage): { id: string; added: boolean } {
    const id = passage.id ?? contentId('passage', passage.documentId, passage.text);
    const result = prepare(
      this.database,
      `INSERT INTO passages (id, document_id, position, title, text, language, sentences, words, external_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    ).run(
      id,
      passage.documentId,
      passage.position,
      passage.title,
      passage.text,
      passage.language,
      JSON.stringify(passage.sentences),
      passage.words,
      passage.externalId,
    );
    if (result.changes === 0) return { id, added: false };
    prepare(this.database, 'INSERT INTO passage_search (rowid, terms) VALUES (?, ?)').run(
      result.lastInsertRowid,
      indexTerms(`${passage.title}\n${passage.text}`),
    );
    prepare(this.database, 'UPDATE documents SET passages = passages + 1 WHERE id = ?').run(passage.documentId);
    return { id, added: true };
  }

  addReference(reference: {
    passageId: string;
    question: string;
    answer: Span | null;
    externalId: string | null;
  }): boolean {
    const { passageId, question, answer, externalId } = reference;
    const id = contentId('reference', passageId, question, externalId ?? '');
    const result = prepare(
      this.database,
      'INSERT INTO references_ VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    ).run(id, passageId, question, answer?.start ?? null, answer?.end ?? null, externalId);
    return result.changes > 0;
  }

  /** Adds a candidate; the same wording by the same generator and job is the same row. */
  addCandidate(candidate: NewCandidate): { id: string; added: boolean } {
    const { passageId, original, focus, answer, lineage } = candidate;
    const id = contentId('candidate', passageId, original, lineage.generator, lineage.jobId ?? '');
    const { language } = this.passageRecord(passageId);
    const result = prepare(
      this.database,
      `INSERT INTO candidates (id, passage_id, original, exact_key, language, focus_start, focus_end, sentence, answer_start, answer_end,
           score, signals, lineage, generator, job_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
    ).run(
      id,
      passageId,
      original,
      exactKey(original),
      language,
      focus?.start ?? null,
      focus?.end ?? null,
      candidate.sentence,
      answer?.start ?? null,
      answer?.end ?? null,
      candidate.score,
      JSON.stringify(candidate.signals),
      JSON.stringify(lineage),
      lineage.generator,
      lineage.jobId,
    );
    if (result.changes === 0) return { id, added: false };
    prepare(this.database, 'INSERT INTO candidate_search (rowid, terms) VALUES (?, ?)').run(
      result.lastInsertRowid,
      indexTerms(original),
    );
    if (candidate.asideReasons.length === 0) this.history.refresh([id]);
    else this.history.append(rulePerson, [{ kind: 'aside', item: id, payload: { reasons: candidate.asideReasons } }]);
    return { id, added: true };
  }

  passage(id: string): Passage {
    const references = prepare(this.database, 'SELECT * FROM references_ WHERE passage_id = ? ORDER BY rowid').all(id);
    return toPassage(this.passageRecord(id), references as ReferenceRecord[]);
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
    const { sql, parameters } = passageCondition(filter);
    const next = prepare(
      this.database,
      `SELECT p.row, p.id FROM passages p WHERE p.row > ? AND ${sql} ORDER BY p.row LIMIT 1000`,
    );
    for (let last = 0; ;) {
      const rows = next.all(last, ...parameters) as { row: number; id: string }[];
      for (const row of rows) yield row.id;
      const end = rows.at(-1);
      if (!end) return;
      last = end.row;
    }
  }

  /** Passages with their candidates of these statuses, in reading order; streams by key. */
  *reviewedPassages(filter: {
    statuses: readonly Status[];
    languages?: readonly Language[] | undefined;
    withReferences: boolean;
  }): Iterable<{ passage: Passage; candidates: Candidate[] }> {
    const languages = filter.languages ? { languages: [...filter.languages] } : {};
    for (const id of this.passageIds(languages)) {
      const passage = this.passage(id);
      if (passage.candidates === 0 && (!filter.withReferences || passage.references.length === 0)) continue;
      const candidates = this.candidates(id).filter((candidate) => filter.statuses.includes(candidate.status));
      if (candidates.length > 0 || (filter.withReferences && passage.references.length > 0))
        yield { passage, candidates };
    }
  }

  /** A question of the same wording anywhere in the project, or null. */
  duplicateQuestion(question: string, language: Language): string | null {
    const row = prepare(this.database, 'SELECT id FROM candidates WHERE language = ? AND exact_key = ? LIMIT 1').get(
      language,
      exactKey(question),
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
      `SELECT c.passage_id AS passageId, p.title AS title, p.language AS language, c.original AS question, c.score AS score, count(*) AS count, min(c.row)
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
