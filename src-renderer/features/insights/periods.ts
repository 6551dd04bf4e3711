export const periods = ['any', 'today', 'week', 'month', 'own'] as const;
export type Period = (typeof periods)[number];

/** A period's bounds in ms since 1970; `from` and `to` are days of the calendar, both included. */
export function boundsOf(
  period: Period,
  from: string,
  to: string,
  now = Date.now(),
): { since?: number; until?: number } {
  const daysAgo = (days: number): number => {
    const date = new Date(now);
    return new Date(date.getFullYear(), date.getMonth(), date.getDate() - days).getTime();
  };
  if (period === 'any') return {};
  if (period !== 'own') return { since: daysAgo({ today: 0, week: 6, month: 29 }[period]) };
  const startOf = (date: string, later: number): number => {
    const [year = 0, month = 1, dayOfMonth = 1] = date.split('-').map(Number);
    return new Date(year, month - 1, dayOfMonth + later).getTime();
  };
  return { ...(from === '' ? {} : { since: startOf(from, 0) }), ...(to === '' ? {} : { until: startOf(to, 1) }) };
}

type Unit = 'hour' | 'day' | 'month';

/** Decisions by hour, or where that is more than two days' worth of hours by day, or by month: nothing is left out. */
export function decisionsBy(perHour: readonly { hour: number; decisions: number }[]): {
  unit: Unit;
  bars: { at: number; decisions: number }[];
} {
  const startOf: Record<Unit, (hour: number) => number> = {
    hour: (hour) => hour,
    day: (hour) => new Date(hour).setHours(0, 0, 0, 0),
    month: (hour) => {
      const date = new Date(hour);
      return new Date(date.getFullYear(), date.getMonth()).getTime();
    },
  };
  const by = (unit: Unit): { at: number; decisions: number }[] => {
    const sums = new Map<number, number>();
    for (const { hour, decisions } of perHour)
      sums.set(startOf[unit](hour), (sums.get(startOf[unit](hour)) ?? 0) + decisions);
    return [...sums].map(([at, decisions]) => ({ at, decisions }));
  };
  const unit = perHour.length <= 48 ? 'hour' : by('day').length <= 92 ? 'day' : 'month';
  return { unit, bars: by(unit) };
}
