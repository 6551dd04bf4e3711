import { describe, expect, it } from 'vitest';
import { centralSentenceQuestion, rulesQuestion } from '../../../src-main/engine/metrics/baselines.ts';
import {
  distinctSampler,
  distinctShare,
  jackknifeInterval,
  ngramsOf,
  selfBleu,
} from '../../../src-main/engine/metrics/diversity.ts';
import { compareSystems, evaluateSystem } from '../../../src-main/engine/metrics/evaluate.ts';
import { meteorFor } from '../../../src-main/engine/metrics/meteor/settings.ts';
import type { EvaluationItem } from '../../../src-main/engine/metrics/scorers.ts';
import { rougeLF1 } from '../../../src-main/engine/metrics/rouge.ts';
import { seededRandom } from '../../../src-main/engine/statistics/random.ts';
import { tokenise } from '../../../src-main/engine/metrics/tokenise.ts';
import { synthetic } from '../../golden/metrics/synthetic.ts';

const items: EvaluationItem[] = synthetic('en')
  .slice(0, 120)
  .map((item, index) => ({ id: String(index), ...item }));
const perfect = items.map((item) => ({ ...item, output: item.references[0] ?? '' }));
const meteor = meteorFor('en', 'paper', { synonymSets: null });
const options = { language: 'en', profile: 'paper', samples: 60, meteor } as const;

describe('evaluate', () => {
  it('gives every metric a signature and an interval around its value', async () => {
    const { values } = await evaluateSystem(items, options);
    expect(new Set(values.map((value) => value.metric)).size).toBe(values.length);
    for (const { metric, score, signature } of values) {
      expect(signature).toContain(`metric:${metric}|`);
      expect(signature).toContain('tok:paper-1|lang:en|refs:1-4|n:120');
      expect(score.low).toBeLessThanOrEqual(score.value + 1);
      expect(score.high).toBeGreaterThanOrEqual(score.value - 1);
      expect(score.value).toBeGreaterThanOrEqual(0);
      expect(score.value).toBeLessThanOrEqual(100 + 1e-9);
    }
  });
  it('signs profiles apart', async () => {
    const plain = await evaluateSystem(items, { ...options, profile: 'plain' });
    const paper = await evaluateSystem(items, options);
    expect(plain.values[0]?.signature).not.toBe(paper.values[0]?.signature);
    expect(compareSystems(plain, paper)).toEqual([]);
  });
  it('scores an output that is a reference at the top, as a whole and by item', async () => {
    const { values, items: each } = await evaluateSystem(perfect, options);
    const scores = new Map(values.map((value) => [value.metric, value.score.value]));
    for (const metric of [
      'bleu4',
      'sacreBleu1',
      'sacreBleu2',
      'sacreBleu3',
      'sacreBleu',
      'rougeL',
      'rougeLF1',
      'chrf',
    ] as const)
      expect(scores.get(metric)).toBeCloseTo(100, 3);
    expect(each[0]?.scores.rougeL).toBeCloseTo(100, 9);
    expect(each[0]?.scores.meteor).toBeCloseTo(100, 9);
    expect(each.map((item) => item.id)).toEqual(items.map((item) => item.id));
  });
  it('sees a better system as better, and a system against itself as equal', async () => {
    const [best, own] = [await evaluateSystem(perfect, options), await evaluateSystem(items, options)];
    const better = compareSystems(best, own).find((entry) => entry.metric === 'bleu4')?.difference;
    expect(better?.low).toBeGreaterThan(0);
    expect(better?.p).toBeLessThan(0.05);
    expect(compareSystems(own, own).every(({ difference }) => difference.value === 0 && difference.p === 1)).toBe(true);
    const fewer = await evaluateSystem(items.slice(1), options);
    expect(() => compareSystems(own, fewer)).toThrow('same items');
  });
  it('compares shares of different words and questions: the jackknife\u2019s interval, the paired bootstrap\u2019s p', async () => {
    const alike = items.map((item) => ({ ...item, output: 'who built the old lamp ?' }));
    const [varied, same] = [await evaluateSystem(items, options), await evaluateSystem(alike, options)];
    for (const metric of ['distinct1', 'distinct2', 'distinctOutputs'] as const) {
      const of = (scores: typeof varied): number =>
        scores.values.find((one) => one.metric === metric)?.score.value ?? Number.NaN;
      const found = compareSystems(varied, same).find((one) => one.metric === metric)?.difference;
      expect(found?.value).toBeCloseTo(of(varied) - of(same), 9);
      expect(found?.low).toBeGreaterThan(0);
      expect(found?.low).toBeLessThan(found?.value ?? 0);
      expect(found?.high).toBeGreaterThan(found?.value ?? 0);
      expect(found?.p).toBeCloseTo(2 / 61, 9); // no resample of 60 speaks against it
      expect(compareSystems(same, varied).find((one) => one.metric === metric)?.difference.p).toBeCloseTo(2 / 61, 9);
    }
    // The same questions in another order differ in no share.
    const turned = items.map((item, at) => ({ ...item, output: items[items.length - 1 - at]?.output ?? '' }));
    const chance = compareSystems(varied, await evaluateSystem(turned, options));
    expect(chance.find((one) => one.metric === 'distinct1')?.difference).toMatchObject({ value: 0 });
    expect(chance.find((one) => one.metric === 'distinct1')?.difference.p).toBeGreaterThan(0.05);
  });
  it('draws the questions of a passage together', async () => {
    const alike = items
      .slice(0, 30)
      .flatMap((item, at) => [0, 1, 2, 3].map((copy) => ({ ...item, id: `${String(at)}.${String(copy)}` })));
    const width = async (list: EvaluationItem[]): Promise<number> => {
      const { values } = await evaluateSystem(list, { ...options, samples: 300 });
      const { low, high } = values.find(({ metric }) => metric === 'rougeL')?.score ?? { low: 0, high: 0 };
      return high - low;
    };
    const together = await width(alike.map((item) => ({ ...item, passage: item.id.split('.')[0] ?? '' })));
    expect(together).toBeGreaterThan(1.5 * (await width(alike)));
  });
  it('compares the candidates of a passage, and counts what is copied from it', async () => {
    const [first, second] = ['who built the old lamp of the harbour ?', 'when did ships leave the north island ?'];
    const list = [
      [first, first],
      [first, second],
    ].map((candidates, at) => ({
      id: String(at),
      output: first,
      references: [second],
      candidates,
      passage: at === 0 ? first : second,
    }));
    const { values, items: each } = await evaluateSystem(list, options);
    expect(values.map(({ metric }) => metric)).toContain('selfBleu');
    expect(each[0]?.scores.selfBleu).toBeCloseTo(100, 3);
    expect(each[1]?.scores.selfBleu).toBeLessThan(20);
    expect(each[0]?.scores.copiedShare).toBe(100);
    expect(each[1]?.scores.copiedShare).toBe(0);
  });
  it('stops when asked', async () => {
    const stopped = evaluateSystem(items, { ...options, samples: 100_000, signal: AbortSignal.timeout(30) });
    await expect(stopped).rejects.toThrow();
  });
});

describe('parts', () => {
  it('tokenises by profile', () => {
    expect(tokenise("What's St. Ives' 3.5 km?", 'en', 'paper')).toEqual([
      'what',
      "'s",
      'st.',
      "ives'",
      '3.5',
      'km',
      '?',
    ]);
    expect(tokenise('灯塔高32.5米？', 'zh', 'paper')).toEqual(['灯', '塔', '高', '32.5', '米', '？']);
    expect(tokenise('नाव कहाँ गई?', 'hi', 'paper')).toEqual(['नाव', 'कहाँ', 'गई?']);
    expect(tokenise('नाव कहाँ गई?', 'hi', 'plain')).toEqual(['नाव', 'कहाँ', 'गई', '?']);
  });
  it('counts diversity', () => {
    const bigrams = ['a b', 'a b'].map((output) => ngramsOf(output.split(' '), 2));
    expect(distinctShare(bigrams)).toMatchObject({ value: 1 / 2 });
    expect(ngramsOf(['a', 'b', 'a'], 1).sort()).toEqual(['a', 'a', 'b']);
    const passages = [['a', 'a'], ['a', 'b'], ['c'], ['d', 'e', 'f', 'a', 'b', 'g']];
    const { value, low, high } = jackknifeInterval(distinctShare(passages));
    expect(value).toBe(7 / 11);
    // By the definition of the jackknife: each passage left out in turn.
    const without = passages.map(
      (_passage, at) => distinctShare(passages.filter((_other, other) => other !== at)).value,
    );
    const mean = without.reduce((sum, share) => sum + share) / 4;
    const deviation = Math.sqrt((3 / 4) * without.reduce((sum, share) => sum + (share - mean) ** 2, 0));
    expect(low).toBeCloseTo(value - 1.96 * deviation, 12);
    expect(high).toBeCloseTo(value + 1.96 * deviation, 12);
    expect(low).toBeGreaterThan(0);
    expect(jackknifeInterval(distinctShare([['a', 'b']]))).toEqual({ value: 1, low: 1, high: 1 });
    // The draws of a resample, one by one, with the same seed.
    const [draw, random] = [distinctSampler(passages, 5), seededRandom(5)];
    for (let sample = 0; sample < 20; sample += 1) {
      const things = passages.flatMap(() => passages[Math.floor(random() * passages.length)] ?? []);
      expect(draw()).toBe(new Set(things).size / things.length);
    }
    const line = 'who built the old lamp'.split(' ');
    expect(selfBleu([[line, line]])).toBeCloseTo(1, 6);
    expect(selfBleu([[line, 'when did ships leave north harbour'.split(' ')]])).toBeLessThan(0.01);
    expect(selfBleu([[line]])).toBe(0);
  });
  it('takes the best reference for F1', () => {
    expect(rougeLF1(['a', 'b'], [['c'], ['a', 'b', 'd', 'e']])).toBeCloseTo(4 / 6);
    expect(rougeLF1([], [[]])).toBe(0);
  });
  it('makes the baselines', () => {
    const passage =
      'Salt is dear. The salt lamp of the old harbour was built by Ida Marsh in 1931. The lamp of the harbour is old.';
    expect(centralSentenceQuestion(passage, 'en')).toMatch(/harbour.*\?$/u);
    expect(rulesQuestion(passage, 'en')).toMatch(/^(?:When|Who|What)\b.*\?$/u);
    expect(rulesQuestion('Oh.', 'en')).toBe('');
  });
});
