import type { Selection } from '../../shared/contract/rounds.ts';
import type { Language, Status } from '../../shared/contract/types.ts';
import { inParts, wide } from '../store/parts.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import { giveWay } from '../turn.ts';
import type { Choice } from './select.ts';

type Match = [item: string, passageId: string, language: Language, difficulty: string | null, status: Status];

const all: Status[] = ['undecided', 'accepted', 'edited', 'rejected'];
const unsettled = "i.item = c.id AND k.status IN ('disputed', 'corrected')";

/**
 * What a selection could take: undecided questions to review, decided ones to check, disputed ones to adjudicate. Read
 * some passages at a time: other calls are answered meanwhile.
 */
export async function matching(
  project: Project,
  { kind, filter, people, withRejected, onlyUnchecked }: Selection,
  signal: AbortSignal,
): Promise<Choice[]> {
  const possible: Record<Selection['kind'], Status[]> = {
    review: ['undecided'],
    check: withRejected ? ['accepted', 'edited', 'rejected'] : ['accepted', 'edited'],
    adjudicate: all,
  };
  const statuses = filter.statuses?.filter((status) => possible[kind].includes(status)) ?? possible[kind];
  const columns = "c.id, c.passage_id, c.language, s.state ->> '$.difficulty', s.status";
  const held = `SELECT 1 FROM round_items i JOIN rounds r ON r.id = i.round_id WHERE i.item = c.id AND r.kind = '${kind}'`;
  const conditions = [
    ...(onlyUnchecked ? [`NOT EXISTS (${held}${kind === 'check' ? '' : ' AND r.closed_at IS NULL'})`] : []),
    ...(kind === 'adjudicate'
      ? [`EXISTS (SELECT 1 FROM round_items i JOIN item_states k ON k.row = i.row WHERE ${unsettled})`]
      : []),
  ];
  const where = conditions.join(' AND ') || '1';
  const found: Choice[] = [];
  await inParts<Match>(project, { ...filter, statuses }, { columns, join: wide, where }, signal, (rows) => {
    for (const [item, passageId, language, difficulty, status] of rows)
      found.push({ item, passageId, language, difficulty, rejected: status === 'rejected', workers: [] });
  });
  if (kind !== 'review') return found;
  // A sent-back question whose decision was taken back is undecided too: it is its author's all the same.
  const back = new Map(sentBack(project, filter, people).map((choice) => [choice.item, choice]));
  return [...found.filter(({ item }) => !back.has(item)), ...back.values()];
}

/** What was sent back to one of these people and waits in no package: it comes along, unless a filter asks for more. */
function sentBack({ database }: Project, filter: Selection['filter'], people: readonly string[]): Choice[] {
  const { languages, ...others } = filter;
  if (Object.values(others).some((value) => value !== undefined)) return [];
  const rows = prepare(
    database,
    `SELECT c.id AS item, c.passage_id AS passageId, c.language, s.state ->> '$.difficulty' AS difficulty, s.state ->> '$.returned.to' AS author
     FROM states s JOIN candidates c ON c.id = s.candidate_id
     WHERE s.state ->> '$.returned.to' IS NOT NULL AND s.state ->> '$.returned.to' IN (SELECT value FROM json_each(?))
       AND NOT EXISTS (SELECT 1 FROM round_items i JOIN rounds r ON r.id = i.round_id JOIN item_states k ON k.row = i.row
         WHERE i.item = c.id AND r.kind = 'review' AND r.closed_at IS NULL AND k.status = 'open')`,
  ).all(JSON.stringify(people)) as (Omit<Choice, 'workers'> & { author: string })[];
  return rows.filter(({ language }) => languages?.includes(language) ?? true).map((row) => ({ ...row, workers: [] }));
}

/** SQL: rounds whose decisions are no votes; see `roundId`. */
const standing = "(round LIKE 'review%' OR round LIKE 'adjudicate-%')";
const eventsAtOnce = 20_000;

/**
 * Who decided, wrote or settled each question, undone or not; an adjudicator may not have checked it either, and a checker
 * not have read its verdict in the practice of a round.
 */
export async function workersOf(
  { database }: Project,
  kind: Selection['kind'],
  signal: AbortSignal,
): Promise<Map<string, string[]>> {
  const worked =
    kind === 'adjudicate'
      ? "kind IN ('decide', 'write', 'answer')"
      : `${standing} AND kind IN ('decide', 'write', 'answer')`;
  const next = database
    .prepare(
      `SELECT DISTINCT item, person FROM events WHERE rowid > ? AND rowid <= ?
         AND ((${worked}) OR kind IN ('settle', 'return'))`,
    )
    .raw();
  const last = database.prepare('SELECT coalesce(max(rowid), 0) FROM events').pluck().get() as number;
  const workers = new Map<string, string[]>();
  const note = (item: string, person: string): void => {
    const known = workers.get(item);
    if (!known) workers.set(item, [person]);
    else if (!known.includes(person)) known.push(person);
  };
  for (let row = 0; row < last; row += eventsAtOnce) {
    for (const [item, person] of next.all(row, row + eventsAtOnce) as [string, string][]) note(item, person);
    await giveWay(signal, 'Cancelled. Nothing was changed.');
  }
  if (kind !== 'check') return workers;
  const readers = `SELECT e.value, a.person FROM rounds r JOIN json_each(r.hidden, '$.explained') e
    JOIN (SELECT DISTINCT round_id, person FROM assignments) a ON a.round_id = r.id`;
  for (const [item, person] of prepare(database, readers).raw().all() as [string, string][]) note(item, person);
  return workers;
}

/** The newest round in which people differ on a question. */
export function disputedRound({ database }: Project, item: string): string {
  const sql = `SELECT i.round_id FROM round_items i JOIN item_states k ON k.row = i.row WHERE ${unsettled.replace('c.id', '?')} ORDER BY i.row DESC LIMIT 1`;
  return prepare(database, sql).pluck().get(item) as string;
}
