import type { ReportSection } from '../../shared/contract/campaigns.ts';
import { meanAndDeviation, minimumDetectableDifference, pairedCohenD } from '../statistics/effect.ts';
import { holm, pairedPermutationTest } from '../statistics/significance.ts';
import { permutations, seed, type Resamples } from './method.ts';
import { meanOf } from './numbers.ts';
import { averageName, type Measure, type Table } from './table.ts';

type Difference = ReportSection['differences'][number];

/**
 * Every pair of systems on the passages both were scored on. The average is one family of tests and the criteria together
 * another (Holm 1979): the average answers which system is better, the criteria say why.
 */
export async function differencesOf(
  table: Table,
  draws: Resamples,
  checkpoint: () => Promise<void>,
): Promise<Difference[]> {
  const measures: Measure[] = [averageName, ...table.criteria];
  const found: Difference[] = [];
  for (const measure of measures) {
    for (const [left, right] of systemPairs(table)) {
      const entry = differenceOf(table, draws, { left, right, criterion: measure });
      if (entry) found.push(entry);
      await checkpoint();
    }
  }
  for (const family of [
    found.filter((entry) => entry.criterion === averageName),
    found.filter((entry) => entry.criterion !== averageName),
  ]) {
    const adjusted = holm(family.map((entry) => entry.p));
    family.forEach((entry, at) => (entry.adjusted = adjusted[at] ?? entry.p));
  }
  return found;
}

function differenceOf(
  table: Table,
  draws: Resamples,
  pair: Pick<Difference, 'left' | 'right' | 'criterion'>,
): Difference | null {
  const byPassage = paired(table, pair.left, pair.right, pair.criterion);
  const difference = draws.mean(byPassage);
  const values = byPassage.filter((value) => value !== null);
  if (!difference) return null;
  const { p } = pairedPermutationTest(values, { samples: permutations, seed });
  return {
    ...pair,
    passages: values.length,
    difference,
    p,
    adjusted: p,
    effect: pairedCohenD(values),
    better: values.filter((value) => value > 0).length / values.length,
    worse: values.filter((value) => value < 0).length / values.length,
  };
}

/** The smallest difference that a single comparison on this many passages finds four times in five, from the spread seen here. */
export function powerOf(table: Table): ReportSection['power'] {
  return [averageName, ...table.criteria].map((criterion) => {
    const values = systemPairs(table).map(([left, right]) =>
      paired(table, left, right, criterion).filter((value) => value !== null),
    );
    const variance = meanOf(values.filter((one) => one.length > 1).map((one) => meanAndDeviation(one).deviation ** 2));
    const passages = Math.max(0, ...values.map((one) => one.length));
    const smallest = variance === null ? null : minimumDetectableDifference(Math.sqrt(variance), passages);
    return { criterion, passages, smallest };
  });
}

function systemPairs(table: Table): [string, string][] {
  return table.systems.flatMap((left, at) =>
    table.systems.slice(at + 1).map((right): [string, string] => [left, right]),
  );
}

/** Left minus right for each passage, null where one of them has no score. */
function paired(table: Table, left: string, right: string, measure: Measure): (number | null)[] {
  const others = table.passageMeans(right, measure);
  return table.passageMeans(left, measure).map((value, at) => {
    const other = others[at] ?? null;
    return value === null || other === null ? null : value - other;
  });
}
