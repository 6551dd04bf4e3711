import type Database from 'better-sqlite3';
import type { Job, Problem } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { uuidV7 } from './ids.ts';
import { prepare } from './statements.ts';

/** Jobs, their items and their problems. An interrupted job is found "stopped" at the next open, never done. */
export class JobStore {
  private readonly database: Database.Database;

  constructor(database: Database.Database, readOnly: boolean) {
    this.database = database;
    if (readOnly) return;
    for (const job of this.list()) {
      if (job.state === 'running' || job.state === 'queued' || job.state === 'paused')
        this.update(job.id, { state: 'stopped', rate: null, secondsLeft: null });
    }
  }

  create(fields: Pick<Job, 'kind' | 'title' | 'total' | 'settings'>): Job {
    const job: Job = {
      ...fields,
      id: uuidV7(),
      state: 'queued',
      done: 0,
      rate: null,
      secondsLeft: null,
      provider: null,
      problems: 0,
      message: null,
      startedAt: Date.now(),
      endedAt: null,
      result: null,
    };
    prepare(this.database, 'INSERT INTO jobs VALUES (?, ?, ?, ?)').run(
      job.id,
      job.startedAt,
      job.state,
      JSON.stringify(job),
    );
    return job;
  }

  update(id: string, change: Partial<Job>): Job {
    const job = { ...this.get(id), ...change };
    prepare(this.database, 'UPDATE jobs SET state = ?, job = ? WHERE id = ?').run(job.state, JSON.stringify(job), id);
    return job;
  }

  get(id: string): Job {
    const row = prepare(this.database, 'SELECT job FROM jobs WHERE id = ?').get(id) as { job: string } | undefined;
    if (!row) throw new AsklabError('not-found', 'This job is not in the project.', { id });
    return JSON.parse(row.job) as Job;
  }

  list(): Job[] {
    const rows = prepare(this.database, 'SELECT job FROM jobs ORDER BY started_at DESC').all() as { job: string }[];
    return rows.map((row) => JSON.parse(row.job) as Job);
  }

  addItems(id: string, passageIds: Iterable<string>): void {
    const insert = prepare(this.database, "INSERT INTO job_items VALUES (?, ?, ?, 'open')");
    this.database.transaction(() => {
      let row = 0;
      for (const passageId of passageIds) insert.run(id, ++row, passageId);
      this.update(id, { total: row });
    })();
  }

  pendingItems(id: string, limit: number): string[] {
    const rows = prepare(
      this.database,
      "SELECT passage_id FROM job_items WHERE job_id = ? AND state = 'open' ORDER BY row LIMIT ?",
    ).all(id, limit) as { passage_id: string }[];
    return rows.map((row) => row.passage_id);
  }

  /** Items that are no longer open. */
  finished(id: string): number {
    const sql = "SELECT count(*) FROM job_items WHERE job_id = ? AND state <> 'open'";
    return prepare(this.database, sql).pluck().get(id) as number;
  }

  /** Questions the job has added, over all its runs. */
  questions(id: string): number {
    return prepare(this.database, 'SELECT count(*) FROM candidates WHERE job_id = ?').pluck().get(id) as number;
  }

  finishItem(id: string, passageId: string, state: 'done' | 'failed' | 'crashed'): void {
    prepare(this.database, 'UPDATE job_items SET state = ? WHERE job_id = ? AND passage_id = ?').run(
      state,
      id,
      passageId,
    );
  }

  /** Opens what failed again and forgets why it did. Returns how many items there are to do. */
  reopen(id: string): number {
    return this.database.transaction(() => {
      const sql = "UPDATE job_items SET state = 'open' WHERE job_id = ? AND state IN ('failed', 'crashed')";
      const { changes } = prepare(this.database, sql).run(id);
      prepare(this.database, 'DELETE FROM job_problems WHERE job_id = ?').run(id);
      this.update(id, { problems: 0, done: this.finished(id) });
      return changes;
    })();
  }

  addProblem(id: string, problem: Problem): void {
    prepare(this.database, 'INSERT INTO job_problems (job_id, problem) VALUES (?, ?)').run(id, JSON.stringify(problem));
    this.update(id, { problems: this.get(id).problems + 1 });
  }

  problems(id: string, limit: number): Problem[] {
    const rows = prepare(this.database, 'SELECT problem FROM job_problems WHERE job_id = ? ORDER BY row LIMIT ?').all(
      id,
      limit,
    ) as {
      problem: string;
    }[];
    return rows.map((row) => JSON.parse(row.problem) as Problem);
  }
}
