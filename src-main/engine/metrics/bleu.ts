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
  const tokens = numbered([output, ...references]);
  let grams = tokens;
  for (let order = 1; order <= orders; order += 1) {
    if (order > 1) grams = longer(grams, tokens);
    matches.push(clippedMatches(grams));
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

/** Lists whose values are numbers from 0, equal where the values were; the output's comes first. */
type Numbered = { lists: number[][]; size: number };

function numbered(lists: readonly (readonly (string | number)[])[]): Numbered {
  const known = new Map<string | number, number>();
  const own: number[][] = [];
  for (const list of lists) {
    const numbers: number[] = [];
    for (const value of list) {
      let number = known.get(value);
      if (number === undefined) known.set(value, (number = known.size));
      numbers.push(number);
    }
    own.push(numbers);
  }
  return { lists: own, size: known.size };
}

/** N-grams one token longer: each is the shorter one and the token that ends it. */
function longer(shorter: Numbered, tokens: Numbered): Numbered {
  const lists = shorter.lists.map((list, which) => {
    const ends = tokens.lists[which] ?? [];
    const extra = ends.length - list.length + 1;
    const grams: number[] = [];
    for (let at = 0; at + 1 < list.length; at += 1) grams.push((list[at] ?? 0) * tokens.size + (ends[at + extra] ?? 0));
    return grams;
  });
  return numbered(lists);
}

/** How many of the output's n-grams are in a reference, each counted at most as often as where it occurs most. */
function clippedMatches({ lists: [output = [], ...references], size }: Numbered): number {
  const left = new Uint32Array(size); // of each n-gram, how many may still match
  const counts = new Uint32Array(size);
  for (const reference of references) {
    counts.fill(0);
    for (const gram of reference) {
      const times = (counts[gram] ?? 0) + 1;
      counts[gram] = times;
      if (times > (left[gram] ?? 0)) left[gram] = times;
    }
  }
  let matches = 0;
  for (const gram of output) {
    const may = left[gram] ?? 0;
    if (may === 0) continue;
    left[gram] = may - 1;
    matches += 1;
  }
  return matches;
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

/** Corpus BLEU-1 to BLEU-4 as sacreBLEU computes them (exponential smoothing, no effective order), from 0 to 100. */
export function sacreBleu(statistics: BleuStatistics): number[] {
  const { outputLength, referenceLength, matches, totals } = statistics;
  const penalty = outputLength < referenceLength ? Math.exp(1 - referenceLength / outputLength) : 1;
  const scores: number[] = [];
  let smoothing = 1;
  let logarithms = 0; // minus infinity once nothing of an order can match
  for (let order = 0; order < orders; order += 1) {
    const [match, total] = [matches[order] ?? 0, totals[order] ?? 0];
    if (match === 0) smoothing *= 2;
    logarithms += Math.log(total === 0 ? 0 : match === 0 ? 100 / (smoothing * total) : (100 * match) / total);
    // Without one equal token there is nothing to smooth.
    scores.push(outputLength === 0 || matches[0] === 0 ? 0 : penalty * Math.exp(logarithms / (order + 1)));
  }
  return scores;
}
