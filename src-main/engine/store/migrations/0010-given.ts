import type { Migration } from '../migrate.ts';

/**
 * What a file says of a question beyond its wording and first answer, as JSON of `Given` (`store/given.ts`). And where in
 * the passage the sentence begins that a question without focus was written about: it follows when sentences change.
 */
export const given: Migration = {
  version: 10,
  name: 'given',
  sql: `
ALTER TABLE candidates ADD COLUMN anchor INTEGER;
ALTER TABLE candidates ADD COLUMN given TEXT;
ALTER TABLE references_ ADD COLUMN given TEXT;
UPDATE candidates SET anchor = (
    SELECT p.sentences ->> ('$[' || candidates.sentence || '].start') FROM passages p WHERE p.id = candidates.passage_id)
  WHERE sentence IS NOT NULL AND focus_start IS NULL;
`,
};
