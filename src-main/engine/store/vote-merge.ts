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

  /** Made before the events are inserted. */
  constructor(database: Database.Database, events: readonly Event[]) {
    this.database = database;
    for (const { round, person } of events) {
      const key = `${round} ${person}`;
      if (round === 'review' || this.shares.has(key)) continue;
      const before = prepare(database, 'SELECT DISTINCT item FROM events WHERE person = ? AND round = ?')
        .pluck()
        .all(person, round) as string[];
      this.shares.set(key, { round, person, before: new Set(before), fresh: new Map() });
    }
  }

  /** Keeps an inserted event if it is a vote on an item new to the person; else it must be derived from all events. */
  take(event: Event): boolean {
    if (event.kind !== 'decide' && event.kind !== 'score' && event.kind !== 'flag') return false;
    const share = this.shares.get(`${event.round} ${event.person}`);
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
      const items = [...fresh.keys()].filter((item) => !others.has(item));
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
      `UPDATE round_items SET status = now.status FROM (
         SELECT i.row, CASE
           WHEN wanted = 0 OR cast_votes < wanted THEN 'open'
           WHEN first IS NULL THEN 'done'
           WHEN lowest = first AND highest = first THEN 'agreed'
           ELSE 'disputed' END AS status
         FROM (
           SELECT i.row, i.hidden ->> '$.first.verdict' AS first,
             (SELECT count(*) FROM assignments a WHERE a.round_id = i.round_id AND a.item = i.item) AS wanted,
             count(v.verdict) AS cast_votes, min(v.verdict) AS lowest, max(v.verdict) AS highest
           FROM json_each(?) AS touched JOIN round_items i ON i.round_id = ? AND i.item = touched.value
           LEFT JOIN round_states v ON v.round_id = i.round_id AND v.item = i.item
           WHERE i.status IN ('open', 'agreed', 'disputed', 'done') GROUP BY i.row
         ) AS i
       ) AS now WHERE round_items.row = now.row AND round_items.status <> now.status`,
    ).run(JSON.stringify(items), round);
  }
}
