import type { Migration } from '../migrate.ts';

/**
 * Where each item of a round stands, in narrow rows beside `round_items`: a returned file changes thousands at once, and
 * a row there is hundreds of bytes. `first` is the verdict under check, null in a scoring round.
 */
export const itemStates: Migration = {
  version: 8,
  name: 'item-states',
  sql: `
CREATE TABLE item_states (
  row INTEGER PRIMARY KEY REFERENCES round_items(row) ON DELETE CASCADE, first TEXT, status TEXT NOT NULL
) STRICT;
INSERT INTO item_states SELECT row, hidden ->> '$.first.verdict', status FROM round_items;
DROP INDEX round_items_status;
ALTER TABLE round_items DROP COLUMN status;
CREATE TRIGGER round_items_added AFTER INSERT ON round_items BEGIN
  INSERT INTO item_states VALUES (new.row, new.hidden ->> '$.first.verdict', 'open');
END;
`,
};
