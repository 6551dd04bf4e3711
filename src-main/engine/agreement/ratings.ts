/** Ratings of one rater over all items; null where the rater did not rate. */
export type Ratings = readonly (number | null)[];

/** Why a coefficient has no value. */
export type UndefinedReason =
  /** No item was rated by two people. */
  | 'noOverlap'
  /** Every rating is the same: chance alone would agree as often. */
  | 'oneCategoryOnly'
  /** Fewer than two raters. */
  | 'tooFewRaters';

/** A coefficient, or why there is none. */
export type Agreement = { value: number } | { undefinedBecause: UndefinedReason };

const mostCategories = 100;

/**
 * Ratings with equal items counted once. Items on which everybody gave the same ratings form one pattern, so a
 * coefficient of 100,000 items costs what their few patterns cost.
 */
export class RatingTable {
  /** The different ratings in ascending order; everything else names them by their place here. */
  readonly categories: readonly number[];
  /** Pattern of each item. */
  readonly patternOf: Uint32Array;
  /** For each pattern, the raters who rated and their categories, in pairs: rater, category, rater, category, … */
  readonly patterns: readonly (readonly number[])[];
  readonly raters: number;

  /** @throws RangeError with more than 100 different ratings: these are categories, not measurements. */
  constructor(raters: readonly Ratings[]) {
    const size = Math.max(0, ...raters.map((ratings) => ratings.length));
    const values = new Set(raters.flatMap((ratings) => [...new Set(ratings)]));
    values.delete(null);
    this.categories = [...values].map(Number).sort((one, other) => one - other);
    if (this.categories.length > mostCategories)
      throw new RangeError(`More than ${String(mostCategories)} different ratings.`);
    const place = new Map(this.categories.map((category, index) => [category, index]));
    this.raters = raters.length;
    this.patternOf = new Uint32Array(size);
    const known = new Map<string, number>();
    const patterns: number[][] = [];
    for (let item = 0; item < size; item += 1) {
      let key = '';
      for (const ratings of raters) key += String.fromCharCode((place.get(ratings[item] ?? NaN) ?? -1) + 1);
      let pattern = known.get(key);
      if (pattern === undefined) {
        pattern = patterns.length;
        known.set(key, pattern);
        patterns.push(Array.from(key).flatMap((code, rater) => (code === '\0' ? [] : [rater, code.charCodeAt(0) - 1])));
      }
      this.patternOf[item] = pattern;
    }
    this.patterns = patterns;
  }

  /** How many items have each pattern. */
  counts(): Float64Array {
    const counts = new Float64Array(this.patterns.length);
    for (const pattern of this.patternOf) counts[pattern] = (counts[pattern] ?? 0) + 1;
    return counts;
  }
}
