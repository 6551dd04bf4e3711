import type { Migration } from '../migrate.ts';

/** Filters by name, of every screen, in one table: those of Passages stood in a value of the project. */
export const filters: Migration = {
  version: 7,
  name: 'filters',
  sql: `
ALTER TABLE filters RENAME TO review_filters;
CREATE TABLE filters (
  person TEXT NOT NULL, screen TEXT NOT NULL DEFAULT 'review', name TEXT NOT NULL, filter TEXT NOT NULL, PRIMARY KEY (person, screen, name)
) STRICT;
INSERT INTO filters SELECT person, 'review', name, filter FROM review_filters;
INSERT INTO filters SELECT substr(p.key, 17), 'passages', f.value ->> '$.name', f.value -> '$.filter'
  FROM project p, json_each(p.value) f WHERE p.key LIKE 'passage-filters:%';
DELETE FROM project WHERE key LIKE 'passage-filters:%';
DROP TABLE review_filters;
`,
};
