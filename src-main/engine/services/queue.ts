import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Candidate, CandidateFilter, Passage } from '../../shared/contract/types.ts';
import { blindFor } from '../rounds/queue.ts';
import { countWithin, lastRow } from '../store/counting.ts';
import { queueCondition, type Condition } from '../store/filter.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

type Queue = Handlers<Contract>['review']['queue'];

/** A passage with the candidates that the person may see: not those of a blind check before the own verdict is in. */
export function itemOf(project: Project, passageId: string): { passage: Passage; candidates: Candidate[] } {
  const blind = blindFor(project, project.person().id, passageId);
  const candidates = project.candidates(passageId).filter((candidate) => !blind.has(candidate.id));
  return { passage: project.passage(passageId), candidates };
}

/** Passages with candidates of the filter, in reading order, found by key. */
export function queue(
  project: Project,
  { filter, around, step, limit }: Parameters<Queue>[0],
): Awaited<ReturnType<Queue>> {
  const { database } = project;
  const condition = queueCondition(filter, database);
  const { sql, parameters } = condition;
  const rowOf = (id: string): number =>
    (prepare(database, 'SELECT row FROM passages WHERE id = ?').pluck().get(id) as number | undefined) ?? 0;
  const firstOpen = (): number =>
    (prepare(database, `SELECT p.row FROM passages p WHERE p.undecided > 0 AND ${sql} ORDER BY p.row LIMIT 1`)
      .pluck()
      .get(...parameters) as number | undefined) ?? 0;
  const start = around === null ? firstOpen() : rowOf(around);
  // A passage asked for by name is shown although it may have no question of the filter.
  const named = around !== null && step === 'here' && start > 0 ? [{ row: start, id: around }] : [];
  const [compare, order] =
    step === 'previous' ? ['<', 'DESC'] : step === 'next' || named.length > 0 ? ['>', 'ASC'] : ['>=', 'ASC'];
  const found = prepare(
    database,
    `SELECT p.row, p.id FROM passages p WHERE p.row ${compare} ? AND ${sql} ORDER BY p.row ${order} LIMIT ?`,
  ).all(start, ...parameters, limit - named.length) as { row: number; id: string }[];
  const rows = [...named, ...found];
  return { items: rows.map(({ id }) => itemOf(project, id)), ...place(project, filter, condition, rows[0]?.row ?? 0) };
}

/** How many passages there are, and the number of the one in `row` among them. */
function place(
  project: Project,
  filter: CandidateFilter,
  condition: Condition,
  row: number,
): { position: number; total: number; exact: boolean } {
  const { database } = project;
  const upTo = (state: string): number =>
    prepare(database, `SELECT count(*) FROM passages p WHERE ${state} AND p.row <= ?`).pluck().get(row) as number;
  const set = Object.values(filter).filter((value) => value !== undefined).length;
  const counts = project.counts();
  if (set === 0)
    return {
      position: upTo('p.candidates > 0'),
      total: counts.passagesToReview + counts.passagesReviewed,
      exact: true,
    };
  if (set === 1 && filter.statuses?.length === 1 && filter.statuses[0] === 'undecided')
    return { position: upTo('p.undecided > 0'), total: counts.passagesToReview, exact: true };
  const last = lastRow(database, 'passages');
  const columns = `count(*), count(*) FILTER (WHERE p.row <= ${row})`;
  if (condition.rows) {
    const sql = `SELECT ${columns} FROM passages p WHERE ${condition.sql}`;
    const [total = 0, position = 0] = prepare(database, sql)
      .raw()
      .get(...condition.parameters) as number[];
    return { total, position, exact: true };
  }
  const { values, exact } = countWithin(database, { columns, from: 'passages p', row: 'p.row', last }, condition);
  const [total = 0, position = 0] = values;
  return { total, position: Math.min(position, total), exact };
}
