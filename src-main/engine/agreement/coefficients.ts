import { RatingTable, type Agreement, type Ratings } from './ratings.ts';

/** How far apart two ratings are for Krippendorff's alpha. */
export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval';

/** How much a disagreement counts in Cohen's kappa: alike, by distance, by squared distance of the ratings. */
export type KappaWeight = 'none' | 'linear' | 'quadratic';

/** A square table of categories, row by row. */
type Square = Float64Array;

/** Everything the coefficients need from ratings: tables that are sums over items. */
export type Tally = {
  categories: readonly number[];
  /** Two raters' table of ratings of the items both rated, at `pairIndex`. */
  confusions: readonly Square[];
  /** Krippendorff's coincidences: each ordered pair of ratings of an item counts 1 / (its ratings - 1). */
  coincidences: Square;
  /** Sums for Fleiss' kappa over items with `ratings` ratings each. */
  fleiss: { ratings: number; items: number; totals: Float64Array; agreeing: number };
};

/** Where the pair of raters `left` < `right` stands in `confusions`. */
export function pairIndex(left: number, right: number): number {
  return (right * (right - 1)) / 2 + left;
}

/** The most common number of ratings of an item, at least two; the larger of two equally common. */
export function usualRatings(table: RatingTable, counts: Float64Array): number {
  const items = new Map<number, number>();
  table.patterns.forEach((pattern, at) => {
    const ratings = pattern.length / 2;
    if (ratings > 1) items.set(ratings, (items.get(ratings) ?? 0) + (counts[at] ?? 0));
  });
  return [...items].sort((one, other) => other[1] - one[1] || other[0] - one[0])[0]?.[0] ?? 0;
}

/** Sums patterns into tables; `counts` says how many items have each pattern. */
export function tally(table: RatingTable, counts: Float64Array, fleissRatings: number): Tally {
  const size = table.categories.length;
  const confusions = Array.from(
    { length: (table.raters * (table.raters - 1)) / 2 },
    () => new Float64Array(size * size),
  );
  const coincidences = new Float64Array(size * size);
  const fleiss = { ratings: fleissRatings, items: 0, totals: new Float64Array(size), agreeing: 0 };
  for (let at = 0; at < table.patterns.length; at += 1) {
    const count = counts[at] ?? 0;
    const pattern = table.patterns[at] ?? [];
    const ratings = pattern.length / 2;
    if (count === 0 || ratings < 2) continue;
    const share = count / (ratings - 1);
    let agreeing = 0;
    for (let second = 1; second < ratings; second += 1) {
      const rater = pattern[second * 2] ?? 0;
      const category = pattern[second * 2 + 1] ?? 0;
      for (let first = 0; first < second; first += 1) {
        const other = pattern[first * 2 + 1] ?? 0;
        const confusion = confusions[pairIndex(pattern[first * 2] ?? 0, rater)];
        if (confusion !== undefined) add(confusion, other * size + category, count);
        add(coincidences, other * size + category, share);
        add(coincidences, category * size + other, share);
        if (other === category) agreeing += 2;
      }
    }
    if (ratings !== fleissRatings) continue;
    fleiss.items += count;
    fleiss.agreeing += count * agreeing;
    for (let place = 1; place < pattern.length; place += 2) add(fleiss.totals, pattern[place] ?? 0, count);
  }
  return { categories: table.categories, confusions, coincidences, fleiss };
}

function add(table: Float64Array, place: number, amount: number): void {
  table[place] = (table[place] ?? 0) + amount;
}

function marginals(square: Square, size: number): { rows: Float64Array; columns: Float64Array; total: number } {
  const rows = new Float64Array(size);
  const columns = new Float64Array(size);
  let total = 0;
  square.forEach((count, place) => {
    add(rows, Math.floor(place / size), count);
    add(columns, place % size, count);
    total += count;
  });
  return { rows, columns, total };
}

/** Share of equal pairs of ratings: of the items that two raters rated, or of all pairs of raters together. */
export function observedOf(squares: readonly Square[], size: number): Agreement {
  let [agreed, total] = [0, 0];
  for (const square of squares) {
    for (let place = 0; place < square.length; place += 1) total += square[place] ?? 0;
    for (let place = 0; place < square.length; place += size + 1) agreed += square[place] ?? 0;
  }
  return total === 0 ? { undefinedBecause: 'noOverlap' } : { value: agreed / total };
}

/** Cohen's kappa (1960; weighted 1968) of a table of two raters' ratings: 1 - observed / expected disagreement. */
export function kappaOf(square: Square, categories: readonly number[], weight: KappaWeight): Agreement {
  const size = categories.length;
  const { rows, columns, total } = marginals(square, size);
  if (total === 0) return { undefinedBecause: 'noOverlap' };
  let observed = 0;
  let expected = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (row === column) continue;
      const distance = Math.abs((categories[row] ?? 0) - (categories[column] ?? 0));
      const cost = weight === 'none' ? 1 : weight === 'linear' ? distance : distance * distance;
      observed += cost * (square[row * size + column] ?? 0);
      expected += (cost * (rows[row] ?? 0) * (columns[column] ?? 0)) / total;
    }
  }
  return expected === 0 ? { undefinedBecause: 'oneCategoryOnly' } : { value: 1 - observed / expected };
}

/** Fleiss' kappa (1971). */
export function fleissOf({ ratings, items, totals, agreeing }: Tally['fleiss']): Agreement {
  if (items === 0) return { undefinedBecause: 'noOverlap' };
  const expected = totals.reduce((sum, total) => sum + (total / (items * ratings)) ** 2, 0);
  if (totals.filter((total) => total > 0).length < 2) return { undefinedBecause: 'oneCategoryOnly' };
  return { value: (agreeing / (items * ratings * (ratings - 1)) - expected) / (1 - expected) };
}

/** Krippendorff's alpha (2011, "Computing Krippendorff's alpha-reliability") of coincidences. */
export function alphaOf(coincidences: Square, categories: readonly number[], level: MeasurementLevel): Agreement {
  const size = categories.length;
  const { rows, total } = marginals(coincidences, size);
  if (total === 0) return { undefinedBecause: 'noOverlap' };
  if (rows.filter((count) => count > 0).length < 2) return { undefinedBecause: 'oneCategoryOnly' };
  // Ordinal: the ratings from the middle of one category to the middle of the other.
  const middles = new Float64Array(size);
  let before = 0;
  rows.forEach((count, category) => {
    middles[category] = before + count / 2;
    before += count;
  });
  const places: ArrayLike<number> = level === 'ordinal' ? middles : categories;
  let observed = 0;
  let expected = 0;
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      if (row === column) continue;
      const distance = level === 'nominal' ? 1 : ((places[row] ?? 0) - (places[column] ?? 0)) ** 2;
      observed += distance * (coincidences[row * size + column] ?? 0);
      expected += distance * (rows[row] ?? 0) * (rows[column] ?? 0);
    }
  }
  return { value: 1 - ((total - 1) * observed) / expected };
}

function tallyOf(raters: readonly Ratings[]): Tally {
  const table = new RatingTable(raters);
  const counts = table.counts();
  return tally(table, counts, usualRatings(table, counts));
}

const tooFewRaters = { undefinedBecause: 'tooFewRaters' } as const;

/** Share of items on which two raters agree, among those both rated. */
export function observedAgreement(left: Ratings, right: Ratings): Agreement {
  const { confusions, categories } = tallyOf([left, right]);
  return observedOf(confusions, categories.length);
}

/** Cohen's kappa of two raters over the items both rated. */
export function cohenKappa(left: Ratings, right: Ratings, weight: KappaWeight = 'none'): Agreement {
  const { confusions, categories } = tallyOf([left, right]);
  return kappaOf(confusions[0] ?? new Float64Array(), categories, weight);
}

/**
 * Fleiss' kappa over the items with the usual number of ratings (the most common one): its formula needs the same number
 * for each, from whichever people. For all ratings use alpha.
 */
export function fleissKappa(raters: readonly Ratings[]): Agreement {
  return raters.length < 2 ? tooFewRaters : fleissOf(tallyOf(raters).fleiss);
}

/** Krippendorff's alpha for any number of raters; ratings may be missing. */
export function krippendorffAlpha(raters: readonly Ratings[], level: MeasurementLevel): Agreement {
  if (raters.length < 2) return tooFewRaters;
  const { coincidences, categories } = tallyOf(raters);
  return alphaOf(coincidences, categories, level);
}
