import type { Migration } from '../migrate.ts';

/**
 * Sets of passages by name, each with how it was chosen (`shared/contract/sets.ts`). A member keeps how many passages its
 * cluster has, itself among them, and the rows of those left out that are most like it, as JSON.
 */
export const sets: Migration = {
  version: 11,
  name: 'sets',
  sql: `
CREATE TABLE sets (
  number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, job_id TEXT NOT NULL, evidence TEXT NOT NULL
) STRICT;
CREATE TABLE set_members (
  set_number INTEGER NOT NULL REFERENCES sets(number) ON DELETE CASCADE,
  passage INTEGER NOT NULL REFERENCES passages(row), cluster INTEGER NOT NULL, near TEXT NOT NULL,
  PRIMARY KEY (set_number, passage)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_members_passage ON set_members (passage);
`,
};
