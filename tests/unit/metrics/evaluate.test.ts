import { describe, expect, it } from 'vitest';
import { centralSentenceQuestion, rulesQuestion } from '../../../src-main/engine/metrics/baselines.ts';
import { distinctShare, selfBleu } from '../../../src-main/engine/metrics/diversity.ts';
import { compare, evaluate, type EvaluationItem } from '../../../src-main/engine/metrics/evaluate.ts';
import { meteorScore, meteorStatistics } from '../../../src-main/engine/metrics/meteor.ts';
import { rougeLF1 } from '../../../src-main/engine/metrics/rouge.ts';
import { tokenise } from '../../../src-main/engine/metrics/tokenise.ts';
import { synthetic } from '../../golden/metrics/synthetic.ts';

const items: EvaluationItem[] = synthetic('en')
  .slice(0, 120)
  .map((item, index) => ({ id: String(index), ...item }));
const perfect = items.map((item) => ({ ...item, output: item.references[0] ?? '' }));
const options = { language: 'en', profile: 'paper', samples: 60 } as const;

describe('evaluate', () => {
  it('gives every metric a signature and an interval around its value', () => {
    const values = evaluate(items, options);
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
  it('signs profiles apart', () => {
    const plain = evaluate(items, { ...options, profile: 'plain' });
    expect(plain[0]?.signature).not.toBe(evaluate(items, options)[0]?.signature);
  });
  it('scores an output that is a reference at the top', () => {
    const scores = new Map(evaluate(perfect, options).map((value) => [value.metric, value.score.value]));
    for (const metric of ['bleu4', 'sacreBleu', 'rougeL', 'rougeLF1', 'chrf', 'meteor'] as const)
      expect(scores.get(metric)).toBeCloseTo(100, 3);
  });
  it('sees a better system as better, and a system against itself as equal', () => {
    const better = compare(perfect, items, options).find((entry) => entry.metric === 'bleu4')?.difference;
    expect(better?.low).toBeGreaterThan(0);
    expect(better?.p).toBeLessThan(0.05);
    expect(
      compare(items, items, options).every((entry) => entry.difference.value === 0 && entry.difference.p === 1),
    ).toBe(true);
    expect(() => compare(items, items.slice(1), options)).toThrow('same items');
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
    expect(
      distinctShare(
        [
          ['a', 'b'],
          ['a', 'c'],
        ],
        1,
      ),
    ).toBe(3 / 4);
    expect(
      distinctShare(
        [
          ['a', 'b'],
          ['a', 'b'],
        ],
        2,
      ),
    ).toBe(1 / 2);
    const line = 'who built the old lamp'.split(' ');
    expect(selfBleu([[line, line]])).toBeCloseTo(1, 6);
    expect(selfBleu([[line, 'when did ships leave north harbour'.split(' ')]])).toBeLessThan(0.01);
    expect(selfBleu([[line]])).toBe(0);
  });
  it('uses stems and synonyms in METEOR where they are given, at their weights', () => {
    const score = (stages: Parameters<typeof meteorStatistics>[2]): number =>
      meteorScore(meteorStatistics(['boats', 'left'], [['boat', 'left']], stages));
    const stem = (word: string): string => word.replace(/s$/u, '');
    const synonymSets = (word: string): string[] => (word.startsWith('boat') ? ['vessel'] : []);
    expect(score({})).toBeLessThan(score({ stem }));
    expect(score({ stem })).toBeLessThan(score({ synonymSets }));
    expect(score({ synonymSets })).toBeLessThan(1);
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
