import { clippedMatches, countNgrams, maximumCounts } from './ngrams.ts';

const orders = 4;

/** What one output contributes to a corpus BLEU; add them up, then score. */
export type BleuStatistics = { outputLength: number; referenceLength: number; matches: number[]; totals: number[] };

/** Tokens of one output and of its references. */
export type TokenPair = { output: readonly string[]; references: readonly (readonly string[])[] };

/** Counts one pair; the reference length is the closest to the output's, the shorter of two equally close. */
export function bleuStatistics(pair: TokenPair): BleuStatistics {
  const { output, references } = pair;
  const matches: number[] = [];
  const totals: number[] = [];
  for (let order = 1; order <= orders; order += 1) {
    const most = maximumCounts(references.map((reference) => countNgrams(reference, order)));
    matches.push(clippedMatches(countNgrams(output, order), most));
    totals.push(Math.max(0, output.length - order + 1));
  }
  let referenceLength = references[0]?.length ?? 0;
  for (const { length } of references) {
    const distance = Math.abs(length - output.length);
    const best = Math.abs(referenceLength - output.length);
    if (distance < best || (distance === best && length < referenceLength)) referenceLength = length;
  }
  return { outputLength: output.length, referenceLength, matches, totals };
}

/** Sums the statistics of many pairs. */
export function addBleu(items: Iterable<BleuStatistics>): BleuStatistics {
  const sum: BleuStatistics = { outputLength: 0, referenceLength: 0, matches: [0, 0, 0, 0], totals: [0, 0, 0, 0] };
  for (const item of items) {
    sum.outputLength += item.outputLength;
    sum.referenceLength += item.referenceLength;
    for (let order = 0; order < orders; order += 1) {
      sum.matches[order] = (sum.matches[order] ?? 0) + (item.matches[order] ?? 0);
      sum.totals[order] = (sum.totals[order] ?? 0) + (item.totals[order] ?? 0);
    }
  }
  return sum;
}

/** BLEU-1 to BLEU-4 as pycocoevalcap computes them (tiny constants instead of smoothing), from 0 to 1. */
export function cocoBleu(statistics: BleuStatistics): number[] {
  const small = 1e-9;
  const tiny = 1e-15;
  const scores: number[] = [];
  let product = 1;
  const ratio = (statistics.outputLength + tiny) / (statistics.referenceLength + small);
  const penalty = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  for (let order = 0; order < orders; order += 1) {
    product *= ((statistics.matches[order] ?? 0) + tiny) / ((statistics.totals[order] ?? 0) + small);
    scores.push(product ** (1 / (order + 1)) * penalty);
  }
  return scores;
}

/** Corpus BLEU-4 as sacreBLEU computes it (exponential smoothing, no effective order), from 0 to 100. */
export function sacreBleu(statistics: BleuStatistics): number {
  const { outputLength, referenceLength, matches, totals } = statistics;
  if (outputLength === 0 || matches.every((count) => count === 0)) return 0;
  let smoothing = 1;
  let logarithms = 0;
  for (let order = 0; order < orders; order += 1) {
    const total = totals[order] ?? 0;
    if (total === 0) return 0;
    const match = matches[order] ?? 0;
    if (match === 0) smoothing *= 2;
    logarithms += Math.log(match === 0 ? 100 / (smoothing * total) : (100 * match) / total);
  }
  const penalty = outputLength < referenceLength ? Math.exp(1 - referenceLength / outputLength) : 1;
  return penalty * Math.exp(logarithms / orders);
}
