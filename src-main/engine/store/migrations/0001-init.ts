import type { Migration } from '../migrate.ts';

export const init: Migration = {
  version: 1,
  name: 'init',
  sql: `
CREATE TABLE project (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE people (id TEXT PRIMARY KEY, name TEXT NOT NULL UNIQUE, role TEXT NOT NULL) STRICT;
CREATE TABLE documents (id TEXT PRIMARY KEY, title TEXT NOT NULL, source TEXT NOT NULL, passages INTEGER NOT NULL DEFAULT 0) STRICT;
CREATE TABLE passages (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL REFERENCES documents(id),
  position INTEGER NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, language TEXT NOT NULL, sentences TEXT NOT NULL,
  words INTEGER NOT NULL, external_id TEXT,
  candidates INTEGER NOT NULL DEFAULT 0, undecided INTEGER NOT NULL DEFAULT 0, accepted INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX passages_document ON passages (document_id, row);
CREATE INDEX passages_language ON passages (language, row);
CREATE INDEX passages_words ON passages (words, row);
CREATE INDEX passages_undecided ON passages (undecided, row);
CREATE TABLE references_ (
  id TEXT PRIMARY KEY, passage_id TEXT NOT NULL REFERENCES passages(id), question TEXT NOT NULL,
  answer_start INTEGER, answer_end INTEGER, external_id TEXT
) STRICT;
CREATE INDEX references_passage ON references_ (passage_id);
CREATE TABLE candidates (
  row INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, passage_id TEXT NOT NULL REFERENCES passages(id),
  original TEXT NOT NULL, exact_key TEXT NOT NULL, language TEXT NOT NULL, focus_start INTEGER, focus_end INTEGER, sentence INTEGER,
  answer_start INTEGER, answer_end INTEGER, score REAL, signals TEXT NOT NULL, lineage TEXT NOT NULL,
  generator TEXT NOT NULL, job_id TEXT
) STRICT;
CREATE INDEX candidates_passage ON candidates (passage_id, row);
CREATE INDEX candidates_exact ON candidates (language, exact_key);
CREATE INDEX candidates_job ON candidates (job_id, row) WHERE job_id IS NOT NULL;
CREATE TABLE events (
  id TEXT PRIMARY KEY, clock TEXT NOT NULL, device TEXT NOT NULL, person TEXT NOT NULL, round TEXT NOT NULL,
  kind TEXT NOT NULL, item TEXT NOT NULL, group_id TEXT NOT NULL, payload TEXT NOT NULL, at INTEGER NOT NULL, seconds REAL NOT NULL
) STRICT;
CREATE INDEX events_item ON events (item, clock, id);
CREATE INDEX events_person ON events (person, clock, id);
CREATE INDEX events_group ON events (group_id);
CREATE TRIGGER events_no_update BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TRIGGER events_no_delete BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'history is append-only'); END;
CREATE TABLE states (
  candidate_id TEXT PRIMARY KEY REFERENCES candidates(id), status TEXT NOT NULL, state TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX states_status ON states (status);
CREATE TABLE filters (person TEXT NOT NULL, name TEXT NOT NULL, filter TEXT NOT NULL, PRIMARY KEY (person, name)) STRICT;
CREATE TABLE jobs (
  id TEXT PRIMARY KEY, started_at INTEGER NOT NULL, state TEXT NOT NULL, job TEXT NOT NULL
) STRICT;
CREATE TABLE job_items (
  job_id TEXT NOT NULL REFERENCES jobs(id), row INTEGER NOT NULL, passage_id TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (job_id, row)
) STRICT, WITHOUT ROWID;
CREATE INDEX job_items_state ON job_items (job_id, state, row);
CREATE TABLE job_problems (job_id TEXT NOT NULL, row INTEGER PRIMARY KEY, problem TEXT NOT NULL) STRICT;
CREATE VIRTUAL TABLE passage_search USING fts5(terms, content='', contentless_delete=1, tokenize='unicode61');
CREATE VIRTUAL TABLE candidate_search USING fts5(terms, content='', contentless_delete=1, tokenize='unicode61');
`,
};
