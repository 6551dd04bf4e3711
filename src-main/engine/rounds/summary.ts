import { itemStatus, type ItemStatus, type RoundPerson, type RoundSummary } from '../../shared/contract/rounds.ts';
import type { Project } from '../store/project.ts';
import type { Round } from '../store/round-store.ts';
import { prepare } from '../store/statements.ts';
import { tooFast } from './reading.ts';

export interface Pace {
  decided: number;
  median: number | null; // seconds
  fast: Set<string>; // items decided faster than reading allows
}

/** How each person decided, by person id. */
export function paceOf(project: Project, roundId: string): Map<string, Pace> {
  const rows = prepare(
    project.database,
    `SELECT v.person, v.item, v.seconds, i.passage_id, coalesce(i.hidden ->> '$.words', 0), p.words
     FROM round_states v JOIN round_items i ON i.round_id = v.round_id AND i.item = v.item JOIN passages p ON p.id = i.passage_id
     WHERE v.round_id = ? AND v.verdict IS NOT NULL ORDER BY v.person, v.at`,
  )
    .raw()
    .all(roundId) as [string, string, number, string, number, number][];
  const paces = new Map<string, Pace>();
  for (const [person, own] of Map.groupBy(rows, (row) => row[0])) {
    const seen = new Set<string>();
    const fast = new Set<string>();
    for (const [, item, seconds, passageId, questionWords, passageWords] of own) {
      if (tooFast(seconds, questionWords, passageWords, !seen.has(passageId))) fast.add(item);
      seen.add(passageId);
    }
    const seconds = own.map((row) => row[2]).sort((left, right) => left - right);
    paces.set(person, { decided: own.length, median: seconds[Math.floor(seconds.length / 2)] ?? null, fast });
  }
  return paces;
}

/** Whether one decision came faster than reading allows. */
export function isFast(project: Project, roundId: string, item: string, person: string): boolean {
  const row = prepare(
    project.database,
    `SELECT v.seconds, coalesce(i.hidden ->> '$.words', 0) AS questionWords, p.words AS passageWords,
       NOT EXISTS (SELECT 1 FROM round_items other JOIN round_states o ON o.round_id = other.round_id AND o.item = other.item
         WHERE other.round_id = v.round_id AND other.passage_id = i.passage_id AND o.person = v.person AND o.at < v.at) AS first
     FROM round_states v JOIN round_items i ON i.round_id = v.round_id AND i.item = v.item JOIN passages p ON p.id = i.passage_id
     WHERE v.round_id = ? AND v.item = ? AND v.person = ?`,
  ).get(roundId, item, person) as
    { seconds: number; questionWords: number; passageWords: number; first: number } | undefined;
  return row !== undefined && tooFast(row.seconds, row.questionWords, row.passageWords, row.first === 1);
}

export function summarise(project: Project, round: Round): RoundSummary {
  const counts = prepare(
    project.database,
    'SELECT s.status, count(*) AS n FROM round_items i CROSS JOIN item_states s ON s.row = i.row WHERE i.round_id = ? GROUP BY s.status',
  ).all(round.id) as { status: ItemStatus; n: number }[];
  const byStatus = Object.fromEntries(
    itemStatus.options.map((status) => [status, counts.find((row) => row.status === status)?.n ?? 0]),
  ) as Record<ItemStatus, number>;
  const { id, kind, name, overlap, createdAt, closedAt } = round;
  return {
    id,
    kind,
    name,
    overlap,
    items: counts.reduce((sum, row) => sum + row.n, 0),
    byStatus,
    people: peopleOf(project, id),
    guidelines: project.rounds.guidelines(id).map(({ language, version, text }) => ({ language, version, text })),
    practice: project.rounds.practice(id).items.length,
    createdAt,
    closedAt,
  };
}

function peopleOf(project: Project, roundId: string): RoundPerson[] {
  const assigned = prepare(
    project.database,
    `SELECT a.person, count(*) AS assigned,
       (SELECT max(written_at) FROM packages k WHERE k.round_id = a.round_id AND k.person = a.person) AS packageAt,
       (SELECT max(returned_at) FROM packages k WHERE k.round_id = a.round_id AND k.person = a.person) AS returnedAt
     FROM assignments a LEFT JOIN people p ON p.id = a.person WHERE a.round_id = ? GROUP BY a.person ORDER BY p.rowid, a.person`,
  ).all(roundId) as { person: string; assigned: number; packageAt: number | null; returnedAt: number | null }[];
  const paces = paceOf(project, roundId);
  const known = new Map(project.people().map((person) => [person.id, person]));
  return assigned.map(({ person, ...rest }) => {
    const pace = paces.get(person);
    return {
      ...rest,
      id: person,
      name: known.get(person)?.name ?? person,
      colour: known.get(person)?.colour ?? '#4f5b63',
      decided: pace?.decided ?? 0,
      seconds: pace?.median ?? null,
      fast: pace?.fast.size ?? 0,
    };
  });
}
