import { align, type StageTools } from './align.ts';

/**
 * Parameters of METEOR (Denkowski and Lavie 2014, "Meteor Universal"): weights of the stages exact, stem, synonym and
 * paraphrase; `alpha` between precision and recall, `beta` and `gamma` of the penalty for fragments, `delta` of content
 * against function words.
 */
export type MeteorParameters = {
  alpha: number;
  beta: number;
  gamma: number;
  delta: number;
  stageWeights: readonly number[];
};

/** How to score one language. */
export type MeteorSettings = {
  parameters: MeteorParameters;
  tools: StageTools;
  functionWords: ReadonlySet<string>;
};

/** What one pair contributes; add them up, then score. Matched words carry their stage's weight. */
export type MeteorStatistics = {
  outputContent: number;
  outputFunction: number;
  referenceContent: number;
  referenceFunction: number;
  matchedOutputContent: number;
  matchedOutputFunction: number;
  matchedReferenceContent: number;
  matchedReferenceFunction: number;
  /** Matched words without weights. */
  outputMatches: number;
  referenceMatches: number;
  /** Runs of matches in the same order on both sides; none where all of both sides is one run. */
  chunks: number;
};

const nothing: MeteorStatistics = {
  outputContent: 0,
  outputFunction: 0,
  referenceContent: 0,
  referenceFunction: 0,
  matchedOutputContent: 0,
  matchedOutputFunction: 0,
  matchedReferenceContent: 0,
  matchedReferenceFunction: 0,
  outputMatches: 0,
  referenceMatches: 0,
  chunks: 0,
};

function pairStatistics(
  output: readonly string[],
  reference: readonly string[],
  { parameters, tools, functionWords }: MeteorSettings,
): MeteorStatistics {
  const statistics = { ...nothing };
  for (const word of output) statistics[functionWords.has(word) ? 'outputFunction' : 'outputContent'] += 1;
  for (const word of reference) statistics[functionWords.has(word) ? 'referenceFunction' : 'referenceContent'] += 1;
  let [nextReference, nextOutput] = [-1, -1];
  for (const match of align(output, reference, tools, parameters.stageWeights)) {
    const weight = parameters.stageWeights[match.stage] ?? 0;
    for (let at = match.start; at < match.start + match.length; at += 1)
      statistics[functionWords.has(reference[at] ?? '') ? 'matchedReferenceFunction' : 'matchedReferenceContent'] +=
        weight;
    for (let at = match.outputStart; at < match.outputStart + match.outputLength; at += 1)
      statistics[functionWords.has(output[at] ?? '') ? 'matchedOutputFunction' : 'matchedOutputContent'] += weight;
    statistics.referenceMatches += match.length;
    statistics.outputMatches += match.outputLength;
    if (match.start !== nextReference || match.outputStart !== nextOutput) statistics.chunks += 1;
    [nextReference, nextOutput] = [match.start + match.length, match.outputStart + match.outputLength];
  }
  const whole = statistics.outputMatches === output.length && statistics.referenceMatches === reference.length;
  if (whole && statistics.chunks === 1) statistics.chunks = 0;
  return statistics;
}

/** Counts one output against the reference that scores best, the first of equals. Words in lower case. */
export function meteorStatistics(
  output: readonly string[],
  references: readonly (readonly string[])[],
  settings: MeteorSettings,
): MeteorStatistics {
  let best: MeteorStatistics | null = null;
  let bestScore = -1;
  for (const reference of references) {
    const statistics = pairStatistics(output, reference, settings);
    const score = meteorScore(statistics, settings.parameters);
    if (score <= bestScore) continue;
    bestScore = score;
    best = statistics;
  }
  return best ?? pairStatistics(output, [], settings);
}

/** Sums the statistics of many pairs. */
export function addMeteor(items: Iterable<MeteorStatistics>): MeteorStatistics {
  const sum = { ...nothing };
  const keys = Object.keys(sum) as (keyof MeteorStatistics)[];
  for (const item of items) for (const key of keys) sum[key] += item[key];
  return sum;
}

/** The METEOR score of statistics, from 0 to 1. */
export function meteorScore(statistics: MeteorStatistics, parameters: MeteorParameters): number {
  const { alpha, beta, gamma, delta } = parameters;
  const weigh = (content: number, functions: number): number => delta * content + (1 - delta) * functions;
  const precision =
    weigh(statistics.matchedOutputContent, statistics.matchedOutputFunction) /
    weigh(statistics.outputContent, statistics.outputFunction);
  const recall =
    weigh(statistics.matchedReferenceContent, statistics.matchedReferenceFunction) /
    weigh(statistics.referenceContent, statistics.referenceFunction);
  if (!(precision > 0 && recall > 0)) return 0;
  const mean = 1 / ((1 - alpha) / precision + alpha / recall);
  const fragments = statistics.chunks / ((statistics.outputMatches + statistics.referenceMatches) / 2);
  return Math.max(0, mean * (1 - gamma * fragments ** beta));
}
