import { clippedMatches, countNgrams } from './ngrams.ts';

const orders = 6;
const factor = 4; // beta 2, squared

/** For each of the six orders: n-grams of the output, of its best reference, and in both. */
export type ChrfStatistics = number[];

/** Counts one pair against the reference that scores best on its own. White space is left out. */
export function chrfStatistics(output: string, references: readonly string[]): ChrfStatistics {
  const own = characterCounts(output);
  let best: ChrfStatistics = [];
  let bestScore = -1;
  for (const reference of references) {
    const other = characterCounts(reference);
    const statistics: number[] = [];
    for (let order = 0; order < orders; order += 1) {
      const left = own[order] ?? new Map<string, number>();
      const right = other[order] ?? new Map<string, number>();
      statistics.push(right.size === 0 ? 0 : sum(left.values()), sum(right.values()), clippedMatches(left, right));
    }
    const score = chrf(statistics);
    if (score > bestScore) {
      bestScore = score;
      best = statistics;
    }
  }
  return best;
}

function characterCounts(text: string): Map<string, number>[] {
  const characters = Array.from(text.replace(/\s+/gu, ''));
  return Array.from({ length: orders }, (_value, index) => countNgrams(characters, index + 1));
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Sums the statistics of many pairs. */
export function addChrf(items: Iterable<ChrfStatistics>): ChrfStatistics {
  const total = new Array<number>(orders * 3).fill(0);
  for (const item of items) item.forEach((value, index) => (total[index] = (total[index] ?? 0) + value));
  return total;
}

/** chrF2 from statistics as sacreBLEU computes it, from 0 to 100. */
export function chrf(statistics: ChrfStatistics): number {
  let precision = 0;
  let recall = 0;
  let used = 0;
  for (let order = 0; order < orders; order += 1) {
    const own = statistics[order * 3] ?? 0;
    const other = statistics[order * 3 + 1] ?? 0;
    const match = statistics[order * 3 + 2] ?? 0;
    if (own === 0 || other === 0) continue;
    precision += match / own;
    recall += match / other;
    used += 1;
  }
  if (used === 0 || precision + recall === 0) return 0;
  precision /= used;
  recall /= used;
  return (100 * (1 + factor) * precision * recall) / (factor * precision + recall);
}
