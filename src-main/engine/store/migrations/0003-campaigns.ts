import type { Migration } from '../migrate.ts';

/** What each system of a scoring campaign wrote; the campaign itself is a round. */
export const campaigns: Migration = {
  version: 3,
  name: 'campaigns',
  sql: `
CREATE TABLE campaign_outputs (
  round_id TEXT NOT NULL REFERENCES rounds(id), system TEXT NOT NULL, passage_id TEXT NOT NULL REFERENCES passages(id),
  question TEXT NOT NULL, PRIMARY KEY (round_id, system, passage_id)
) STRICT, WITHOUT ROWID;
`,
};
