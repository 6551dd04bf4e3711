import type Database from 'better-sqlite3';
import type { Event } from './derive.ts';
import { deriveVote } from './round-derive.ts';
import { takenBack, writeVote } from './round-refresh.ts';
import { prepare } from './statements.ts';

interface Share {
  round: string;
  person: string;
  /** Items on which the person has events here already: they are derived anew from all events. */
  before: ReadonlySet<string>;
  fresh: Map<string, Event[]>;
}

/**
 * The quick way for a returned file: votes on items that the person has said nothing about so far follow from the file's
 * events alone, and the states of all items are set at once.
 */
export class VoteMerge {
  private readonly database: Database.Database;
  private readonly shares = new Map<string, Share>();
  private last: Share | null = null; // a file's events are of one round and person

  /** Made before the events are inserted. */
  constructor(database: Database.Database, events: readonly Event[]) {
    this.database = database;
    for (const { round, person } of events) {
      const key = `${round} ${person}`;
      if (round === 'review' || this.shares.has(key)) continue;
      // By the person: left to itself SQLite reads the index of items from end to end.
      const before = prepare(
        database,
        'SELECT item FROM events INDEXED BY events_person WHERE person = ? AND round = ?',
      )
        .pluck()
        .all(person, round) as string[];
      this.shares.set(key, { round, person, before: new Set(before), fresh: new Map() });
    }
  }

  /** Keeps an inserted event if it is a vote on an item new to the person; else it must be derived from all events. */
  take(event: Event): boolean {
    if (event.kind !== 'decide' && event.kind !== 'score' && event.kind !== 'flag') return false;
    let share = this.last;
    if (share?.round !== event.round || share.person !== event.person) {
      share = this.shares.get(`${event.round} ${event.person}`) ?? null;
      this.last = share;
    }
    if (!share || share.before.has(event.item)) return false;
    const known = share.fresh.get(event.item);
    if (known) known.push(event);
    else share.fresh.set(event.item, [event]);
    return true;
  }

  /** Writes the votes and states; leaves out `others`, which are derived from all events. */
  finish(others: ReadonlySet<string>): void {
    const undone = takenBack(this.database, false);
    for (const { round, person, fresh } of this.shares.values()) {
      // In the order of the tables' keys, so that each page is written once.
      const items = [...fresh.keys()].filter((item) => !others.has(item)).sort();
      for (const item of items) {
        const vote = deriveVote(fresh.get(item) ?? [], undone);
        if (vote) writeVote(this.database, round, item, person, vote);
      }
      if (items.length > 0) this.setStatuses(round, items);
    }
  }

  /** `deriveStatus` in SQL for items that have more votes now; what is settled or sent back stays so. */
  private setStatuses(round: string, items: readonly string[]): void {
    prepare(
      this.database,
      // MATERIALIZED and CROSS JOIN: the items lead, each found by its key, and each count is made once.
      `WITH counted AS MATERIALIZED (
         SELECT i.row, i.status, i.hidden ->> '$.first.verdict' AS first,
           (SELECT count(*) FROM assignments a WHERE a.round_id = i.round_id AND a.item = i.item) AS wanted,
           (SELECT count(verdict) FROM round_states v WHERE v.round_id = i.round_id AND v.item = i.item) AS votes,
           EXISTS (SELECT 1 FROM round_states v WHERE v.round_id = i.round_id AND v.item = i.item
             AND v.verdict <> i.hidden ->> '$.first.verdict') AS differ
         FROM json_each(?) AS touched CROSS JOIN round_items i ON i.round_id = ? AND i.item = touched.value
         WHERE i.status IN ('open', 'agreed', 'disputed', 'done')
       ), now AS MATERIALIZED (
         SELECT row, status, CASE
           WHEN wanted = 0 OR votes < wanted THEN 'open'
           WHEN first IS NULL THEN 'done'
           WHEN differ THEN 'disputed'
           ELSE 'agreed' END AS next
         FROM counted
       )
       UPDATE round_items SET status = now.next FROM now WHERE round_items.row = now.row AND now.status <> now.next`,
    ).run(JSON.stringify(items), round);
  }
}
