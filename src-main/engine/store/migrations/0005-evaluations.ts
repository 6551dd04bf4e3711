import type { Migration } from '../migrate.ts';

/**
 * Questions of automatic evaluation runs. System 0 is the run's own; its rows appear as they are made, so that a stopped
 * run goes on. The others, and all scores, are written when the run is scored.
 */
export const evaluations: Migration = {
  version: 5,
  name: 'evaluations',
  sql: `
CREATE TABLE evaluation_outputs (
  job_id TEXT NOT NULL REFERENCES jobs(id), system INTEGER NOT NULL, passage_id TEXT NOT NULL REFERENCES passages(id),
  language TEXT NOT NULL, output TEXT NOT NULL, candidates TEXT NOT NULL, scores TEXT NOT NULL DEFAULT '{}',
  PRIMARY KEY (job_id, language, system, passage_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE evaluation_tables (
  job_id TEXT NOT NULL REFERENCES jobs(id), language TEXT NOT NULL, result TEXT NOT NULL, PRIMARY KEY (job_id, language)
) STRICT, WITHOUT ROWID;
`,
};
