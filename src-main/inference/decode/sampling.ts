/** Sampling with temperature, top-k and top-p. The same seed gives the same output, alone or in any batch. */
import { required } from '../errors.ts';
import type { DecodingOptions } from './options.ts';
import { makeHypothesis, refusals, type Hypothesis, type Live, type Search, type SpecialTokens } from './search.ts';
import type { NextRow, RowCandidates } from './step-model.ts';

/** Mulberry32: uniform numbers in [0, 1) from a 32-bit seed. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** 32-bit FNV-1a: gives every passage its own stream from one seed. */
export function hashText(text: string, seed: number): number {
  let hash = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash;
}

/** `beams` independent samples of one passage. */
export class SampleSearch implements Search {
  private readonly options: DecodingOptions;
  private readonly special: SpecialTokens;
  private readonly random: (() => number)[];
  private live: (Live | null)[];
  private readonly finished: Hypothesis[] = [];
  private started = false;

  constructor(options: DecodingOptions, special: SpecialTokens, id: string) {
    this.options = options;
    this.special = special;
    this.random = Array.from({ length: options.beams }, (_, i) => seededRandom(hashText(`${id}#${i}`, options.seed)));
    this.live = Array.from({ length: options.beams }, () => ({ tokens: [], total: 0 }));
  }

  advance(candidates: readonly RowCandidates[]): NextRow[] | null {
    const { options, special } = this;
    const rows: NextRow[] = [];
    this.live = this.live.map((row, i) => {
      const parent = this.started ? i : 0;
      const from = required(candidates[parent]);
      if (row === null) {
        rows.push({ parent, token: from.ids[0] ?? 0 });
        return null;
      }
      const drawn = this.draw(from, row.tokens, required(this.random[i]));
      rows.push({ parent, token: drawn?.token ?? from.ids[0] ?? 0 });
      if (drawn === null) {
        this.finished.push(makeHypothesis(row.tokens, row.total, false, options.lengthPenalty));
        return null;
      }
      const total = row.total + drawn.logProbability;
      if (drawn.token === special.end) {
        this.finished.push(makeHypothesis(row.tokens, total, true, options.lengthPenalty));
        return null;
      }
      const tokens = [...row.tokens, drawn.token];
      if (tokens.length >= options.maximumLength) {
        this.finished.push(makeHypothesis(tokens, total, false, options.lengthPenalty));
        return null;
      }
      return { tokens, total };
    });
    this.started = true;
    return this.live.every((row) => row === null) ? null : rows;
  }

  private draw(
    candidates: RowCandidates,
    tokens: readonly number[],
    random: () => number,
  ): { token: number; logProbability: number } | null {
    const { temperature, topK, topP } = this.options;
    const refused = refusals(tokens, this.options, this.special);
    const allowed = Array.from(candidates.ids, (token, i) => ({
      token,
      logProbability: candidates.logProbabilities[i] ?? -Infinity,
    })).filter(({ token, logProbability }) => logProbability !== -Infinity && !refused(token));
    const kept = topK > 0 ? allowed.slice(0, topK) : allowed;
    const first = kept[0];
    if (first === undefined) return null;
    const heat = Math.max(temperature, 1e-4);
    const weights = kept.map(({ logProbability }) => Math.exp((logProbability - first.logProbability) / heat));
    const mass = weights.reduce((sum, weight) => sum + weight, 0);
    let count = 0;
    let nucleus = 0;
    while (count < weights.length && (count === 0 || nucleus < topP * mass)) nucleus += weights[count++] ?? 0;
    let point = random() * nucleus;
    for (let i = 0; i < count; i++) {
      point -= weights[i] ?? 0;
      if (point < 0) return required(kept[i]);
    }
    return required(kept[count - 1]);
  }

  results(): Hypothesis[] {
    return [...this.finished].sort((a, b) => b.ranking - a.ranking).slice(0, Math.max(1, this.options.outputs));
  }
}
