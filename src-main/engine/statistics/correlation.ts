/** A correlation from -1 to 1, or why there is none: fewer than two pairs, or one side without variation. */
export type Correlation = { value: number } | { undefinedBecause: 'tooFewItems' | 'constant' };

function checked(left: readonly number[], right: readonly number[]): Exclude<Correlation, { value: number }> | null {
  if (left.length !== right.length) throw new RangeError('Both sides need the same number of items.');
  if (left.length < 2) return { undefinedBecause: 'tooFewItems' };
  const constant = (side: readonly number[]): boolean => side.every((value) => value === side[0]);
  return constant(left) || constant(right) ? { undefinedBecause: 'constant' } : null;
}

/** Pearson's product-moment correlation. */
export function pearson(left: readonly number[], right: readonly number[]): Correlation {
  const reason = checked(left, right);
  if (reason !== null) return reason;
  const mean = (side: readonly number[]): number => side.reduce((sum, value) => sum + value, 0) / side.length;
  const [leftMean, rightMean] = [mean(left), mean(right)];
  let both = 0;
  let leftSquares = 0;
  let rightSquares = 0;
  left.forEach((value, item) => {
    const one = value - leftMean;
    const other = (right[item] ?? 0) - rightMean;
    both += one * other;
    leftSquares += one * one;
    rightSquares += other * other;
  });
  return { value: Math.max(-1, Math.min(1, both / Math.sqrt(leftSquares * rightSquares))) };
}

/** Ranks from 1; equal values share the mean of their ranks. */
export function midRanks(values: readonly number[]): number[] {
  const order = values.map((_value, item) => item).sort((one, other) => (values[one] ?? 0) - (values[other] ?? 0));
  const ranks = new Array<number>(values.length).fill(0);
  for (let start = 0; start < order.length;) {
    let end = start;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end += 1;
    for (let place = start; place < end; place += 1) ranks[order[place] ?? 0] = (start + end + 1) / 2;
    start = end;
  }
  return ranks;
}

/** Spearman's rank correlation: Pearson's on ranks, ties at their mean rank. */
export function spearman(left: readonly number[], right: readonly number[]): Correlation {
  return checked(left, right) ?? pearson(midRanks(left), midRanks(right));
}

/**
 * Kendall's tau-b (Kendall 1945): concordant less discordant pairs over the geometric mean of the pairs untied on each
 * side. Discordant pairs are counted by merge sort (Knight 1966), so n items cost n log n.
 */
export function kendallTauB(left: readonly number[], right: readonly number[]): Correlation {
  const reason = checked(left, right);
  if (reason !== null) return reason;
  const items = left
    .map((value, item) => [value, right[item] ?? 0] as const)
    .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
  const tiesOf = (keys: readonly (string | number)[]): number => {
    const counts = new Map<string | number, number>();
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0);
  };
  const pairs = (items.length * (items.length - 1)) / 2;
  const leftTies = tiesOf(left);
  const rightTies = tiesOf(right);
  const bothTies = tiesOf(items.map(([one, other]) => `${String(one)} ${String(other)}`));
  const discordant = inversions(Float64Array.from(items, (item) => item[1]));
  const difference = pairs - leftTies - rightTies + bothTies - 2 * discordant;
  return { value: difference / Math.sqrt(pairs - leftTies) / Math.sqrt(pairs - rightTies) };
}

/** Pairs that stand in the wrong order; sorts `values`. */
function inversions(values: Float64Array): number {
  if (values.length < 2) return 0;
  const middle = values.length >> 1;
  const [low, high] = [values.slice(0, middle), values.slice(middle)];
  let count = inversions(low) + inversions(high);
  let [lowAt, highAt] = [0, 0];
  for (let place = 0; place < values.length; place += 1) {
    const [one, other] = [low[lowAt] ?? Infinity, high[highAt] ?? Infinity];
    if (highAt >= high.length || (lowAt < low.length && one <= other)) {
      values[place] = one;
      lowAt += 1;
    } else {
      values[place] = other;
      highAt += 1;
      count += low.length - lowAt;
    }
  }
  return count;
}
