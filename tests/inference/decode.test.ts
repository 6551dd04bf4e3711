import { describe, expect, it } from 'vitest';
import { DEFAULT_DECODING, type DecodingOptions } from '../../src-main/inference/decode/options.ts';
import {
  decode,
  goldenOptions,
  loadModel,
  readJson,
  sourceOf,
  type GoldenCase,
  type GoldenHypothesis,
} from './helpers.ts';

const golden = readJson<Record<string, GoldenCase[]>>('decode.json');
const methods = ['greedy', 'beam'] as const;

describe('decoding equals the PyTorch reference', () => {
  it.each(Object.keys(golden))('%s: outputs end at different steps, so that a batch shrinks', (name) => {
    for (const method of methods) {
      const hypotheses = (golden[name] ?? []).flatMap((item) => item[method]);
      const complete = hypotheses.filter((hypothesis) => hypothesis.complete);
      expect(complete.length / hypotheses.length).toBeGreaterThan(0.3);
      expect(new Set(complete.map(({ tokens }) => tokens.length)).size).toBeGreaterThanOrEqual(4);
    }
  });
  for (const name of ['pointer', 'published', 'plain-pointer', 'shared', 'kinds']) {
    it.each(methods)(`${name}, fp32, %s: same tokens, scores within 1e-3`, async (method) => {
      const model = await loadModel(name);
      const cases = golden[name] ?? [];
      const results = await decode(model, cases.map(sourceOf), goldenOptions(method, method === 'greedy' ? 1 : 3));
      cases.forEach((item, i) => {
        expect(results[i]?.map(({ tokens, complete }) => ({ tokens, complete }))).toEqual(
          item[method].map(({ tokens, complete }) => ({ tokens, complete })),
        );
        item[method].forEach((expected, rank) =>
          expect(Math.abs((results[i]?.[rank]?.total ?? NaN) - expected.total)).toBeLessThan(1e-3),
        );
      });
      await model.release();
    });
  }

  it.each(methods)('int8, %s: most outputs are the same', async (method) => {
    const model = await loadModel('pointer-int8');
    expect(model.int8).toBe(true);
    const cases = golden['pointer'] ?? [];
    const results = await decode(model, cases.map(sourceOf), goldenOptions(method, 1));
    const same = cases.filter((item, i) => results[i]?.[0]?.tokens.join() === item[method][0]?.tokens.join()).length;
    console.info(`int8 ${method}: ${same} of ${cases.length} outputs identical to fp32 (random weights)`);
    expect(same).toBeGreaterThanOrEqual(Math.floor(cases.length / 3));
    await model.release();
  });
});

describe('other methods and settings equal the PyTorch reference', () => {
  interface SearchGolden {
    settings: Record<string, Partial<DecodingOptions> & Pick<DecodingOptions, 'method'>>;
    cases: Record<
      string,
      (Omit<GoldenCase, 'greedy' | 'beam'> & { id: string; results: Record<string, GoldenHypothesis[]> })[]
    >;
  }
  const { settings, cases } = readJson<SearchGolden>('search.json');
  it.each(Object.keys(settings))('%s: some outputs end', (label) => {
    const hypotheses = Object.values(cases).flatMap((rows) => rows.flatMap(({ results }) => results[label] ?? []));
    expect(hypotheses.filter(({ complete }) => complete).length / hypotheses.length).toBeGreaterThan(0.15);
  });
  describe.each(Object.keys(cases))('%s', (name) => {
    it.each(Object.keys(settings))('%s', async (label) => {
      const model = await loadModel(name);
      const rows = cases[name] ?? [];
      const options = { ...DEFAULT_DECODING, ...settings[label] };
      const results = await decode(
        model,
        rows.map(sourceOf),
        options,
        rows.map(({ id }) => id),
      );
      rows.forEach((row, i) => {
        const expected = row.results[label] ?? [];
        expect(results[i]?.map(({ tokens, complete }) => ({ tokens, complete }))).toEqual(
          expected.map(({ tokens, complete }) => ({ tokens, complete })),
        );
        expected.forEach(({ total, ranking }, rank) => {
          expect(Math.abs((results[i]?.[rank]?.total ?? NaN) - total)).toBeLessThan(1e-3);
          expect(Math.abs((results[i]?.[rank]?.ranking ?? NaN) - ranking)).toBeLessThan(1e-3);
        });
      });
      await model.release();
    });
  });
});

describe('a passage gives the same output alone and in any batch', () => {
  const kinds = ['greedy', 'beam', 'diverse', 'sample'] as const;
  for (const name of ['pointer', 'published', 'kinds', 'pointer-int8']) {
    it.each(kinds)(`${name}, %s`, async (method) => {
      const model = await loadModel(name);
      const cases = golden[name === 'pointer-int8' ? 'pointer' : name] ?? [];
      const options = goldenOptions(method, method === 'greedy' ? 1 : 2);
      const sources = cases.map(sourceOf);
      const ids = sources.map((_, i) => `passage-${i}`);
      const together = await decode(model, sources, options, ids);
      for (const [i, source] of sources.entries()) {
        const [alone] = await decode(model, [source], options, [ids[i] ?? '']);
        expect(alone?.map(({ tokens }) => tokens)).toEqual(together[i]?.map(({ tokens }) => tokens));
        alone?.forEach((hypothesis, rank) =>
          expect(hypothesis.total).toBeCloseTo(together[i]?.[rank]?.total ?? NaN, 4),
        );
      }
      await model.release();
    });
  }
});
