import type { ReportSection } from '../../shared/contract/campaigns.ts';
import { cohenKappa } from '../agreement/coefficients.ts';
import { agreementReport } from '../agreement/report.ts';
import { spearman } from '../statistics/correlation.ts';
import { resamples, seed } from './method.ts';
import { meanOf } from './numbers.ts';
import { averageName, type Table } from './table.ts';

/**
 * Agreement on single questions: alpha, and the correlation that Amidei et al. (2019) ask to be shown beside it. Resamples
 * passages, because the questions of one passage are not independent.
 */
export async function agreementOf(table: Table, criterion: string): Promise<ReportSection['agreement'][number]> {
  const ratings = table.ratings(criterion);
  const passageOf = new Map(table.first.map((row) => [row.item, row.passage]));
  const clusters = table.items.map((item) => passageOf.get(item.id) ?? '');
  const { alpha, items } = await agreementReport(ratings, { samples: resamples, seed, clusters });
  const correlations: number[] = [];
  let same = 0;
  let pairs = 0;
  for (const [left, right] of pairsOf(ratings)) {
    const { one, other } = rated(left, right);
    pairs += one.length;
    same += one.filter((value, at) => value === other[at]).length;
    const correlation = spearman(one, other);
    if ('value' in correlation) correlations.push(correlation.value);
  }
  return {
    criterion,
    alpha: alpha.ordinal,
    correlation: meanOf(correlations),
    same: pairs === 0 ? null : same / pairs,
    items,
  };
}

/** What both have a value for. */
function rated(
  left: readonly (number | null)[],
  right: readonly (number | null)[],
): { one: number[]; other: number[] } {
  const both = left.flatMap((value, at) => {
    const beside = right[at] ?? null;
    return value === null || beside === null ? [] : [[value, beside] as const];
  });
  return { one: both.map(([value]) => value), other: both.map(([, value]) => value) };
}

/** Whether the raters put the systems in the same order, which can hold where single scores differ. */
export function systemOrderOf(table: Table): number | null {
  const means = table.raters.map((rater) => table.systems.map((system) => table.raterMean(rater, system, averageName)));
  const correlations = pairsOf(means).flatMap(([left, right]) => {
    const { one, other } = rated(left, right);
    const correlation = spearman(one, other);
    return 'value' in correlation ? [correlation.value] : [];
  });
  return meanOf(correlations);
}

/** How far each rater repeats the own scores of questions shown twice. */
export function repeatsOf(table: Table): ReportSection['repeats'] {
  return table.raters.flatMap((rater) => {
    const seen = new Set<string>();
    const before: number[] = [];
    const after: number[] = [];
    for (const row of table.repeated.filter((one) => one.rater === rater)) {
      const first = table.items
        .find((item) => item.id === row.item)
        ?.scores.get(rater)
        ?.get(row.criterion);
      const once = `${row.item} ${row.criterion}`; // A question of two systems stands in two rows.
      if (first === undefined || seen.has(once)) continue;
      seen.add(once);
      before.push(first);
      after.push(row.score);
    }
    if (before.length === 0) return [];
    const kappa = cohenKappa(before, after, 'quadratic');
    const same = before.filter((value, at) => value === after[at]).length / before.length;
    return [{ rater, pairs: before.length, same, kappa: 'value' in kappa ? kappa.value : null }];
  });
}

function pairsOf<Value>(values: readonly Value[]): [Value, Value][] {
  return values.flatMap((left, at) => values.slice(at + 1).map((right): [Value, Value] => [left, right]));
}
