import type { Migration } from '../migrate.ts';

/**
 * What a list of a million needs: counts kept by triggers instead of counted, and the passages of each state in reading
 * order. `tallies` holds a number for each status of a candidate, and for passages: all, open (some undecided), done.
 */
export const browse: Migration = {
  version: 4,
  name: 'browse',
  sql: `
CREATE INDEX passages_open ON passages (row) WHERE undecided > 0;
CREATE INDEX passages_asked ON passages (row) WHERE candidates > 0;
CREATE INDEX passages_unasked ON passages (row) WHERE candidates = 0;
CREATE INDEX passages_done ON passages (row) WHERE candidates > 0 AND undecided = 0;
DROP INDEX events_person;
CREATE INDEX events_person ON events (person, clock, id, group_id, kind, round);
CREATE TABLE tallies (name TEXT PRIMARY KEY, n INTEGER NOT NULL) STRICT, WITHOUT ROWID;
INSERT INTO tallies SELECT status, count(*) FROM states GROUP BY status;
INSERT INTO tallies SELECT 'passages', count(*) FROM passages;
INSERT INTO tallies SELECT 'open', count(*) FROM passages WHERE undecided > 0;
INSERT INTO tallies SELECT 'done', count(*) FROM passages WHERE candidates > 0 AND undecided = 0;
CREATE TRIGGER states_added AFTER INSERT ON states BEGIN
  INSERT INTO tallies VALUES (new.status, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER states_changed AFTER UPDATE OF status ON states WHEN old.status <> new.status BEGIN
  UPDATE tallies SET n = n - 1 WHERE name = old.status;
  INSERT INTO tallies VALUES (new.status, 1) ON CONFLICT (name) DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER states_removed AFTER DELETE ON states BEGIN
  UPDATE tallies SET n = n - 1 WHERE name = old.status;
END;
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
  UPDATE tallies SET n = n + 1 WHERE name = 'passages';
END;
CREATE TRIGGER passages_changed AFTER UPDATE OF candidates, undecided ON passages
WHEN (old.undecided > 0) <> (new.undecided > 0)
  OR (old.candidates > 0 AND old.undecided = 0) <> (new.candidates > 0 AND new.undecided = 0) BEGIN
  UPDATE tallies SET n = n + (new.undecided > 0) - (old.undecided > 0) WHERE name = 'open';
  UPDATE tallies SET n = n + (new.candidates > 0 AND new.undecided = 0) - (old.candidates > 0 AND old.undecided = 0) WHERE name = 'done';
END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
  UPDATE tallies SET n = n - 1 WHERE name = 'passages';
  UPDATE tallies SET n = n - (old.undecided > 0) WHERE name = 'open';
  UPDATE tallies SET n = n - (old.candidates > 0 AND old.undecided = 0) WHERE name = 'done';
END;
`,
};

/** SQL: counts everything anew, for a file whose rows came in another way. */
export const recountTallies = `
DELETE FROM tallies;
${browse.sql
  .split('\n')
  .filter((line) => line.startsWith('INSERT INTO tallies SELECT'))
  .join('\n')}
`;
