import { clusterItems, percentileInterval, type BootstrapOptions, type Interval } from '../statistics/bootstrap.ts';
import { pacer, type Pace } from '../statistics/pace.ts';
import { multinomial } from '../statistics/multinomial.ts';
import { seededRandom } from '../statistics/random.ts';
import {
  alphaOf, fleissOf, kappaOf, observedOf, pairIndex, tally, usualRatings, type KappaWeight, type MeasurementLevel, type Tally,
} from './coefficients.ts'; // prettier-ignore
import { RatingTable, type Agreement, type Ratings, type UndefinedReason } from './ratings.ts';

/** A coefficient with its 95 % bootstrap interval, or why there is none. */
export type Estimate = Interval | { undefinedBecause: UndefinedReason };

/** Two raters, named by their place in the list. `items` is how many both rated. */
export type PairAgreement = {
  left: number;
  right: number;
  items: number;
  observed: Estimate;
  kappa: Estimate;
  kappaLinear: Estimate;
  kappaQuadratic: Estimate;
};

/** Every agreement coefficient of a set of ratings. */
export type AgreementReport = {
  /** Items that two or more people rated, and their ratings. */
  items: number;
  ratings: number;
  /** Share of equal pairs of ratings of the same item. */
  observed: Estimate;
  alpha: Record<MeasurementLevel, Estimate>;
  /** Over `items` items of `ratings` ratings each. */
  fleiss: { estimate: Estimate; items: number; ratings: number };
  pairs: PairAgreement[];
};

/** How to estimate, and how to follow and stop it. */
export type AgreementOptions = BootstrapOptions & Pace;

const levels: readonly [MeasurementLevel, ...MeasurementLevel[]] = ['nominal', 'ordinal', 'interval'];

const weights: readonly [KappaWeight, ...KappaWeight[]] = ['none', 'linear', 'quadratic'];

/** The coefficients of a tally in a fixed order: alphas, Fleiss, observed, then observed and kappas of each pair. */
function coefficients({ categories, coincidences, confusions, fleiss }: Tally): Agreement[] {
  // Between two categories there is one distance: every level and every weight gives the same.
  const each = <Kind>([plain, ...others]: readonly [Kind, ...Kind[]], of: (kind: Kind) => Agreement): Agreement[] => {
    const first = of(plain);
    return [first, ...others.map((kind) => (categories.length < 3 ? first : of(kind)))];
  };
  return [
    ...each(levels, (level) => alphaOf(coincidences, categories, level)),
    fleissOf(fleiss),
    observedOf(confusions, categories.length),
    ...confusions.flatMap((confusion) => [
      observedOf([confusion], categories.length),
      ...each(weights, (weight) => kappaOf(confusion, categories, weight)),
    ]),
  ];
}

/**
 * Every coefficient with its percentile bootstrap interval over items, or over clusters of items. Resamples in which a
 * coefficient is undefined are left out of its interval. Works in short steps between which others run.
 * @throws the signal's reason once it is aborted.
 */
export async function agreementReport(
  raters: readonly Ratings[],
  options: AgreementOptions = {},
): Promise<AgreementReport> {
  const { samples = 1000, seed = 1, clusters } = options;
  const table = new RatingTable(raters);
  const counts = table.counts();
  const usual = usualRatings(table, counts);
  const whole = tally(table, counts, usual);
  const values = coefficients(whole);
  const drawn = values.map(() => new Float64Array(samples));
  const defined = new Uint32Array(values.length);
  const draw = sampler(table, clusters, seed);
  const step = pacer(options);
  for (let sample = 0; sample < samples; sample += 1) {
    draw(counts);
    coefficients(tally(table, counts, usual)).forEach((coefficient, at) => {
      const column = drawn[at];
      if (!('value' in coefficient) || column === undefined) return;
      column[defined[at] ?? 0] = coefficient.value;
      defined[at] = (defined[at] ?? 0) + 1;
    });
    await step((sample + 1) / samples);
  }
  const estimate = (at: number): Estimate => {
    const value = values[at];
    if (raters.length < 2 || value === undefined) return { undefinedBecause: 'tooFewRaters' };
    if (!('value' in value)) return value;
    const known = drawn[at]?.subarray(0, defined[at]) ?? [];
    return known.length === 0
      ? { ...value, low: value.value, high: value.value }
      : percentileInterval(value.value, known);
  };
  const pairs: PairAgreement[] = [];
  for (let right = 1; right < raters.length; right += 1) {
    for (let left = 0; left < right; left += 1) {
      const index = pairIndex(left, right);
      const first = levels.length + 2 + index * 4;
      pairs.push({
        left,
        right,
        items: whole.confusions[index]?.reduce((sum, count) => sum + count, 0) ?? 0,
        observed: estimate(first),
        kappa: estimate(first + 1),
        kappaLinear: estimate(first + 2),
        kappaQuadratic: estimate(first + 3),
      });
    }
  }
  options.onProgress?.(1);
  const rated = table.patternOf.reduce((sum, pattern) => sum + ((table.patterns[pattern]?.length ?? 0) > 2 ? 1 : 0), 0);
  return {
    items: rated,
    ratings: Math.round(whole.coincidences.reduce((sum, count) => sum + count, 0)),
    observed: estimate(4),
    alpha: { nominal: estimate(0), ordinal: estimate(1), interval: estimate(2) },
    fleiss: { estimate: estimate(3), items: whole.fleiss.items, ratings: usual },
    pairs,
  };
}

/** Fills counts of patterns from items, or whole clusters, drawn with replacement. */
function sampler(
  table: RatingTable,
  clusters: BootstrapOptions['clusters'],
  seed: number,
): (counts: Float64Array) => void {
  const random = seededRandom(seed);
  const { patternOf } = table;
  // Items drawn one by one give multinomial counts of their patterns; these are drawn at once.
  if (clusters === undefined) return multinomial(table.counts(), random);
  // Clusters one after another in one array: walking 40,000 small arrays for each resample would cost five times as much.
  const groups = clusterItems(clusters);
  const members = Uint32Array.from(groups.flat(), (item) => patternOf[item] ?? 0);
  const starts = new Uint32Array(groups.length + 1);
  groups.forEach((group, at) => (starts[at + 1] = (starts[at] ?? 0) + group.length));
  return (counts) => {
    counts.fill(0);
    for (let drawn = 0; drawn < groups.length; drawn += 1) {
      const group = (random() * groups.length) | 0;
      const end = starts[group + 1] ?? 0;
      for (let at = starts[group] ?? 0; at < end; at += 1) {
        const pattern = members[at] ?? 0;
        counts[pattern] = (counts[pattern] ?? 0) + 1;
      }
    }
  };
}
