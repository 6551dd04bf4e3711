import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Chooser, type Computed } from '../../../src-main/engine/diverse/chooser.ts';
import { groupLimit, proportional } from '../../../src-main/engine/diverse/clusters.ts';
import { language, type Language } from '../../../src-main/shared/contract/types.ts';
import { madeTexts } from './topics.ts';

interface Text {
  text: string;
  language?: Language;
}

function choose(
  texts: readonly Text[],
  number: number,
  { equal = false, seed = 1 } = {},
): { numbers: number[]; computed: Computed; clusters: number[] } {
  const chooser = new Chooser({ number, equal, seed });
  for (const { text, language: spoken = 'en' } of texts) chooser.count(text, spoken);
  chooser.ready();
  for (const { text } of texts) chooser.add(text);
  const choosing = chooser.choose();
  let next = choosing.next();
  while (next.done !== true) next = choosing.next();
  for (const place of next.value) chooser.meet(place, texts[place]?.text ?? '');
  const { chosen, computed } = chooser.result();
  expect(chosen.map(({ member }) => member)).toEqual(next.value);
  return { numbers: next.value, computed, clusters: chosen.map(({ cluster }) => cluster) };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

describe('a diverse set', { timeout: 120_000 }, () => {
  test('covers more of the words and lies nearer to the passages than random sets do', () => {
    const texts = madeTexts(1200, 5);
    const { numbers, computed, clusters } = choose(texts, 60);
    expect(numbers).toHaveLength(60);
    const { words, distance } = computed.coverage;
    expect(words.set).toBeGreaterThan(words.random.most);
    expect(distance.set).toBeLessThan(distance.random.least);
    expect(sum(clusters)).toBe(1200);
    expect(computed.clusters).toMatchObject({ count: 60, least: Math.min(...clusters), most: Math.max(...clusters) });
    expect(sum(computed.clusters.histogram.map(({ count }) => count))).toBe(60);
  });

  test('of more than one group of texts is as good, with more places than groups and with fewer', () => {
    const texts = madeTexts(groupLimit + 700, 6);
    const { computed, clusters } = choose(texts, 200);
    expect(computed.languages).toMatchObject([{ chosen: 200 }]);
    expect(computed.languages[0]?.groups).toBeGreaterThan(2);
    expect(sum(clusters)).toBe(texts.length);
    expect(computed.coverage.words.set).toBeGreaterThan(computed.coverage.words.random.most);
    expect(computed.coverage.distance.set).toBeLessThan(computed.coverage.distance.random.least);
    const few = choose(texts, 2);
    expect(few.numbers).toHaveLength(2);
    expect(sum(few.clusters)).toBe(texts.length);
  });

  test('is the same for the same seed', () => {
    const texts = madeTexts(300, 7);
    expect(choose(texts, 30)).toEqual(choose(texts, 30));
  });

  test('has one of exact copies while others remain, then copies', () => {
    const texts = [...madeTexts(30, 8), ...madeTexts(30, 8).map(({ text }) => ({ text: text.toUpperCase() }))];
    const half = choose(texts, 30);
    expect(half.numbers).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(half.computed).toMatchObject({ passages: 60, different: 30 });
    expect(choose(texts, 45).numbers).toHaveLength(45);
    expect(choose(texts, 100).numbers).toHaveLength(60);
  });

  test('has languages in proportion, or equally many of each as far as they go', () => {
    const spoken = (code: Language, count: number): Text[] =>
      madeTexts(count, 1).map(({ text }) => ({ text, language: code }));
    const texts = [...spoken('en', 120), ...spoken('fr', 60), ...spoken('ko', 3)];
    const chosen = (equal: boolean): Record<string, number> =>
      Object.fromEntries(choose(texts, 30, { equal }).computed.languages.map((one) => [one.language, one.chosen]));
    expect(chosen(false)).toEqual({ en: 19, fr: 10, ko: 1 });
    expect(chosen(true)).toEqual({ en: 13, fr: 14, ko: 3 });
  });

  test('takes any texts: right number, no text twice', () => {
    const text = fc.record({
      text: fc.oneof(
        fc.constant(''),
        fc.constant('…'),
        fc.string({ unit: 'grapheme', maxLength: 30 }),
        fc.constant('same words'),
      ),
      language: fc.constantFrom(...language.options),
    });
    fc.assert(
      fc.property(
        fc.array(text, { minLength: 1, maxLength: 25 }),
        fc.integer({ min: 1, max: 30 }),
        fc.boolean(),
        (texts, number, equal) => {
          const { numbers, computed } = choose(texts, number, { equal });
          expect(new Set(numbers).size).toBe(Math.min(number, texts.length));
          expect(sum(computed.languages.map(({ chosen }) => chosen))).toBe(numbers.length);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('places in proportion are never more than a size and always as many as asked', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40), { maxLength: 12 }), fc.nat(200), (sizes, places) => {
      const shares = proportional(sizes, places);
      expect(sum(shares)).toBe(Math.min(places, sum(sizes)));
      for (const [index, share] of shares.entries()) {
        const size = sizes[index] ?? 0;
        expect(share).toBeLessThanOrEqual(size);
        if (places >= sizes.length) expect(share).toBeGreaterThanOrEqual(Math.min(size, 1));
      }
    }),
  );
});
