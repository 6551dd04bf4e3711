import { expect, test } from 'vitest';
import { boundsOf, decisionsBy } from '../../src-renderer/features/insights/periods.ts';

const now = new Date(2026, 2, 30, 15, 40).getTime(); // the day after clocks change in much of Europe
const day = (month: number, date: number): number => new Date(2026, month - 1, date).getTime();

test('a period begins at a midnight of the person’s own calendar', () => {
  expect(boundsOf('any', '', '', now)).toEqual({});
  expect(boundsOf('today', '', '', now)).toEqual({ since: day(3, 30) });
  expect(boundsOf('week', '', '', now)).toEqual({ since: day(3, 24) });
  expect(boundsOf('month', '', '', now)).toEqual({ since: day(3, 1) });
});

test('two days are both inside; either may be left open', () => {
  expect(boundsOf('own', '2026-03-28', '2026-03-29', now)).toEqual({ since: day(3, 28), until: day(3, 30) });
  expect(boundsOf('own', '', '2026-03-29', now)).toEqual({ until: day(3, 30) });
  expect(boundsOf('own', '2026-03-28', '', now)).toEqual({ since: day(3, 28) });
});

test('decisions are counted by hour, by day or by month, so that none is left out', () => {
  const hours = (count: number, apart: number): { hour: number; decisions: number }[] =>
    Array.from({ length: count }, (_, at) => ({ hour: day(1, 1) + at * apart * 3_600_000, decisions: at + 1 }));
  const sum = (list: readonly { decisions: number }[]): number => list.reduce((all, one) => all + one.decisions, 0);
  for (const [list, unit, bars] of [
    [hours(48, 1), 'hour', 48],
    [hours(96, 1), 'day', 4],
    [hours(200, 24), 'month', 7],
  ] as const) {
    const found = decisionsBy(list);
    expect({ unit: found.unit, bars: found.bars.length }).toEqual({ unit, bars });
    expect(sum(found.bars)).toBe(sum(list));
  }
});
