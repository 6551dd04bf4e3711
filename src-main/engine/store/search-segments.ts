import type Database from 'better-sqlite3';
import { prepare } from './statements.ts';

/**
 * FTS5 keeps what each transaction adds as a segment and merges segments of a level as it goes. Each merge writes its
 * part of the index once more; each segment costs a search a look-up.
 */
const indices = ['passage_search', 'candidate_search'] as const;

/** How many segments of a level are merged bit by bit, and of how many all at once, which takes long. */
const usual = { automerge: 4, crisismerge: 16 }; // SQLite's own
const forMany = { automerge: 64, crisismerge: 256 };

/** As few segments of a level as this may stay: to merge seven that are large writes the whole index once more. */
const fewEnough = 16;

/** Pages that one step of tidying writes: about ten milliseconds. */
const pagesAtOnce = 200;

/** Fewer merges while very many rows come; {@link tidySearch} makes up for them. */
export function expectManyTerms(database: Database.Database, expected: boolean): void {
  database.transaction(() => {
    for (const index of indices)
      for (const [name, value] of Object.entries(expected ? forMany : usual)) configure(database, index, name, value);
  })();
}

/** Merges until few segments are left of each level, step by step with a `pause` between. */
export async function tidySearch(database: Database.Database, pause: () => Promise<void>): Promise<void> {
  const changes = prepare(database, 'SELECT total_changes()').pluck();
  for (const index of indices) {
    configure(database, index, 'usermerge', fewEnough);
    for (let before = -1; ; await pause()) {
      before = changes.get() as number;
      configure(database, index, 'merge', pagesAtOnce);
      // By FTS5's word: a difference under two says that there was nothing to do.
      if ((changes.get() as number) - before < 2) break;
    }
  }
}

function configure(database: Database.Database, index: (typeof indices)[number], name: string, value: number): void {
  // In the text: a bound number is no integer, which FTS5 wants.
  prepare(database, `INSERT INTO ${index} (${index}, rank) VALUES ('${name}', ${value})`).run();
}
