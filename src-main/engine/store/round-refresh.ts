import type Database from 'better-sqlite3';
import { inAdjudication, inReview, type Event } from './derive.ts';
import { deriveStatus, deriveVote, voteKey, type ItemStatus, type Undone, type Vote } from './round-derive.ts';
import { prepare } from './statements.ts';

const votesAtOnce = 50;

/** Derives votes and item states anew from events that touched these items of a round. */
export function refreshRound(database: Database.Database, roundId: string, items: readonly string[]): void {
  const undone = takenBack(database, items.length < 50);
  for (const item of items) refreshItem(database, roundId, item, undone);
}

function refreshItem(database: Database.Database, roundId: string, item: string, undone: Undone): void {
  const known = prepare(
    database,
    `SELECT i.row, s.first, s.status, i.hidden ->> '$.disputed' AS disputed,
       (SELECT count(*) FROM assignments a WHERE a.round_id = i.round_id AND a.item = i.item) AS wanted
     FROM round_items i JOIN item_states s ON s.row = i.row WHERE i.round_id = ? AND i.item = ?`,
  ).get(roundId, item) as
    { row: number; first: string | null; status: ItemStatus; disputed: string | null; wanted: number } | undefined;
  if (!known) return;
  /** What another round or review has to say of the item here: an adjudication and the check it is about are two rounds. */
  const concerns = ({ round, kind }: Event): boolean => {
    if (inReview(round)) return true;
    if (inAdjudication(round)) return kind === 'decide' && disputedIn(database, round, item) === roundId;
    return kind === 'settle' && round === known.disputed;
  };
  const byPerson = new Map<string, Event[]>();
  const after: Event[] = [];
  for (const event of eventsOf(database, item)) {
    if (event.kind === 'undo' || event.kind === 'redo') continue;
    const own = event.round === roundId;
    if (own && event.kind !== 'settle' && event.kind !== 'return') {
      const list = byPerson.get(event.person);
      if (list) list.push(event);
      else byPerson.set(event.person, [event]);
    } else if ((own || concerns(event)) && !undone.has(event.group)) after.push(event);
  }
  const votes: (string | null)[] = [];
  for (const [person, events] of byPerson) {
    const vote = deriveVote(events, undone);
    votes.push(voteKey(vote));
    if (vote) writeVotes(database, roundId, person, [item], [vote]);
    else
      prepare(database, 'DELETE FROM round_states WHERE round_id = ? AND item = ? AND person = ?').run(
        roundId,
        item,
        person,
      );
  }
  const status = deriveStatus(known.first, known.wanted, votes, after);
  if (status !== known.status)
    prepare(database, 'UPDATE item_states SET status = ? WHERE row = ?').run(status, known.row);
}

/** The round whose dispute an item of an adjudication is about. */
function disputedIn(database: Database.Database, round: string, item: string): string | null {
  const sql = "SELECT hidden ->> '$.disputed' FROM round_items WHERE round_id = ? AND item = ?";
  return (prepare(database, sql).pluck().get(round, item) as string | null | undefined) ?? null;
}

/** Tells whether a group is taken back. One statement each for a few items; all at once for many. */
export function takenBack(database: Database.Database, few: boolean): Undone {
  if (few) {
    const last = prepare(
      database,
      "SELECT kind FROM events WHERE item = ? AND kind IN ('undo', 'redo') ORDER BY clock DESC, id DESC LIMIT 1",
    ).pluck();
    return { has: (group) => last.get(group) === 'undo' };
  }
  const undone = new Set<string>();
  const rows = prepare(
    database,
    "SELECT item, kind FROM events INDEXED BY events_taken_back WHERE kind IN ('undo', 'redo') ORDER BY clock, id",
  ).all() as { item: string; kind: string }[];
  for (const { item, kind } of rows) {
    if (kind === 'undo') undone.add(item);
    else undone.delete(item);
  }
  return undone;
}

function eventsOf(database: Database.Database, item: string): Event[] {
  const rows = prepare(
    database,
    'SELECT clock, id, person, round, kind, item, group_id, payload, at, seconds FROM events WHERE item = ? ORDER BY clock, id',
  ).all(item) as (Omit<Event, 'payload' | 'group' | 'device'> & { group_id: string; payload: string })[];
  return rows.map(({ group_id, payload, ...rest }) => ({
    ...rest,
    device: '',
    group: group_id,
    payload: JSON.parse(payload) as Record<string, unknown>,
  }));
}

/** Writes a person's votes on items of a round; many rows a statement, as the call costs more than the row. */
export function writeVotes(
  database: Database.Database,
  round: string,
  person: string,
  items: readonly string[],
  votes: readonly (Vote | null)[],
): void {
  for (let at = 0; at < items.length; at += votesAtOnce) {
    const rows = items.slice(at, at + votesAtOnce).flatMap((item, index) => {
      const vote = votes[at + index];
      return vote ? [[item, vote.verdict, JSON.stringify(vote), vote.seconds, vote.at]] : [];
    });
    if (rows.length > 0) prepare(database, insertVotes(rows.length)).run({ round, person }, rows.flat());
  }
}

function insertVotes(count: number): string {
  return `INSERT INTO round_states VALUES ${Array(count).fill('(:round, ?, :person, ?, ?, ?, ?)').join(', ')}
    ON CONFLICT (round_id, item, person) DO UPDATE SET verdict = excluded.verdict, state = excluded.state, seconds = excluded.seconds, at = excluded.at`;
}
