import type Database from 'better-sqlite3';
import { inAdjudication, inReview, type Event } from './derive.ts';
import { deriveStatus, deriveVote, voteKey, type ItemStatus, type Vote } from './round-derive.ts';
import { takenBack, writeVotes } from './round-refresh.ts';
import { prepare } from './statements.ts';

interface Share {
  round: string;
  person: string;
  /** Items on which the person has events here already: they are derived anew from all events. */
  before: ReadonlySet<string>;
  fresh: Map<string, Event[]>;
}

/** `place` is that among the items asked for, `cast` the verdicts so far with commas between. */
type Standing = [
  place: number,
  row: number,
  first: string | null,
  status: ItemStatus,
  wanted: number,
  cast: string | null,
];

const byVotes: ReadonlySet<ItemStatus> = new Set(['open', 'agreed', 'disputed', 'done']);

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
    events.forEach((event) => {
      const { round, person } = event;
      if (round === last?.round && person === last.person) return;
      last = event;
      const key = `${round} ${person}`;
      if (inReview(round) || inAdjudication(round) || this.shares.has(key)) return;
      // By the person: left to itself SQLite reads the index of items from end to end.
      const before = prepare(
        database,
        'SELECT item FROM events INDEXED BY events_person WHERE person = ? AND round = ?',
      )
        .pluck()
        .all(person, round) as string[];
      this.shares.set(key, { round, person, before: new Set(before), fresh: new Map() });
    });
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
      const votes = items.map((item) => deriveVote(fresh.get(item) ?? [], undone));
      const standings = this.standings(round, items);
      writeVotes(this.database, round, person, items, votes);
      this.setStatuses(standings, votes);
    }
  }

  /** Where items stand before this person's votes. */
  private standings(round: string, items: readonly string[]): Standing[] {
    return prepare(
      this.database,
      // CROSS JOIN: the items lead, and each is found by its key.
      `SELECT touched.key, s.row, s.first, s.status,
         (SELECT count(*) FROM assignments a WHERE a.round_id = i.round_id AND a.item = i.item),
         (SELECT group_concat(verdict) FROM round_states v WHERE v.round_id = i.round_id AND v.item = i.item)
       FROM json_each(?) AS touched CROSS JOIN round_items i ON i.round_id = ? AND i.item = touched.value
         CROSS JOIN item_states s ON s.row = i.row`,
    )
      .raw()
      .all(JSON.stringify(items), round) as Standing[];
  }

  /** What is settled or sent back stays so. */
  private setStatuses(standings: readonly Standing[], votes: readonly (Vote | null)[]): void {
    const changed = new Map<ItemStatus, number[]>();
    standings.forEach(([place, row, first, status, wanted, cast]) => {
      const vote = voteKey(votes[place] ?? null);
      if (vote === null || !byVotes.has(status)) return;
      const next = deriveStatus(first, wanted, cast === null ? [vote] : [vote, ...cast.split(',')], []);
      if (next === status) return;
      const rows = changed.get(next);
      if (rows) rows.push(row);
      else changed.set(next, [row]);
    });
    for (const [status, rows] of changed)
      prepare(this.database, 'UPDATE item_states SET status = ? WHERE row IN (SELECT value FROM json_each(?))').run(
        status,
        JSON.stringify(rows),
      );
  }
}
