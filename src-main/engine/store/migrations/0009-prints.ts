import type { Migration } from '../migrate.ts';

/**
 * What finding copies of a passage takes (`shared/text/fingerprint.ts`), in narrow rows: an import compares with the whole
 * project, and an export that splits by near copies with itself. A passage may lack its row: it is made when wanted. And
 * a passage that comes with its questions is open or done at once.
 */
export const prints: Migration = {
  version: 9,
  name: 'prints',
  sql: `
CREATE TABLE prints (
  passage INTEGER PRIMARY KEY REFERENCES passages(row) ON DELETE CASCADE, print BLOB NOT NULL
) STRICT;
CREATE TRIGGER passages_respoken AFTER UPDATE OF language ON passages WHEN old.language <> new.language BEGIN
  DELETE FROM prints WHERE passage = new.row;
END;
CREATE TRIGGER passages_added_asked AFTER INSERT ON passages WHEN new.candidates > 0 BEGIN
  UPDATE tallies SET n = n + 1 WHERE name = iif(new.undecided > 0, 'open', 'done');
END;
`,
};
