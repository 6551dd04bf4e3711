import { expect, test } from 'vitest';
import { boundsOf } from '../../src-renderer/features/insights/periods.ts';

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
