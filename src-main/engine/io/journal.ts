import type { Project } from '../store/project.ts';

type Kind = 'passage' | 'reference' | 'candidate';

/**
 * What one import added, written in the transactions that add it. A cancelled import takes it all back, also after a
 * restart; what a person or another job has built on since stays.
 */
export class ImportJournal {
  private readonly project: Project;
  private readonly jobId: string;
  private row: number;

  constructor(project: Project, jobId: string) {
    this.project = project;
    this.jobId = jobId;
    this.row = project.database
      .prepare('SELECT coalesce(max(row), 0) FROM job_items WHERE job_id = ?')
      .pluck()
      .get(jobId) as number;
  }

  add(kind: Kind, id: string): void {
    this.project.database
      .prepare('INSERT INTO job_items (job_id, row, passage_id, state) VALUES (?, ?, ?, ?)')
      .run(this.jobId, (this.row += 1), id, kind);
  }

  undo(): void {
    const { database } = this.project;
    const added = (kind: Kind): string =>
      `(SELECT passage_id FROM job_items WHERE job_id = $job AND state = '${kind}')`;
    const candidates = `candidates WHERE id IN ${added('candidate')} AND id NOT IN (SELECT item FROM events)`;
    const passages = `passages WHERE id IN ${added('passage')} AND NOT EXISTS (SELECT 1 FROM candidates c WHERE c.passage_id = passages.id)
      AND NOT EXISTS (SELECT 1 FROM references_ r WHERE r.passage_id = passages.id)`;
    const steps = [
      `DELETE FROM references_ WHERE id IN ${added('reference')}`,
      `DELETE FROM candidate_search WHERE rowid IN (SELECT row FROM ${candidates})`,
      `DELETE FROM states WHERE candidate_id IN (SELECT id FROM ${candidates})`,
      `DELETE FROM ${candidates}`,
      `DELETE FROM passage_search WHERE rowid IN (SELECT row FROM ${passages})`,
      `DELETE FROM ${passages}`,
      `UPDATE passages SET (candidates, undecided, accepted) = (
         SELECT count(*), count(*) FILTER (WHERE s.status = 'undecided'), count(*) FILTER (WHERE s.status IN ('accepted', 'edited'))
         FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE c.passage_id = passages.id)
       WHERE $job = $job`,
      'UPDATE documents SET passages = (SELECT count(*) FROM passages p WHERE p.document_id = documents.id) WHERE $job = $job',
      'DELETE FROM documents WHERE passages = 0 AND $job = $job',
      'DELETE FROM job_items WHERE job_id = $job',
    ];
    this.project.transaction(() => {
      for (const step of steps) database.prepare(step).run({ job: this.jobId });
    });
  }
}
