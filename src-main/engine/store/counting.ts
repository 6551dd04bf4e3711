import type Database from 'better-sqlite3';
import { prepare } from './statements.ts';

/** Milliseconds a count may take before the rest is estimated. */
const budget = 15;
const firstStep = 4096;

/**
 * Counts rows of a million without keeping anyone waiting: by ranges of rows, and what is not reached in time is
 * estimated from what was. `sql` gives numbers for the rows after its first parameter up to its second.
 */
export function countWithin(
  database: Database.Database,
  sql: string,
  parameters: readonly (string | number)[],
  { first = 0, last }: { first?: number; last: number },
): { values: number[]; exact: boolean } {
  const statement = prepare(database, sql).raw();
  const started = performance.now();
  let values: number[] = [];
  let step = firstStep;
  for (let position = first; position < last;) {
    const next = Math.min(last, position + step);
    const counted = statement.get(position, next, ...parameters) as number[];
    values = counted.map((value, index) => value + (values[index] ?? 0));
    position = next;
    const spent = performance.now() - started;
    if (spent > budget && position < last) {
      const whole = (last - first) / (position - first);
      return { values: values.map((value) => Number((value * whole).toPrecision(2))), exact: false };
    }
    if (spent < budget / 3) step *= 2;
  }
  return { values, exact: true };
}

/** The last row of the passages; rows count from 1. */
export function lastPassage(database: Database.Database): number {
  return prepare(database, 'SELECT coalesce(max(row), 0) FROM passages').pluck().get() as number;
}
