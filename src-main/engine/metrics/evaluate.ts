import type { Language } from '../../shared/text/language.ts';
import {
  bootstrapP,
  clusterItems,
  percentileInterval,
  type Interval,
  type PairedDifference,
} from '../statistics/bootstrap.ts';
import { pacer, type Pace } from '../statistics/pace.ts';
import { seededRandom } from '../statistics/random.ts';
import { distinctSampler, distinctShare, jackknifeInterval, ngramsOf, type LeftOut } from './diversity.ts';
import type { Meteor } from './meteor/settings.ts';
import { families, tokeniseItem, type EvaluationItem, type Family, type MetricName } from './scorers.ts';
import { tokeniserVersion, type TokenProfile } from './tokenise.ts';

/** How to score. */
export type EvaluationOptions = Pace & {
  language: Language;
  profile: TokenProfile;
  meteor: Meteor;
  samples?: number;
  seed?: number;
};

/**
 * A number from 0 to 100 with its 95 % interval: a bootstrap's, or the jackknife's of shares of distinct things. Numbers
 * whose signatures differ do not belong in one column.
 */
export type MetricValue = { metric: MetricName; score: Interval; signature: string };

/** One item's own scores, 0 to 100, by metric: what a person sorts by. */
export type ItemScores = { id: string; scores: Partial<Record<MetricName, number>> };

/**
 * One system's numbers. `samples` holds each metric's resampled scores, the same draws for every system of the same items;
 * `shares` of different things what the jackknife needs of them.
 */
export type SystemScores = {
  values: MetricValue[];
  items: ItemScores[];
  samples: ReadonlyMap<MetricName, Float64Array>;
  shares: ReadonlyMap<MetricName, LeftOut>;
};

/** Two systems on the same items: the first minus the second. */
export type MetricComparison = { metric: MetricName; difference: PairedDifference; signature: string };

/** Metrics that say something about a single item. */
const itemMetrics: ReadonlySet<MetricName> = new Set([
  'bleu4', 'rougeL', 'rougeLF1', 'meteor', 'chrf', 'selfBleu', 'copiedShare', 'questionForm', 'endMark',
]); // prettier-ignore

const signatureVersion = '2';

/**
 * Every metric of one system with signature and interval. Intervals are percentile bootstraps over passages (distinct
 * shares: jackknives): items of one passage are drawn, or left out, together. Works in short steps.
 * @throws the signal's reason once it is aborted.
 */
export async function evaluateSystem(
  items: readonly EvaluationItem[],
  options: EvaluationOptions,
): Promise<SystemScores> {
  const { language, profile, meteor } = options;
  const step = pacer(options);
  const list = families(language, profile, meteor, {
    passages: items.length > 0 && items.every((item) => item.passage !== undefined),
    candidates: items.some((item) => (item.candidates?.length ?? 0) > 1),
  });
  const rows = list.map(({ width }) => new Float64Array(items.length * width));
  const tokens: (readonly string[])[] = [];
  const scored: ItemScores[] = [];
  for (const [at, item] of items.entries()) {
    const cut = tokeniseItem(item, language, profile);
    tokens.push(cut.tokens);
    const scores: ItemScores['scores'] = {};
    list.forEach((family, number) => {
      const row = Float64Array.from(family.count(cut));
      rows[number]?.set(row, at * family.width);
      for (const { metric, score } of family.metrics) if (itemMetrics.has(metric)) scores[metric] = score(row, 1);
    });
    scored.push({ id: item.id, scores });
    await step((0.8 * at) / items.length);
  }
  const clusters = clusterItems(items.map((item) => item.passage ?? item.id));
  const samples = new Map<MetricName, Float64Array>();
  const values: MetricValue[] = [];
  const sign = (metric: MetricName, variant: string): string => signature(metric, variant, items, options);
  const bootstrap = await resample(list, rows, clusters, options, step);
  list.forEach((family, number) => {
    const sums = total(rows[number] ?? new Float64Array(), family.width);
    for (const { metric, variant, score } of family.metrics) {
      const drawn = bootstrap.get(metric) ?? new Float64Array();
      const value = score(sums, items.length);
      samples.set(metric, drawn);
      values.push({
        metric,
        score: drawn.length === 0 ? { value, low: value, high: value } : percentileInterval(value, drawn),
        signature: sign(metric, variant),
      });
    }
  });
  const distinct = {
    distinct1: (at: number) => ngramsOf(tokens[at] ?? [], 1),
    distinct2: (at: number) => ngramsOf(tokens[at] ?? [], 2),
    distinctOutputs: (at: number) => [items[at]?.output ?? ''],
  } as const;
  const shares = new Map<MetricName, LeftOut>();
  for (const metric of ['distinct1', 'distinct2', 'distinctOutputs'] as const) {
    const things = clusters.map((cluster) => cluster.flatMap(distinct[metric]));
    const share = distinctShare(things);
    const { value, low, high } = jackknifeInterval(share);
    const score = { value: 100 * value, low: 100 * Math.max(0, low), high: 100 * Math.min(1, high) };
    values.push({ metric, score, signature: sign(metric, 'share') });
    shares.set(metric, share);
    const drawn = new Float64Array(clusters.length < 2 ? 0 : (options.samples ?? 1000));
    const draw = distinctSampler(things, options.seed ?? 1);
    for (let sample = 0; sample < drawn.length; sample += 1) {
      drawn[sample] = 100 * draw();
      await step(1);
    }
    samples.set(metric, drawn);
  }
  options.onProgress?.(1);
  return { values, items: scored, samples, shares };
}

function total(rows: Float64Array, width: number): Float64Array {
  const sums = new Float64Array(width);
  for (let at = 0; at < rows.length; at += 1) sums[at % width] = (sums[at % width] ?? 0) + (rows[at] ?? 0);
  return sums;
}

/** Scores of resamples by metric; the same clusters are drawn for every family. None with fewer than two clusters. */
async function resample(
  list: readonly Family[],
  rows: readonly Float64Array[],
  clusters: readonly (readonly number[])[],
  { samples = 1000, seed = 1 }: EvaluationOptions,
  step: ReturnType<typeof pacer>,
): Promise<Map<MetricName, Float64Array>> {
  const drawn = new Map<MetricName, Float64Array>();
  if (clusters.length < 2) return drawn;
  // One row per cluster: its items' sums side by side over all families, and how many items it has.
  const width = list.reduce((sum, family) => sum + family.width, 1);
  const table = new Float64Array(clusters.length * width);
  clusters.forEach((cluster, at) => {
    let column = at * width;
    list.forEach((family, number) => {
      for (const item of cluster)
        for (let place = 0; place < family.width; place += 1)
          table[column + place] = (table[column + place] ?? 0) + (rows[number]?.[item * family.width + place] ?? 0);
      column += family.width;
    });
    table[column] = cluster.length;
  });
  for (const family of list) for (const { metric } of family.metrics) drawn.set(metric, new Float64Array(samples));
  const random = seededRandom(seed);
  const sums = new Float64Array(width);
  for (let sample = 0; sample < samples; sample += 1) {
    sums.fill(0);
    for (let draw = 0; draw < clusters.length; draw += 1) {
      const from = Math.floor(random() * clusters.length) * width;
      for (let place = 0; place < width; place += 1) sums[place] = (sums[place] ?? 0) + (table[from + place] ?? 0);
    }
    let column = 0;
    for (const family of list) {
      const own = sums.subarray(column, column + family.width);
      for (const { metric, score } of family.metrics) {
        const scores = drawn.get(metric);
        if (scores !== undefined) scores[sample] = score(own, sums[width - 1] ?? 0);
      }
      column += family.width;
    }
    await step(0.8 + (0.2 * sample) / samples);
  }
  return drawn;
}

function signature(
  metric: MetricName,
  variant: string,
  items: readonly EvaluationItem[],
  { language, profile }: EvaluationOptions,
): string {
  const counts = items.map((item) => item.references.length);
  const references = `${String(Math.min(...counts))}-${String(Math.max(...counts))}`;
  return `metric:${metric}|${variant}|tok:${profile}-${tokeniserVersion}|lang:${language}|refs:${references}|n:${String(items.length)}|asklab:${signatureVersion}`;
}

/**
 * Compares two systems on the same items by paired bootstrap (Koehn 2004): both were scored on the same draws. Of shares of
 * different things the interval is the jackknife's. Metrics whose signatures differ are left out.
 */
export function compareSystems(left: SystemScores, right: SystemScores): MetricComparison[] {
  if (left.items.length !== right.items.length || left.items.some((item, at) => item.id !== right.items[at]?.id))
    throw new RangeError('The two systems do not answer the same items in the same order.');
  return left.values.flatMap(({ metric, score, signature: own }) => {
    const other = right.values.find((value) => value.metric === metric);
    const [ours, theirs] = [left.samples.get(metric), right.samples.get(metric)];
    if (other === undefined || other.signature !== own || ours === undefined || theirs === undefined) return [];
    const value = score.value - other.score.value;
    const differences = ours.map((sample, at) => sample - (theirs[at] ?? 0));
    if (differences.length === 0)
      return [{ metric, difference: { value, low: value, high: value, p: 1 }, signature: own }];
    const [share, otherShare] = [left.shares.get(metric), right.shares.get(metric)];
    const interval =
      share === undefined || otherShare === undefined
        ? percentileInterval(value, differences)
        : jackknifeInterval({
            value,
            without: share.without.map((one, at) => 100 * (one - (otherShare.without[at] ?? 0))),
          });
    return [{ metric, difference: { ...interval, p: bootstrapP(differences) }, signature: own }];
  });
}
