import type { Migration } from '../migrate.ts';
import { addNames, bitWhen, facetBit, namesOfState, refill, somethingSaid, told } from './0006-facets.ts';

/** What `facets` holds since this version: the bits with one for a near copy, names, log-probability and length. */
const columns = (status: string, state: string): string =>
  [
    `${bitWhen("c.signals ->> 'nearOf' IS NOT NULL", 'near')} + ${told(status, state)}`,
    'iif(c.score IS NULL, 1, min(0, CAST(round(c.score * 100) AS INTEGER)))',
    "coalesce(c.signals ->> 'length', 0)",
  ].join(',\n    ');

/** SQL: makes the facets anew from candidates and states. */
export const refillFacets = refill(columns('s.status', 's.state'));

/**
 * Filters and orders by log-probability and by length, in narrow rows too: hundredths of a log-probability per token, 1
 * where there is none, so that such questions come last; what somebody said something of has narrow rows apart, since it
 * may be little or nothing of a million. And what finding near copies of a question takes
 * (`store/near-questions.ts`); a question may lack its row: it is made when wanted.
 */
export const signals: Migration = {
  version: 12,
  name: 'signals',
  sql: `
CREATE TABLE question_prints (
  candidate INTEGER PRIMARY KEY REFERENCES candidates(row) ON DELETE CASCADE, print BLOB NOT NULL
) STRICT;
CREATE TRIGGER candidates_respoken AFTER UPDATE OF language ON candidates WHEN old.language <> new.language BEGIN
  DELETE FROM question_prints WHERE candidate = new.row;
END;
DROP TRIGGER facets_added;
DROP TRIGGER facets_changed;
DROP INDEX facets_candidate;
ALTER TABLE facets ADD COLUMN score INTEGER;
ALTER TABLE facets ADD COLUMN length INTEGER;
${refillFacets}
CREATE INDEX facets_candidate ON facets (candidate, bits, generator, type, person, score, length);
CREATE INDEX facets_score ON facets (score, passage, candidate, bits, generator, type, person, length);
CREATE INDEX facets_said ON facets (passage, candidate, bits, generator, type, person, score, length) WHERE ${somethingSaid('bits')};
CREATE INDEX facets_length ON facets (length, passage, candidate, bits, generator, type, person, score);
CREATE TRIGGER facets_added AFTER INSERT ON states BEGIN
  ${addNames(`SELECT generator AS name FROM candidates WHERE id = new.candidate_id UNION ALL ${namesOfState}`)}
  INSERT INTO facets SELECT p.row, c.row, ${columns('new.status', 'new.state')}
    FROM candidates c CROSS JOIN passages p ON p.id = c.passage_id WHERE c.id = new.candidate_id;
END;
CREATE TRIGGER facets_changed AFTER UPDATE ON states WHEN old.status <> new.status OR old.state <> new.state BEGIN
  ${addNames(namesOfState)}
  UPDATE facets SET (bits, generator, type, person, score, length) = (
    SELECT ${columns('new.status', 'new.state')} FROM candidates c WHERE c.id = new.candidate_id)
    WHERE candidate = (SELECT row FROM candidates WHERE id = new.candidate_id);
END;
CREATE TRIGGER facets_near AFTER UPDATE OF signals ON candidates
WHEN (old.signals ->> 'nearOf' IS NULL) <> (new.signals ->> 'nearOf' IS NULL) BEGIN
  UPDATE facets SET bits = bits + iif(new.signals ->> 'nearOf' IS NULL, -1, 1) * ${facetBit('near')} WHERE candidate = new.row;
END;
`,
};
