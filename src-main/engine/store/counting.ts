import type Database from 'better-sqlite3';
import type { Condition } from './filter.ts';
import { prepare } from './statements.ts';

/** Milliseconds a count may take before the rest is estimated. */
const budget = 15;
const firstStep = 512;

/**
 * Counts rows of a million without keeping anyone waiting: by ranges of rows, and what is not reached in time is
 * estimated from what was. `columns` are aggregates, `from` the tables, `row` the column that the ranges run over.
 */
export function countWithin(
  database: Database.Database,
  { columns, from, row, last }: { columns: string; from: string; row: string; last: number },
  { sql, parameters }: Condition,
): { values: number[]; exact: boolean } {
  const statement = prepare(
    database,
    `SELECT ${columns} FROM ${from} WHERE ${row} > ? AND ${row} <= ? AND ${sql}`,
  ).raw();
  const started = performance.now();
  let values: number[] = [];
  let step = firstStep;
  for (let position = 0; position < last;) {
    const next = Math.min(last, position + step);
    const counted = statement.get(position, next, ...parameters) as number[];
    values = counted.map((value, index) => value + (values[index] ?? 0));
    position = next;
    const spent = performance.now() - started;
    if (spent > budget && position < last)
      return { values: values.map((value) => Math.round((value * last) / position)), exact: false };
    if (spent < budget / 3) step *= 2;
  }
  return { values, exact: true };
}

/** The last row of a table; rows count from 1. */
export function lastRow(database: Database.Database, table: 'passages' | 'candidates'): number {
  return prepare(database, `SELECT coalesce(max(row), 0) FROM ${table}`).pluck().get() as number;
}
