import { setImmediate as turn } from 'node:timers/promises';
import type Database from 'better-sqlite3';
import { deriveState, stateText, untouched, type CandidateState, type Event } from './derive.ts';
import { derivePassage, isCorrection, writeCorrected } from './corrections.ts';
import { Clock, uuidV7 } from './ids.ts';
import { inPortions } from './portions.ts';
import { replacedBy } from './replaced.ts';
import { refreshRound } from './round-refresh.ts';
import { VoteMerge } from './vote-merge.ts';
import { prepare } from './statements.ts';

/** `item` for candidates; undo and redo carry the group they name. */
export type NewEvent = Pick<Event, 'kind' | 'item' | 'payload'> & { seconds?: number };

interface EventRecord extends Omit<Event, 'payload' | 'group'> {
  payload: string;
  group_id: string;
}

const decisionKinds: readonly Event['kind'][] = ['decide', 'write', 'answer', 'tags', 'flag', 'score'];

/** What undo and redo look at: one round (the review is one), or certain kinds of events over all rounds. */
export interface Scope {
  round?: string;
  kinds?: readonly Event['kind'][];
}
const review: Scope = { round: 'review' };
/** Some tens of milliseconds. */
const mergedBetweenTelling = 1000;

export interface Undoable {
  group: string;
  kind: string;
  verdict: string | null;
}

function within(table: string, { round, kinds = decisionKinds }: Scope): string {
  const list = kinds.map((kind) => `'${kind}'`).join(', ');
  return `${table}.kind IN (${list})${round === undefined ? '' : ` AND ${table}.round = ?`}`;
}

function parameters({ round }: Scope): string[] {
  return round === undefined ? [] : [round];
}

/** SQL: 'undo', 'redo' or '': what was last done to a group. */
function lastWord(group: string): string {
  return `coalesce((SELECT u.kind FROM events u WHERE u.item = ${group} AND u.kind IN ('undo', 'redo') ORDER BY u.clock DESC, u.id DESC LIMIT 1), '')`;
}

/** The append-only history and the states derived from it; every append updates the states in the same transaction. */
export class History {
  private readonly database: Database.Database;
  private readonly clock: Clock;
  private readonly device: string;
  private refreshing: Promise<void> = Promise.resolve();

  constructor(database: Database.Database, device: string) {
    this.database = database;
    this.device = device;
    const last = database.prepare('SELECT max(clock) AS clock FROM events').get() as { clock: string | null };
    this.clock = new Clock(device, last.clock);
  }

  /**
   * Appends events as one group, one undo; a long one may come in several calls. What an event takes the place of is put
   * in its payload as `old`. Returns the group.
   */
  append(person: string, events: readonly NewEvent[], round = 'review', group = uuidV7()): string {
    return this.database.transaction(() => {
      const items = new Set<string>();
      for (const event of events) {
        this.insertNew(person, event, round, group);
        const back = event.kind === 'undo' || event.kind === 'redo';
        for (const item of back ? this.itemsOf(event.item) : [event.item]) items.add(item);
      }
      this.refresh(items);
      return group;
    })();
  }

  /**
   * Undoes or redoes a group of any size. The event is stored first; states follow part by part with a `pause` between,
   * and what a crash leaves is made up for after the next open. A pause that throws has all go back as it was.
   */
  async takeBack(
    person: string,
    kind: 'undo' | 'redo',
    group: string,
    pause: (done: number) => Promise<unknown>,
  ): Promise<void> {
    await this.afterOthers(async () => {
      const say = (word: 'undo' | 'redo') => (): void => {
        this.insertNew(person, { kind: word, item: group, payload: {} }, 'review', uuidV7());
        prepare(this.database, "INSERT OR REPLACE INTO project VALUES ('refreshing', ?)").run(group);
      };
      let reached = 0;
      try {
        await this.refreshGroup(group, Infinity, say(kind), (done, row) => {
          reached = row;
          return pause(done);
        });
      } catch (error) {
        await this.refreshGroup(group, reached, say(kind === 'undo' ? 'redo' : 'undo'), () => turn());
        throw error;
      }
    });
  }

  /** Ends what a crash interrupted; gives whether there was anything. A pause that throws leaves it for the next open. */
  async finishTakingBack(pause: (done: number, total: number) => Promise<unknown>): Promise<boolean> {
    const sql = "SELECT value FROM project WHERE key = 'refreshing'";
    const group = prepare(this.database, sql).pluck().get() as string | undefined;
    if (group === undefined) return false;
    const total = this.sizeOf(group);
    await this.afterOthers(() =>
      this.refreshGroup(
        group,
        Infinity,
        () => undefined,
        (done) => pause(done, total),
      ),
    );
    return true;
  }

  private async afterOthers(work: () => Promise<void>): Promise<void> {
    const mine = this.refreshing.then(work);
    this.refreshing = mine.catch(() => undefined); // told to whoever asked for it
    await mine;
  }

  /** Derives the states of a group's items, as far as its event in row `last`; `begin` is part of the first transaction. */
  private async refreshGroup(
    group: string,
    last: number,
    begin: () => void,
    pause: (done: number, row: number) => Promise<unknown>,
  ): Promise<void> {
    const next = prepare(
      this.database,
      'SELECT rowid AS row, item FROM events WHERE group_id = ? AND rowid > ? AND rowid <= ? ORDER BY rowid LIMIT ?',
    );
    let [done, row] = [0, 0];
    const part = this.database.transaction((size: number): number => {
      if (done === 0) begin();
      const members = next.all(group, row, last, size) as { row: number; item: string }[];
      this.refresh(new Set(members.map(({ item }) => item)));
      if (members.length < size) this.refreshed();
      row = members.at(-1)?.row ?? row;
      done += members.length;
      return members.length;
    });
    await inPortions(part, () => pause(done, row));
  }

  /** How many events a group has. */
  sizeOf(group: string): number {
    return prepare(this.database, 'SELECT count(*) FROM events WHERE group_id = ?').pluck().get(group) as number;
  }

  private refreshed(): void {
    prepare(this.database, "DELETE FROM project WHERE key = 'refreshing'").run();
  }

  private insertNew(person: string, event: NewEvent, round: string, group: string): void {
    const at = Date.now();
    const { device } = this;
    const old = replacedBy(this.database, { ...event, person, round });
    const payload = old === null ? event.payload : { ...event.payload, old };
    const by = { device, person, round, group, at };
    this.insert({ seconds: 0, ...event, payload, id: uuidV7(at), clock: this.clock.next(at), ...by });
  }

  /**
   * Adds events of another copy of the project; those already here are skipped. Returns how many were new. `onProgress`
   * gets how many are stored.
   */
  merge(events: readonly Event[], onProgress: (done: number) => void = () => undefined): number {
    const work = (): number => {
      const votes = new VoteMerge(this.database, events);
      let added = 0;
      const items = new Set<string>();
      // forEach and map, here and in what follows: V8 compiles a long loop anew at every merge, what they call but once.
      events.forEach((event, done) => {
        if (done % mergedBetweenTelling === 0) onProgress(done);
        if (!this.insert(event)) return;
        added += 1;
        this.clock.observe(event.clock);
        if (votes.take(event)) return;
        const touched = event.kind === 'undo' || event.kind === 'redo' ? this.itemsOf(event.item) : [event.item];
        touched.forEach((item) => items.add(item));
      });
      // A group may arrive after the undo that names it.
      votes.finish(items);
      this.refresh(items);
      return added;
    };
    // Not one within another: a savepoint keeps a copy of each page that changes.
    return this.database.inTransaction ? work() : this.database.transaction(work)();
  }

  all(): Event[] {
    return this.read('SELECT * FROM events ORDER BY clock, id');
  }

  of(item: string): Event[] {
    return this.read('SELECT * FROM events WHERE item = ? ORDER BY clock, id', item);
  }

  /** The person's newest group that stands, or null: what undo would take back. */
  undoable(person: string, scope: Scope = review): Undoable | null {
    // Group by group: a bulk decision of many events that was taken back is stepped over at once.
    const next = prepare(
      this.database,
      `SELECT id, clock, group_id AS "group" FROM events e WHERE person = ? AND clock <= ? AND group_id <> ? AND ${within('e', scope)}
       ORDER BY clock DESC, id DESC LIMIT 1`,
    );
    let last = { id: '', clock: '~', group: '' };
    for (;;) {
      const found = next.get(person, last.clock, last.group, ...parameters(scope)) as typeof last | undefined;
      if (!found) return null;
      if (!this.isUndone(found.group)) return describe(this.read('SELECT * FROM events WHERE id = ?', found.id)[0]);
      last = found;
    }
  }

  /** The group of the person's newest undo that nothing has followed, or null. */
  redoable(person: string, scope: Scope = review): Undoable | null {
    const newest = prepare(
      this.database,
      `SELECT max(clock) AS clock FROM events e WHERE person = ? AND ${within('e', scope)}`,
    ).get(person, ...parameters(scope)) as { clock: string | null };
    const undone = this.read(
      `SELECT * FROM events e WHERE person = ? AND kind = 'undo' AND clock > ? AND ${lastWord('e.item')} = 'undo'
         AND EXISTS (SELECT 1 FROM events g WHERE g.group_id = e.item AND ${within('g', scope)})
       ORDER BY clock DESC, id DESC LIMIT 1`,
      person,
      newest.clock ?? '',
      ...parameters(scope),
    )[0];
    return undone ? describe(this.read('SELECT * FROM events WHERE group_id = ? LIMIT 1', undone.item)[0]) : null;
  }

  /** Derives every state and count from the events alone. */
  rebuild(): void {
    const sql =
      "SELECT id FROM candidates UNION SELECT item FROM round_items UNION SELECT item FROM events WHERE kind IN ('language', 'sentences')";
    const ids = prepare(this.database, sql).pluck().all() as string[];
    this.database.transaction(() => this.refresh(ids))();
  }

  itemsOf(group: string, limit = -1): string[] {
    const sql = 'SELECT DISTINCT item FROM events WHERE group_id = ? LIMIT ?';
    return prepare(this.database, sql).pluck().all(group, limit) as string[];
  }

  /** Writes the derived state of these items anew: candidates with their passages' counts, passages, items of rounds. */
  refresh(items: Iterable<string>): void {
    const inRounds = prepare(this.database, 'SELECT round_id FROM round_items WHERE item = ?').pluck();
    const byRound = new Map<string, string[]>();
    const passages = new Set<string>();
    const write = prepare(
      this.database,
      'INSERT INTO states (candidate_id, status, state) VALUES (?, ?, ?) ON CONFLICT (candidate_id) DO UPDATE SET status = excluded.status, state = excluded.state',
    );
    for (const item of items) {
      for (const round of inRounds.all(item) as string[]) byRound.set(round, [...(byRound.get(round) ?? []), item]);
      const known = prepare(this.database, 'SELECT passage_id FROM candidates WHERE id = ?').get(item) as
        { passage_id: string } | undefined;
      if (!known) {
        this.refreshPassage(item);
        continue;
      }
      const state = this.derive(item);
      write.run(item, state.status, stateText(state));
      passages.add(known.passage_id);
    }
    for (const passage of passages) this.countPassage(passage);
    for (const [round, list] of byRound) refreshRound(this.database, round, list);
  }

  derive(item: string): CandidateState {
    const events = this.of(item);
    return events.length === 0 ? untouched : deriveState(events, this.undoneOf(events));
  }

  private refreshPassage(id: string): void {
    const events = this.of(id).filter(isCorrection);
    const corrected = derivePassage(events, this.undoneOf(events));
    if (corrected) writeCorrected(this.database, id, corrected);
  }

  private undoneOf(events: readonly Event[]): ReadonlySet<string> {
    return new Set(events.map((event) => event.group).filter((group) => this.isUndone(group)));
  }

  /** Counts a passage's candidates anew. */
  countPassage(passageId: string): void {
    prepare(
      this.database,
      `UPDATE passages SET (candidates, undecided, accepted) = (
           SELECT count(*), count(*) FILTER (WHERE s.status = 'undecided'), count(*) FILTER (WHERE s.status IN ('accepted', 'edited'))
           FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE c.passage_id = passages.id)
         WHERE id = ?`,
    ).run(passageId);
  }

  /** Whether what was last said about a group is an undo. */
  isUndone(group: string): boolean {
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

function describe(event: Event | undefined): Undoable | null {
  if (!event) return null;
  const verdict = event.payload['verdict'];
  return { group: event.group, kind: event.kind, verdict: typeof verdict === 'string' ? verdict : null };
}
