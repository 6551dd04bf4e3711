import type Database from 'better-sqlite3';
import { scoreTable, type ScoreTable } from '../../shared/contract/evaluation.ts';
import { inOrder, type Language } from '../../shared/text/language.ts';
import { prepare } from '../store/statements.ts';

/** One system's question for one passage. `scores` are 0 to 100 by metric. */
export type StoredOutput = {
  passageId: string;
  output: string;
  candidates: string[];
  scores: Record<string, number>;
};

type OutputRow = { passage_id: string; output: string; candidates: string; scores: string };

/** The stored questions and tables of evaluation runs. */
export class EvaluationStore {
  private readonly database: Database.Database;

  constructor(database: Database.Database) {
    this.database = database;
  }

  add(jobId: string, language: Language, { passageId, output, candidates }: Omit<StoredOutput, 'scores'>): void {
    prepare(
      this.database,
      'INSERT OR REPLACE INTO evaluation_outputs (job_id, system, passage_id, language, output, candidates) VALUES (?, 0, ?, ?, ?, ?)',
    ).run(jobId, passageId, language, output, JSON.stringify(candidates));
  }

  languages(jobId: string): Language[] {
    const found = prepare(this.database, 'SELECT DISTINCT language FROM evaluation_outputs WHERE job_id = ?')
      .pluck()
      .all(jobId) as Language[];
    return found.sort(inOrder);
  }

  outputs(jobId: string, language: Language, system: number): StoredOutput[] {
    const rows = prepare(
      this.database,
      `SELECT passage_id, output, candidates, scores FROM evaluation_outputs WHERE job_id = ? AND language = ? AND system = ? ORDER BY passage_id`,
    ).all(jobId, language, system) as OutputRow[];
    return rows.map((row) => ({
      passageId: row.passage_id,
      output: row.output,
      candidates: JSON.parse(row.candidates) as string[],
      scores: JSON.parse(row.scores) as Record<string, number>,
    }));
  }

  /** Writes a scored table with the scores of every item of every system, all or nothing. */
  finish(jobId: string, table: ScoreTable, systems: readonly (readonly StoredOutput[])[]): void {
    const insert = prepare(this.database, 'INSERT OR REPLACE INTO evaluation_outputs VALUES (?, ?, ?, ?, ?, ?, ?)');
    this.database.transaction(() => {
      systems.forEach((outputs, system) => {
        for (const { passageId, output, candidates, scores } of outputs)
          insert.run(
            jobId,
            system,
            passageId,
            table.language,
            output,
            JSON.stringify(candidates),
            JSON.stringify(scores),
          );
      });
      prepare(this.database, 'INSERT OR REPLACE INTO evaluation_tables VALUES (?, ?, ?)').run(
        jobId,
        table.language,
        JSON.stringify(table),
      );
    })();
  }

  tables(jobId: string): ScoreTable[] {
    const rows = prepare(this.database, 'SELECT result FROM evaluation_tables WHERE job_id = ?')
      .pluck()
      .all(jobId) as string[];
    return rows
      .map((row) => scoreTable.parse(JSON.parse(row))) // what an earlier version did not count is 0
      .sort((left, right) => inOrder(left.language, right.language));
  }

  /** Passages that match and came with reference questions. */
  withReferences(ids: Iterable<string>): string[] {
    const known = prepare(this.database, 'SELECT 1 FROM references_ WHERE passage_id = ? LIMIT 1').pluck();
    const found: string[] = [];
    for (const id of ids) if (known.get(id) !== undefined) found.push(id);
    return found;
  }
}
