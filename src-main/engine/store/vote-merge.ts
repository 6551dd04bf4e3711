import type Database from 'better-sqlite3';
import { inAdjudication, inReview, type Event } from './derive.ts';
import { deriveVote, type Vote } from './round-derive.ts';
import { takenBack, writeVotes } from './round-refresh.ts';
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
    let last: Event | undefined;
    for (const event of events) {
      const { round, person } = event;
      if (round === last?.round && person === last.person) continue;
      last = event;
      const key = `${round} ${person}`;
      if (inReview(round) || inAdjudication(round) || this.shares.has(key)) continue;
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
      const votes: [string, Vote][] = [];
      for (const item of items) {
        const vote = deriveVote(fresh.get(item) ?? [], undone);
        if (vote) votes.push([item, vote]);
      }
      writeVotes(this.database, round, person, votes);
      if (items.length > 0) this.setStatuses(round, items);
    }
  }

  /** `deriveStatus` in SQL for items that have more votes now; what is settled or sent back stays so. */
  private setStatuses(round: string, items: readonly string[]): void {
    prepare(
      this.database,
      // MATERIALIZED and CROSS JOIN: the items lead, each found by its key, and its votes are read once.
      `WITH now AS MATERIALIZED (
         SELECT i.row, s.status, (
           SELECT CASE
             WHEN count(v.verdict) < (SELECT iif(count(*) = 0, 1e9, count(*)) FROM assignments a WHERE a.round_id = i.round_id AND a.item = i.item) THEN 'open'
             WHEN s.first IS NULL THEN 'done'
             WHEN sum(v.verdict <> s.first) > 0 THEN 'disputed'
             ELSE 'agreed' END
           FROM round_states v WHERE v.round_id = i.round_id AND v.item = i.item) AS next
         FROM json_each(?) AS touched CROSS JOIN round_items i ON i.round_id = ? AND i.item = touched.value
           CROSS JOIN item_states s ON s.row = i.row
         WHERE s.status IN ('open', 'agreed', 'disputed', 'done')
       )
       UPDATE item_states SET status = now.next FROM now WHERE item_states.row = now.row AND now.status <> now.next`,
    ).run(JSON.stringify(items), round);
  }
}
