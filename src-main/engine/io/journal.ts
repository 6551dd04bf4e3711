import type { Project } from '../store/project.ts';
import { forgetQuestions } from './near-questions.ts';

const tables = ['passages', 'references_', 'candidates'] as const;
type Table = (typeof tables)[number];

/**
 * What one import added, as ranges of rows written in the transactions that add them: a transaction has the database to
 * itself, so new rows stand side by side. A cancelled import takes it all back, also after a restart.
 */
export class ImportJournal {
  private readonly project: Project;
  private readonly jobId: string;
  private row: number;
  private readonly before: { first: number; last: number }[] = []; // passages of runs that were stopped

  constructor(project: Project, jobId: string) {
    this.project = project;
    this.jobId = jobId;
    const last = project.database.prepare('SELECT coalesce(max(row), 0) FROM job_items WHERE job_id = ?').pluck();
    this.row = last.get(jobId) as number;
    for (const { table, first, last } of this.ranges()) {
      const open = this.before.at(-1);
      if (table !== 'passages') continue;
      // Nearly all stand side by side.
      if (open?.last === first - 1) open.last = last;
      else this.before.push({ first, last });
    }
  }

  /** Whether an earlier run of this import brought the passage in this row. */
  has(row: number): boolean {
    return this.before.some(({ first, last }) => first <= row && row <= last);
  }

  /** What all runs of this import have brought. */
  added(): { passages: number; references: number; candidates: number } {
    const ranges = this.ranges();
    const rows = (wanted: Table): number =>
      ranges.reduce((sum, { table, first, last }) => sum + (table === wanted ? last - first + 1 : 0), 0);
    return { passages: rows('passages'), references: rows('references_'), candidates: rows('candidates') };
  }

  private ranges(): { table: Table; first: number; last: number }[] {
    const sql = 'SELECT state, passage_id FROM job_items WHERE job_id = ? ORDER BY row';
    const entries = this.project.database.prepare(sql).raw().all(this.jobId) as [table: Table, range: string][];
    return entries.map(([table, range]) => {
      const [first = 0, last = 0] = range.split(' ').map(Number);
      return { table, first, last };
    });
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

  /**
   * Takes back what was added, newest first, a transaction of the import at a time with a `pause` between. Returns whether
   * there was anything.
   */
  async undo(pause: () => Promise<void>): Promise<boolean> {
    const next = this.project.database.prepare(
      'SELECT row, state AS "table", passage_id AS range FROM job_items WHERE job_id = ? ORDER BY row DESC LIMIT 3',
    );
    const done = this.project.database.prepare('DELETE FROM job_items WHERE job_id = ? AND row = ?');
    for (let any = false; ; any = true) {
      const entries = next.all(this.jobId) as { row: number; table: Table; range: string }[];
      if (entries.length === 0) {
        if (any) forgetQuestions(this.project);
        return any;
      }
      this.project.transaction(() => {
        for (const { row, table, range } of entries) {
          const [first = 0, last = 0] = range.split(' ').map(Number);
          for (const step of removals[table]) this.project.database.prepare(step).run({ first, last });
          done.run(this.jobId, row);
          if (table === 'passages') break; // the oldest of its transaction
        }
      });
      await pause();
    }
  }
}

// What a person or another job has built on since stays.
const candidates =
  'candidates WHERE row BETWEEN $first AND $last AND NOT EXISTS (SELECT 1 FROM events e WHERE e.item = candidates.id)';
const passages = `passages WHERE row BETWEEN $first AND $last AND NOT EXISTS (SELECT 1 FROM candidates c WHERE c.passage_id = passages.id)
  AND NOT EXISTS (SELECT 1 FROM references_ r WHERE r.passage_id = passages.id)
  AND NOT EXISTS (SELECT 1 FROM set_members m WHERE m.passage = passages.row)`;

const removals: Record<Table, readonly string[]> = {
  references_: ['DELETE FROM references_ WHERE rowid BETWEEN $first AND $last'],
  candidates: [
    `DELETE FROM candidate_search WHERE rowid IN (SELECT row FROM ${candidates})`,
    `UPDATE passages SET candidates = candidates - gone.n, undecided = undecided - gone.open, accepted = accepted - gone.kept
     FROM (SELECT passage_id, count(*) AS n, count(*) FILTER (WHERE status = 'undecided') AS open,
         count(*) FILTER (WHERE status IN ('accepted', 'edited')) AS kept
       FROM (SELECT id, passage_id FROM ${candidates}) JOIN states ON candidate_id = id GROUP BY passage_id) AS gone
     WHERE passages.id = gone.passage_id`,
    `DELETE FROM states WHERE candidate_id IN (SELECT id FROM ${candidates})`,
    `DELETE FROM ${candidates}`,
  ],
  passages: [
    `DELETE FROM passage_search WHERE rowid IN (SELECT row FROM ${passages})`,
    `UPDATE documents SET passages = documents.passages - gone.n
     FROM (SELECT document_id, count(*) AS n FROM ${passages} GROUP BY document_id) AS gone WHERE documents.id = gone.document_id`,
    `DELETE FROM ${passages}`,
    'DELETE FROM documents WHERE passages = 0',
  ],
};
