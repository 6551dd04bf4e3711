import type { Project } from '../store/project.ts';

const tables = ['passages', 'references_', 'candidates'] as const;
type Table = (typeof tables)[number];

/**
 * What one import added, as ranges of rows written in the transactions that add them: a transaction has the database to
 * itself, so new rows stand side by side. A cancelled import takes it all back, also after a restart; what a person or
 * another job has built on since stays.
 */
export class ImportJournal {
  private readonly project: Project;
  private readonly jobId: string;
  private row: number;

  constructor(project: Project, jobId: string) {
    this.project = project;
    this.jobId = jobId;
    const last = project.database.prepare('SELECT coalesce(max(row), 0) FROM job_items WHERE job_id = ?').pluck();
    this.row = last.get(jobId) as number;
  }

  /** Runs `work` in a transaction and notes the rows it adds. */
  record(work: () => void): void {
    this.project.transaction(() => {
      const before = tables.map((table) => this.lastRow(table));
      work();
      for (const [index, table] of tables.entries()) {
        const first = (before[index] ?? 0) + 1;
        const last = this.lastRow(table);
        if (last >= first) this.note(table, `${first} ${last}`);
      }
    });
  }

  private lastRow(table: Table): number {
    return this.project.database.prepare(`SELECT coalesce(max(rowid), 0) FROM ${table}`).pluck().get() as number;
  }

  private note(table: Table, range: string): void {
    this.project.database
      .prepare('INSERT INTO job_items (job_id, row, passage_id, state) VALUES (?, ?, ?, ?)')
      .run(this.jobId, (this.row += 1), range, table);
  }

  /** The import is whole: there is nothing to take back any more. */
  forget(): void {
    this.project.database.prepare('DELETE FROM job_items WHERE job_id = ?').run(this.jobId);
  }

  undo(): void {
    const { database } = this.project;
    const ranges = database
      .prepare('SELECT state, passage_id AS range FROM job_items WHERE job_id = ?')
      .all(this.jobId) as { state: Table; range: string }[];
    this.project.transaction(() => {
      for (const table of ['references_', 'candidates', 'passages'] as const)
        for (const { range } of ranges.filter((entry) => entry.state === table)) {
          const [first = 0, last = 0] = range.split(' ').map(Number);
          for (const step of removals[table]) database.prepare(step).run({ first, last });
        }
      for (const step of recounts) database.prepare(step).run();
      this.forget();
    });
  }
}

const candidates =
  'candidates WHERE row BETWEEN $first AND $last AND NOT EXISTS (SELECT 1 FROM events e WHERE e.item = candidates.id)';
const passages = `passages WHERE row BETWEEN $first AND $last AND NOT EXISTS (SELECT 1 FROM candidates c WHERE c.passage_id = passages.id)
  AND NOT EXISTS (SELECT 1 FROM references_ r WHERE r.passage_id = passages.id)`;

const removals: Record<Table, readonly string[]> = {
  references_: ['DELETE FROM references_ WHERE rowid BETWEEN $first AND $last'],
  candidates: [
    `DELETE FROM candidate_search WHERE rowid IN (SELECT row FROM ${candidates})`,
    `DELETE FROM states WHERE candidate_id IN (SELECT id FROM ${candidates})`,
    `DELETE FROM ${candidates}`,
  ],
  passages: [`DELETE FROM passage_search WHERE rowid IN (SELECT row FROM ${passages})`, `DELETE FROM ${passages}`],
};

const recounts = [
  `UPDATE passages SET (candidates, undecided, accepted) = (
     SELECT count(*), count(*) FILTER (WHERE s.status = 'undecided'), count(*) FILTER (WHERE s.status IN ('accepted', 'edited'))
     FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE c.passage_id = passages.id)`,
  'UPDATE documents SET passages = (SELECT count(*) FROM passages p WHERE p.document_id = documents.id)',
  'DELETE FROM documents WHERE passages = 0',
];
