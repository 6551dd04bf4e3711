import type Database from 'better-sqlite3';
import { deriveState, untouched, type CandidateState, type Event } from './derive.ts';
import { Clock, uuidV7 } from './ids.ts';
import { prepare } from './statements.ts';

/** `item` for candidates; undo and redo carry the group they name. */
export type NewEvent = Pick<Event, 'kind' | 'item' | 'payload'> & { seconds?: number };

interface EventRecord extends Omit<Event, 'payload' | 'group'> {
  payload: string;
  group_id: string;
}

const decisions = "('decide', 'write', 'answer', 'tags', 'flag')";

/** SQL: 'undo', 'redo' or '': what was last done to a group. */
function lastWord(group: string): string {
  return `coalesce((SELECT u.kind FROM events u WHERE u.item = ${group} AND u.kind IN ('undo', 'redo') ORDER BY u.clock DESC, u.id DESC LIMIT 1), '')`;
}

/** The append-only history and the states derived from it; every append updates the states in the same transaction. */
export class History {
  private readonly database: Database.Database;
  private readonly clock: Clock;
  private readonly device: string;

  constructor(database: Database.Database, device: string) {
    this.database = database;
    this.device = device;
    const last = database.prepare('SELECT max(clock) AS clock FROM events').get() as { clock: string | null };
    this.clock = new Clock(device, last.clock);
  }

  /** Appends events as one group, one undo. Returns the group. */
  append(person: string, events: readonly NewEvent[]): string {
    const group = uuidV7();
    return this.database.transaction(() => {
      for (const event of events) {
        const at = Date.now();
        const full: Event = {
          seconds: 0,
          ...event,
          id: uuidV7(at),
          clock: this.clock.next(at),
          device: this.device,
          person,
          round: 'review',
          group,
          at,
        };
        this.insert(full);
        this.refresh(event.kind === 'undo' || event.kind === 'redo' ? this.itemsOf(event.item) : [event.item]);
      }
      return group;
    })();
  }

  /** Adds events of another copy of the project; those already here are skipped. Returns how many were new. */
  merge(events: readonly Event[]): number {
    return this.database.transaction(() => {
      let added = 0;
      const items = new Set<string>();
      for (const event of events) {
        if (!this.insert(event)) continue;
        added += 1;
        this.clock.observe(event.clock);
        const touched = event.kind === 'undo' || event.kind === 'redo' ? this.itemsOf(event.item) : [event.item];
        touched.forEach((item) => items.add(item));
      }
      // A group may arrive after the undo that names it.
      this.refresh(items);
      return added;
    })();
  }

  all(): Event[] {
    return this.read('SELECT * FROM events ORDER BY clock, id');
  }

  of(item: string): Event[] {
    return this.read('SELECT * FROM events WHERE item = ? ORDER BY clock, id', item);
  }

  /** The person's newest group that stands, or null: what undo would take back. */
  undoable(person: string): { group: string; kind: string; verdict: string | null } | null {
    const rows = this.read(
      `SELECT * FROM events e WHERE person = ? AND kind IN ${decisions} AND ${lastWord('e.group_id')} <> 'undo'
       ORDER BY clock DESC, id DESC LIMIT 1`,
      person,
    );
    return describe(rows[0]);
  }

  /** The group of the person's newest undo that nothing has followed, or null. */
  redoable(person: string): { group: string; kind: string; verdict: string | null } | null {
    const newest = prepare(
      this.database,
      `SELECT max(clock) AS clock FROM events WHERE person = ? AND kind IN ${decisions}`,
    ).get(person) as { clock: string | null };
    const undone = this.read(
      `SELECT * FROM events e WHERE person = ? AND kind = 'undo' AND clock > ? AND ${lastWord('e.item')} = 'undo'
       ORDER BY clock DESC, id DESC LIMIT 1`,
      person,
      newest.clock ?? '',
    )[0];
    return undone ? describe(this.read('SELECT * FROM events WHERE group_id = ? LIMIT 1', undone.item)[0]) : null;
  }

  /** Derives every state and count from the events alone. */
  rebuild(): void {
    const ids = prepare(this.database, 'SELECT id FROM candidates').pluck().all() as string[];
    this.database.transaction(() => this.refresh(ids))();
  }

  itemsOf(group: string): string[] {
    return (
      prepare(this.database, 'SELECT DISTINCT item FROM events WHERE group_id = ?').all(group) as { item: string }[]
    ).map((row) => row.item);
  }

  /** Writes the derived state of these candidates anew, and their passages' counts. */
  refresh(items: Iterable<string>): void {
    const write = prepare(
      this.database,
      'INSERT INTO states (candidate_id, status, state) VALUES (?, ?, ?) ON CONFLICT (candidate_id) DO UPDATE SET status = excluded.status, state = excluded.state',
    );
    for (const item of items) {
      const known = prepare(this.database, 'SELECT passage_id FROM candidates WHERE id = ?').get(item) as
        { passage_id: string } | undefined;
      if (!known) continue;
      const state = this.derive(item);
      write.run(item, state.status, JSON.stringify(state));
      this.countPassage(known.passage_id);
    }
  }

  derive(item: string): CandidateState {
    const events = this.of(item);
    if (events.length === 0) return untouched;
    const undone = new Set(events.map((event) => event.group).filter((group) => this.isUndone(group)));
    return deriveState(events, undone);
  }

  private countPassage(passageId: string): void {
    prepare(
      this.database,
      `UPDATE passages SET (candidates, undecided, accepted) = (
           SELECT count(*), count(*) FILTER (WHERE s.status = 'undecided'), count(*) FILTER (WHERE s.status IN ('accepted', 'edited'))
           FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE c.passage_id = passages.id)
         WHERE id = ?`,
    ).run(passageId);
  }

  private isUndone(group: string): boolean {
    const last = prepare(this.database, `SELECT ${lastWord('?')} AS kind`).get(group) as { kind: string };
    return last.kind === 'undo';
  }

  private insert(event: Event): boolean {
    const { id, clock, device, person, round, kind, item, group, at, seconds } = event;
    const result = prepare(
      this.database,
      'INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING',
    ).run(id, clock, device, person, round, kind, item, group, JSON.stringify(event.payload), at, seconds);
    return result.changes > 0;
  }

  private read(sql: string, ...parameters: string[]): Event[] {
    const rows = prepare(this.database, sql).all(...parameters) as EventRecord[];
    return rows.map(({ group_id, payload, ...rest }) => ({
      ...rest,
      group: group_id,
      payload: JSON.parse(payload) as Record<string, unknown>,
    }));
  }
}

function describe(event: Event | undefined): { group: string; kind: string; verdict: string | null } | null {
  if (!event) return null;
  const verdict = event.payload['verdict'];
  return { group: event.group, kind: event.kind, verdict: typeof verdict === 'string' ? verdict : null };
}
