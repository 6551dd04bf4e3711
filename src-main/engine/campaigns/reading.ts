import type { ReadItem, ReportSection } from '../../shared/contract/campaigns.ts';
import { meanAndDeviation } from '../statistics/effect.ts';
import { meanOf } from './numbers.ts';
import type { Item, Table } from './table.ts';

const listed = 10;

/** The questions worth reading: those scored lowest, and those on which the raters differ most. */
export function readingLists(table: Table): Pick<ReportSection, 'worst' | 'disputed'> {
  const items = table.items.map(toReadItem);
  const worst = [...items].sort((left, right) => left.mean - right.mean || compare(left, right));
  const disputed = items
    .filter((item) => item.spread > 0)
    .sort((left, right) => right.spread - left.spread || compare(left, right));
  return { worst: worst.slice(0, listed), disputed: disputed.slice(0, listed) };
}

function toReadItem(item: Item): ReadItem {
  const raters = [...item.scores];
  const means = raters.map(([, scores]) => meanOf([...scores.values()]) ?? 0);
  // The spread per criterion, so that raters who differ on two criteria in opposite ways do not look agreed.
  const criteria = [...new Set(raters.flatMap(([, scores]) => [...scores.keys()]))];
  const spreads = criteria.map(
    (criterion) => meanAndDeviation(raters.flatMap(([, scores]) => scores.get(criterion) ?? [])).deviation,
  );
  return {
    item: item.id,
    language: item.language,
    passage: item.passage,
    title: item.title,
    question: item.question,
    systems: item.systems,
    mean: meanOf(means) ?? 0,
    spread: meanOf(spreads) ?? 0,
    scores: raters.map(([rater, scores]) => ({
      rater,
      scores: Object.fromEntries(scores),
      comment: item.comments.get(rater) ?? '',
    })),
  };
}

function compare(left: ReadItem, right: ReadItem): number {
  return left.item < right.item ? -1 : Number(left.item > right.item);
}
