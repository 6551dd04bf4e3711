import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODING, type DecodingOptions } from '../../src-main/inference/decode/options.ts';
import { runBatch } from '../../src-main/inference/decode/run-batch.ts';
import { SampleSearch } from '../../src-main/inference/decode/sampling.ts';
import { BeamSearch, repeatedNgramTokens, type SpecialTokens } from '../../src-main/inference/decode/search.ts';
import { questionTokens } from '../../src-main/inference/text/question-tokens.ts';
import type { NextRow, RowCandidates, StepBatch } from '../../src-main/inference/decode/step-model.ts';

const special = { end: 0, banned: new Set<number>() };

/** A model over 6 tokens whose next-token distribution depends on the last token only. */
class MarkovBatch implements StepBatch {
  readonly sizes: number[] = [];
  releases = 0;
  private last: number[][];
  private readonly table: number[][];
  constructor(passages: number, table: number[][]) {
    this.table = table;
    this.last = Array.from({ length: passages }, () => [1]);
  }
  private row(token: number): RowCandidates {
    const row = (this.table[token] ?? []).map((p, id) => ({ id, p })).sort((a, b) => b.p - a.p || a.id - b.id);
    return {
      ids: Int32Array.from(row, ({ id }) => id),
      logProbabilities: Float64Array.from(row, ({ p }) => Math.log(p)),
    };
  }
  async start(): Promise<RowCandidates[]> {
    return this.last.map(() => this.row(1));
  }
  async step(rows: readonly (readonly NextRow[])[]): Promise<RowCandidates[][]> {
    this.sizes.push(rows.length);
    this.last = rows.map((passage) => passage.map(({ token }) => token));
    return this.last.map((passage) => passage.map((token) => this.row(token)));
  }
  keep(positions: readonly number[]): void {
    this.last = positions.map((position) => this.last[position] ?? []);
  }
  release(): void {
    this.releases++;
  }
}

const TABLE = [
  [1, 0, 0, 0, 0, 0],
  [0.05, 0, 0.5, 0.45, 0, 0],
  [0.1, 0, 0, 0, 0.5, 0.4],
  [0.05, 0, 0.05, 0, 0, 0.9],
  [0.5, 0.1, 0.1, 0.1, 0.1, 0.1],
  [0.95, 0.01, 0.01, 0.01, 0.01, 0.01],
];
function options(change: Partial<DecodingOptions>): DecodingOptions {
  return {
    ...DEFAULT_DECODING,
    minimumLength: 0,
    noRepeatNgram: 0,
    lengthPenalty: 0,
    maximumLength: 6,
    outputs: 1,
    ...change,
  };
}
async function beam(change: Partial<DecodingOptions>): Promise<number[][]> {
  const [results = []] = await runBatch(new MarkovBatch(1, TABLE), [new BeamSearch(options(change), special)]);
  return results.map(({ tokens }) => [...tokens]);
}

describe('search', () => {
  it('greedy takes the best token, beam finds the better sentence', async () => {
    expect(await beam({ method: 'greedy', beams: 1 })).toEqual([[2, 4]]);
    expect(await beam({ beams: 2 })).toEqual([[3, 5]]);
  });
  it('keeps beams for tokens that ask, and ends after a question mark', async () => {
    const search = async (change: Partial<SpecialTokens>, outputs = 1): Promise<number[][]> => {
      const one = new BeamSearch(options({ beams: 2, outputs }), { ...special, ...change });
      const [results = []] = await runBatch(new MarkovBatch(1, TABLE), [one]);
      return results.map(({ tokens }) => [...tokens]);
    };
    expect(await search({})).toEqual([[3, 5]]);
    expect(await search({ asking: new Set([4]) })).toEqual([[2, 4]]);
    expect((await search({ asking: new Set([4]) }, 2))[0]).toContain(4);
    // 3 is a question mark: 5, likely after it, may not follow.
    expect((await search({ asking: new Set([3]), closing: new Set([3]) }, 2))[0]).toEqual([3]);
  });
  it('finds the question words of a vocabulary, and none where a language begins with them', () => {
    const pieces = ['<unk>', '\u2581पुल', '\u2581किसने', '?', '\u2581बनाया?', 'किसान'];
    const tokenizer = { piece: (id: number): string => pieces[id] ?? '' };
    const found = questionTokens({ language: 'hi', size: pieces.length, tokenizer });
    expect([[...(found?.asking ?? [])], [...(found?.closing ?? [])]]).toEqual([[2], [3, 4]]);
    for (const language of ['en', 'constructor'])
      expect(questionTokens({ language, size: pieces.length, tokenizer })).toBeNull();
  });
  it('n-best is sorted and distinct', async () => {
    const [results = []] = await runBatch(new MarkovBatch(1, TABLE), [
      new BeamSearch(options({ beams: 4, outputs: 4 }), special),
    ]);
    expect(results.length).toBeGreaterThan(2);
    expect(results.map(({ ranking }) => ranking)).toEqual(results.map(({ ranking }) => ranking).sort((a, b) => b - a));
    expect(new Set(results.map(({ tokens }) => tokens.join())).size).toBe(results.length);
  });
  it('scores are the mean log-probability per token', async () => {
    const [[best] = []] = await runBatch(new MarkovBatch(1, TABLE), [new BeamSearch(options({ beams: 2 }), special)]);
    expect(best?.score).toBeCloseTo(Math.log(0.45 * 0.9 * 0.95) / 3, 10);
  });
  it('respects minimum and maximum length', async () => {
    expect((await beam({ beams: 2, minimumLength: 4 }))[0]?.length).toBeGreaterThanOrEqual(4);
    expect((await beam({ method: 'greedy', beams: 1, minimumLength: 3, maximumLength: 3 }))[0]).toHaveLength(3);
  });
  it('bans repeated n-grams', () => {
    expect(repeatedNgramTokens([1, 2, 3, 1, 2], 3)).toEqual(new Set([3]));
    expect(repeatedNgramTokens([1, 2], 3)).toEqual(new Set());
    expect(repeatedNgramTokens([5, 6], 1)).toEqual(new Set([5, 6]));
  });
  it('diverse groups begin differently', async () => {
    const results = await beam({ method: 'diverse', beams: 2, groups: 2, diversityPenalty: 5, outputs: 2 });
    expect(new Set(results.map((tokens) => tokens[0]))).toEqual(new Set([2, 3]));
  });
  it('a batch shrinks as passages finish', async () => {
    const batch = new MarkovBatch(3, TABLE);
    const searches = [1, 2, 5].map(
      (maximumLength) =>
        new BeamSearch(options({ method: 'greedy', beams: 1, maximumLength, minimumLength: maximumLength }), special),
    );
    await runBatch(batch, searches);
    expect(batch.sizes[0]).toBe(2);
    expect(batch.sizes.at(-1)).toBe(1);
    expect(batch.releases).toBe(1);
  });
  it('sampling repeats with its seed, varies with another, and differs per passage', async () => {
    async function sample(seed: number, id: string): Promise<string> {
      const [results = []] = await runBatch(new MarkovBatch(1, TABLE), [
        new SampleSearch(options({ method: 'sample', beams: 8, outputs: 8, seed, topK: 0, topP: 1 }), special, id),
      ]);
      return JSON.stringify(results);
    }
    expect(await sample(1, 'a')).toBe(await sample(1, 'a'));
    expect(await sample(2, 'a')).not.toBe(await sample(1, 'a'));
    expect(await sample(1, 'b')).not.toBe(await sample(1, 'a'));
  });
  it('top-k 1 is greedy', async () => {
    const [results = []] = await runBatch(new MarkovBatch(1, TABLE), [
      new SampleSearch(options({ method: 'sample', beams: 1, topK: 1 }), special, 'a'),
    ]);
    expect(results[0]?.tokens).toEqual([2, 4]);
  });
  it('stops between steps when cancelled', async () => {
    const controller = new AbortController();
    const batch = new MarkovBatch(1, TABLE);
    let steps = 0;
    const run = runBatch(batch, [new BeamSearch(options({ beams: 2, minimumLength: 5 }), special)], {
      signal: controller.signal,
      betweenSteps: async () => {
        if (++steps === 2) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ code: 'cancelled' });
    expect(steps).toBe(2);
    expect(batch.releases).toBe(1);
  });
});
