import type { Migration } from '../migrate.ts';

/** What one bit each says of a candidate, in this order in every file. */
const facetBits = [
  ...(['en', 'zh', 'ko', 'fr', 'hi'] as const),
  ...(['undecided', 'accepted', 'edited', 'rejected', 'aside'] as const),
  ...(['copied', 'unfinished', 'duplicate', 'language', 'repeated'] as const),
  ...(['flagged', 'easy', 'medium', 'hard'] as const),
  'near', // since version 12
] as const;
export type Facet = (typeof facetBits)[number];
export const facetBit = (facet: Facet): number => 2 ** facetBits.indexOf(facet);

/** What a person or a rule said of a question: all but its language and that it is undecided. */
const saidFacets: readonly Facet[] = facetBits.slice(6);
export const isSaid = (facet: Facet): boolean => saidFacets.includes(facet);
/** SQL: whether something was said of a row of `facets`, of which `bits` is the column. */
export const somethingSaid = (bits: string): string =>
  `${bits} & ${saidFacets.reduce((sum, facet) => sum + facetBit(facet), 0)} <> 0`;

const bitOf = (value: string, facets: readonly Facet[]): string =>
  `CASE ${value} ${facets.map((facet) => `WHEN '${facet}' THEN ${facetBit(facet)}`).join(' ')} ELSE 0 END`;
export const bitWhen = (condition: string, facet: Facet): string =>
  `CASE WHEN ${condition} THEN ${facetBit(facet)} ELSE 0 END`;
const numberOf = (name: string): string => `(SELECT number FROM facet_names WHERE name = ${name})`;

/** What `facets` holds of a row of `candidates c` with its status and state: bits, generator, type, person. */
export const told = (status: string, state: string): string =>
  [
    [
      bitOf('c.language', facetBits.slice(0, 5)),
      bitOf(status, facetBits.slice(5, 10)),
      bitWhen("c.signals ->> 'copiedShare' > 0.8", 'copied'),
      bitWhen("c.signals ->> 'unfinished'", 'unfinished'),
      bitWhen("c.signals ->> 'duplicateOf' IS NOT NULL", 'duplicate'),
      bitWhen("c.signals ->> 'languageMismatch'", 'language'),
      bitWhen("c.signals ->> 'repeatedNgram'", 'repeated'),
      bitWhen(`${state} ->> 'flag' IS NOT NULL`, 'flagged'),
      bitOf(`${state} ->> 'difficulty'`, facetBits.slice(16, 19)),
    ].join('\n    + '),
    ...['c.generator', `${state} ->> 'type'`, `${state} ->> 'decidedBy'`].map(numberOf),
  ].join(',\n    ');

// Not "OR IGNORE": in a trigger the outer statement decides what a conflict does.
export const addNames = (query: string): string =>
  `INSERT INTO facet_names (name) SELECT DISTINCT name FROM (${query}) n WHERE name IS NOT NULL AND NOT EXISTS (SELECT 1 FROM facet_names k WHERE k.name = n.name);`;
export const namesOfState = "SELECT new.state ->> 'type' AS name UNION ALL SELECT new.state ->> 'decidedBy'";

/** SQL: makes the facets anew from candidates and states. */
export const refill = (columns: string): string => `
DELETE FROM facets;
${addNames("SELECT generator AS name FROM candidates UNION SELECT state ->> 'type' FROM states UNION SELECT state ->> 'decidedBy' FROM states")}
INSERT INTO facets SELECT p.row, c.row, ${columns}
  FROM candidates c JOIN states s ON s.candidate_id = c.id JOIN passages p ON p.id = c.passage_id;
`;

/**
 * What filters ask, in narrow rows: a candidate with its state is hundreds of bytes, and of a million only some dozens
 * of megabytes may be looked through while a person waits. Triggers keep `facets` with candidates and states; both
 * its keys are rows, so that it is in reading order and leads from a match of the search to its passage.
 */
export const facets: Migration = {
  version: 6,
  name: 'facets',
  sql: `
DROP INDEX passages_language;
DROP INDEX passages_words;
DROP INDEX passages_undecided;
DROP INDEX passages_open;
DROP INDEX passages_asked;
DROP INDEX passages_unasked;
DROP INDEX passages_done;
DROP INDEX states_status;
CREATE INDEX passages_browse ON passages (row, language, candidates, undecided, words);
CREATE TABLE facet_names (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE facets (
  passage INTEGER NOT NULL, candidate INTEGER NOT NULL, bits INTEGER NOT NULL, generator INTEGER, type INTEGER, person INTEGER,
  PRIMARY KEY (passage, candidate)
) STRICT, WITHOUT ROWID;
${refill(told('s.status', 's.state'))}
CREATE INDEX facets_candidate ON facets (candidate, bits, generator, type, person);
CREATE TRIGGER facets_added AFTER INSERT ON states BEGIN
  ${addNames(`SELECT generator AS name FROM candidates WHERE id = new.candidate_id UNION ALL ${namesOfState}`)}
  INSERT INTO facets SELECT p.row, c.row, ${told('new.status', 'new.state')}
    FROM candidates c CROSS JOIN passages p ON p.id = c.passage_id WHERE c.id = new.candidate_id;
END;
CREATE TRIGGER facets_changed AFTER UPDATE ON states WHEN old.status <> new.status OR old.state <> new.state BEGIN
  ${addNames(namesOfState)}
  UPDATE facets SET (bits, generator, type, person) = (
    SELECT ${told('new.status', 'new.state')} FROM candidates c WHERE c.id = new.candidate_id)
    WHERE candidate = (SELECT row FROM candidates WHERE id = new.candidate_id);
END;
CREATE TRIGGER facets_removed AFTER DELETE ON states BEGIN
  DELETE FROM facets WHERE candidate = (SELECT row FROM candidates WHERE id = old.candidate_id);
END;
CREATE TRIGGER facets_language AFTER UPDATE OF language ON candidates WHEN old.language <> new.language BEGIN
  UPDATE facets SET bits = bits - ${bitOf('old.language', facetBits.slice(0, 5))} + ${bitOf('new.language', facetBits.slice(0, 5))}
    WHERE candidate = new.row;
END;
`,
};
