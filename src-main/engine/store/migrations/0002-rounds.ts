import type { Migration } from '../migrate.ts';

/**
 * People's colours, and rounds: what a person is shown is in `shown`, what stays with the lead in `hidden`.
 * `round_states` and `round_items.status` are derived from events, as `states` is.
 */
export const rounds: Migration = {
  version: 2,
  name: 'rounds',
  sql: `
ALTER TABLE people ADD COLUMN colour TEXT NOT NULL DEFAULT '#1f5b8f';
CREATE TABLE rounds (
  id TEXT PRIMARY KEY, kind TEXT NOT NULL, name TEXT NOT NULL, overlap INTEGER NOT NULL, shown TEXT NOT NULL, hidden TEXT NOT NULL,
  created_at INTEGER NOT NULL, closed_at INTEGER
) STRICT;
CREATE TABLE guidelines (
  round_id TEXT NOT NULL REFERENCES rounds(id), language TEXT NOT NULL, version INTEGER NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (round_id, language, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE round_items (
  row INTEGER PRIMARY KEY, round_id TEXT NOT NULL REFERENCES rounds(id), item TEXT NOT NULL, passage_id TEXT NOT NULL REFERENCES passages(id),
  shown TEXT NOT NULL, hidden TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'open', UNIQUE (round_id, item)
) STRICT;
CREATE INDEX round_items_status ON round_items (round_id, status);
CREATE INDEX round_items_item ON round_items (item);
CREATE INDEX round_items_passage ON round_items (passage_id, round_id);
CREATE TABLE assignments (
  round_id TEXT NOT NULL REFERENCES rounds(id), person TEXT NOT NULL, position INTEGER NOT NULL, item TEXT NOT NULL,
  PRIMARY KEY (round_id, person, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX assignments_item ON assignments (round_id, item, person);
CREATE TABLE round_states (
  round_id TEXT NOT NULL REFERENCES rounds(id), item TEXT NOT NULL, person TEXT NOT NULL, verdict TEXT, state TEXT NOT NULL,
  seconds REAL NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (round_id, item, person)
) STRICT, WITHOUT ROWID;
CREATE TABLE packages (
  id TEXT PRIMARY KEY, round_id TEXT NOT NULL REFERENCES rounds(id), person TEXT NOT NULL, items INTEGER NOT NULL, written_at INTEGER NOT NULL,
  returned_at INTEGER, returned_events INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX events_taken_back ON events (item) WHERE kind IN ('undo', 'redo');
CREATE INDEX states_returned ON states (state ->> '$.returned.to') WHERE state ->> '$.returned.to' IS NOT NULL;
`,
};
