/** Ratings of one rater over all items; null where the rater did not rate. */
export type Ratings = readonly (number | null)[];

/** A coefficient, or why there is none. */
export type Agreement = { value: number } | { undefinedBecause: 'noOverlap' | 'oneCategoryOnly' | 'tooFewRaters' };

/** How far apart two values are for Krippendorff's alpha. */
export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval';

/** How much a disagreement counts in Cohen's kappa. */
export type KappaWeight = 'none' | 'linear' | 'quadratic';

function pairsOf(left: Ratings, right: Ratings): [number, number][] {
  const pairs: [number, number][] = [];
  left.forEach((value, index) => {
    const other = right[index];
    if (value !== null && other !== null && other !== undefined) pairs.push([value, other]);
  });
  return pairs;
}

/** Share of items on which two raters agree, among those both rated. */
export function observedAgreement(left: Ratings, right: Ratings): Agreement {
  const pairs = pairsOf(left, right);
  if (pairs.length === 0) return { undefinedBecause: 'noOverlap' };
  return { value: pairs.filter(([one, other]) => one === other).length / pairs.length };
}

/** Cohen's kappa of two raters over the items both rated; weights go by the order of the categories. */
export function cohenKappa(left: Ratings, right: Ratings, weight: KappaWeight = 'none'): Agreement {
  const pairs = pairsOf(left, right);
  if (pairs.length === 0) return { undefinedBecause: 'noOverlap' };
  const categories = [...new Set(pairs.flat())].sort((one, other) => one - other);
  if (categories.length < 2) return { undefinedBecause: 'oneCategoryOnly' };
  const place = new Map(categories.map((category, index) => [category, index]));
  const cost = (one: number, other: number): number => {
    const distance = Math.abs((place.get(one) ?? 0) - (place.get(other) ?? 0));
    if (weight === 'none') return distance === 0 ? 0 : 1;
    return weight === 'linear' ? distance : distance * distance;
  };
  const shares = (side: 0 | 1): Map<number, number> => {
    const counts = new Map<number, number>();
    for (const pair of pairs) counts.set(pair[side], (counts.get(pair[side]) ?? 0) + 1 / pairs.length);
    return counts;
  };
  const observed = pairs.reduce((sum, [one, other]) => sum + cost(one, other), 0) / pairs.length;
  let expected = 0;
  const rights = shares(1);
  for (const [one, share] of shares(0))
    for (const [other, otherShare] of rights) expected += share * otherShare * cost(one, other);
  return expected === 0 ? { undefinedBecause: 'oneCategoryOnly' } : { value: 1 - observed / expected };
}

/** Fleiss' kappa: all raters alike, over the items every rater rated. */
export function fleissKappa(raters: readonly Ratings[]): Agreement {
  if (raters.length < 2) return { undefinedBecause: 'tooFewRaters' };
  const items = unitsOf(raters).filter((unit) => unit.length === raters.length);
  if (items.length === 0) return { undefinedBecause: 'noOverlap' };
  const totals = new Map<number, number>();
  let observed = 0;
  for (const item of items) {
    const counts = new Map<number, number>();
    for (const value of item) counts.set(value, (counts.get(value) ?? 0) + 1);
    for (const [value, count] of counts) {
      totals.set(value, (totals.get(value) ?? 0) + count);
      observed += (count * (count - 1)) / (raters.length * (raters.length - 1) * items.length);
    }
  }
  let expected = 0;
  for (const count of totals.values()) expected += (count / (items.length * raters.length)) ** 2;
  return totals.size < 2 ? { undefinedBecause: 'oneCategoryOnly' } : { value: (observed - expected) / (1 - expected) };
}

/** The ratings each item got, without the missing ones. */
function unitsOf(raters: readonly Ratings[]): number[][] {
  const size = Math.max(0, ...raters.map((ratings) => ratings.length));
  return Array.from({ length: size }, (_item, index) =>
    raters.flatMap((ratings) => {
      const value = ratings[index];
      return value === null || value === undefined ? [] : [value];
    }),
  );
}

/** Krippendorff's alpha for any number of raters; ratings may be missing. */
export function krippendorffAlpha(raters: readonly Ratings[], level: MeasurementLevel): Agreement {
  return alphaOfUnits(unitsOf(raters), level);
}

/** Krippendorff's alpha from the ratings each item got. */
export function alphaOfUnits(allUnits: readonly (readonly number[])[], level: MeasurementLevel): Agreement {
  const units = allUnits.filter((unit) => unit.length > 1);
  if (units.length === 0) return { undefinedBecause: 'noOverlap' };
  const counts = new Map<number, number>();
  for (const unit of units) for (const value of unit) counts.set(value, (counts.get(value) ?? 0) + 1);
  const categories = [...counts.keys()].sort((one, other) => one - other);
  if (categories.length < 2) return { undefinedBecause: 'oneCategoryOnly' };
  const cumulative = new Map<number, number>();
  let before = 0;
  for (const category of categories) {
    const count = counts.get(category) ?? 0;
    cumulative.set(category, before + count / 2);
    before += count;
  }
  const total = before;
  const distance = (one: number, other: number): number => {
    if (one === other) return 0;
    if (level === 'nominal') return 1;
    if (level === 'interval') return (one - other) ** 2;
    // Ordinal: the values from the middle of one category to the middle of the other.
    return ((cumulative.get(one) ?? 0) - (cumulative.get(other) ?? 0)) ** 2;
  };
  let observed = 0;
  for (const unit of units) {
    for (const [index, one] of unit.entries()) {
      for (const [at, other] of unit.entries()) if (index !== at) observed += distance(one, other) / (unit.length - 1);
    }
  }
  let expected = 0;
  for (const one of categories)
    for (const other of categories)
      expected += (counts.get(one) ?? 0) * (counts.get(other) ?? 0) * distance(one, other);
  return { value: 1 - ((total - 1) * observed) / expected };
}
