import type { CandidateFilter } from '../../shared/contract/types.ts';
import { giveWay } from '../turn.ts';
import { lastPassage } from './counting.ts';
import { candidateSelection } from './filter.ts';
import type { Project } from './project.ts';
import { prepare } from './statements.ts';

/** Passages looked at before other calls have their turn: some tens of milliseconds. */
const passagesAtOnce = 10_000;

/** SQL that leads from `facets f` to the wide rows. */
export const wide = 'CROSS JOIN candidates c ON c.row = f.candidate CROSS JOIN states s ON s.candidate_id = c.id';

interface Asked {
  columns: string;
  join?: string;
  where?: string;
  group?: string;
}

/** A query over the candidates of a filter, some passages at a time; a search is asked once, as it finds all at once. */
export async function inParts<Row extends unknown[]>(
  { database }: Project,
  filter: CandidateFilter,
  { columns, join = '', where: also = '1', group = '' }: Asked,
  signal: AbortSignal,
  take: (rows: Row[]) => void,
): Promise<void> {
  const { from, where, parameters, searched } = candidateSelection(filter);
  const next = prepare(
    database,
    `SELECT ${columns} FROM ${from} ${join} WHERE f.passage > ? AND f.passage <= ? AND ${where} AND ${also} ${group}`,
  ).raw();
  const last = lastPassage(database);
  const step = searched ? last : join === '' ? passagesAtOnce : passagesAtOnce / 10;
  for (let row = 0; row < last; row += step) {
    take(next.all(row, row + step, ...parameters) as Row[]);
    await giveWay(signal, 'Cancelled. Nothing was changed.');
  }
}
