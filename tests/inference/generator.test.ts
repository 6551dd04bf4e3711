import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { GenerationItem } from '../../src-main/shared/inference.ts';
import { Generator, resolveDecoding } from '../../src-main/inference/generator.ts';
import type { Model } from '../../src-main/inference/model.ts';
import { loadModel } from './helpers.ts';

const texts = [
  'The old library stands near the river. It opens at nine.',
  'A small boat carries bread, fruit and letters to the island every day.',
  'In 1891 the town built a bridge of stone over the river.',
];
const items: GenerationItem[] = texts.map((text, i) => ({
  id: `p${i}`,
  text,
  language: 'en',
  focus: { start: 0, end: 12 },
}));

let model: Model;
let generator: Generator;
beforeAll(async () => {
  model = await loadModel('pointer');
  generator = new Generator(model);
});
afterAll(() => generator.close());

describe('generator', () => {
  it('gives results in order, with n-best, focus and scores', async () => {
    const results = await generator.generate(items, { decoding: { outputs: 3 } });
    expect(results.map(({ id, outputs }) => [id, outputs.length])).toEqual([
      ['p0', 3],
      ['p1', 3],
      ['p2', 3],
    ]);
    for (const { outputs } of results) {
      expect(outputs[0]?.focus).toEqual({ start: 0, end: 12 });
      expect(outputs.map(({ ranking }) => ranking)).toEqual(
        outputs.map(({ ranking }) => ranking).sort((a, b) => b - a),
      );
      for (const { score, text } of outputs) {
        expect(score).toBeLessThan(0);
        expect(text).toBe(text.trim());
      }
    }
  });

  it('never copies from a source that is all answer, and still writes', async () => {
    const text = texts[0] ?? '';
    const [result] = await generator.generate([
      { id: 'x', text, language: 'en', answer: { start: 0, end: text.length } },
    ]);
    expect(result?.outputs[0]?.tokens.length).toBeGreaterThan(0);
  });

  it('gives an interactive request its answer before a bulk one that began earlier', async () => {
    const order: string[] = [];
    const bulk = generator.generate(
      Array.from({ length: 300 }, (_, i) => ({ ...(items[i % 3] ?? items[0]), id: `b${i}` }) as GenerationItem),
      { limits: { tokens: 300, bytes: 1e9, passages: 8 } },
    );
    const done = bulk.then(() => order.push('bulk'));
    await new Promise((resolve) => setTimeout(resolve, 20));
    await generator.generate(items.slice(0, 1), { priority: 'interactive' }).then(() => order.push('interactive'));
    await done;
    expect(order).toEqual(['interactive', 'bulk']);
  });

  it('close cancels what runs', async () => {
    const other = new Generator(await loadModel('pointer'));
    const run = other.generate(
      Array.from({ length: 200 }, (_, i) => ({ ...(items[0] as GenerationItem), id: `c${i}` })),
      { limits: { tokens: 300, bytes: 1e9, passages: 8 } },
    );
    const settled = expect(run).rejects.toMatchObject({ code: 'cancelled' });
    await new Promise((resolve) => setTimeout(resolve, 20));
    await other.close();
    await settled;
  });

  it("takes the model's decoding defaults, and refuses beams that groups do not divide", () => {
    expect(resolveDecoding(model, { beams: 2 })).toMatchObject({
      method: 'beam',
      beams: 2,
      lengthPenalty: 0.8,
      maximumLength: 12,
    });
    expect(() => resolveDecoding(model, { method: 'diverse', beams: 5, groups: 2 })).toThrowError(/divisible/);
  });
});
