import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chooseRepeats, raterOrder, withRepeats, type Placed } from '../../../src-main/engine/campaigns/order.ts';
import { drawPassages, type Place } from '../../../src-main/engine/campaigns/sample.ts';
import { seededRandom } from '../../../src-main/engine/statistics/random.ts';

const languages = ['en', 'ko'] as const;

const places = (documents: number, each: number): Place[] =>
  Array.from({ length: documents * each }, (_, at) => ({
    passage: `p${at}`,
    document: `d${Math.floor(at / each)}`,
    language: at % each === 0 ? 'ko' : 'en',
  }));

test('the sample: the same seed draws the same, no passage twice, documents take turns', () => {
  const all = places(10, 6);
  const settings = { languages, perLanguage: 12, seed: 4 };
  const drawn = drawPassages(all, settings);
  expect(drawPassages([...all], settings)).toEqual(drawn);
  expect(drawPassages(all, { ...settings, seed: 5 })).not.toEqual(drawn);
  expect(new Set(drawn).size).toBe(drawn.length);
  const documents = (language: string): string[] =>
    drawn
      .map((passage) => all.find((place) => place.passage === passage))
      .flatMap((place) => (place?.language === language ? [place.document] : []));
  expect(documents('en')).toHaveLength(12);
  expect(new Set(documents('en')).size).toBe(10);
  expect(documents('ko')).toHaveLength(10); // as many as there are
});

const placed: Placed[] = Array.from({ length: 24 }, (_, at) => ({
  item: `i${at}`,
  passage: `p${Math.floor(at / 3)}`,
  language: at < 12 ? 'en' : 'ko',
}));

test('one at a time: a language at a time, every passage before any comes again', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const order = raterOrder(placed, { languages, layout: 'question' }, seededRandom(seed));
      expect(order.map((one) => one.item).sort()).toEqual(placed.map((one) => one.item).sort());
      expect(order.slice(0, 12).every((one) => one.language === 'en')).toBe(true);
      for (let lap = 0; lap < 6; lap += 1)
        expect(new Set(order.slice(lap * 4, lap * 4 + 4).map((one) => one.passage)).size).toBe(4);
    }),
  );
});

test('a passage together: its questions stand side by side in an order of chance', () => {
  const firsts = new Set<string>();
  for (let seed = 0; seed < 40; seed += 1) {
    const order = raterOrder(placed, { languages, layout: 'passage' }, seededRandom(seed));
    for (let at = 0; at < order.length; at += 3)
      expect(new Set(order.slice(at, at + 3).map((one) => one.passage)).size).toBe(1);
    firsts.add(order.find((one) => one.passage === 'p0')?.item ?? '');
  }
  expect(firsts.size).toBe(3);
});

test('a repeat comes late, and after the first time', () => {
  fc.assert(
    fc.property(fc.integer(), fc.constantFrom('question' as const, 'passage' as const), (seed, layout) => {
      const random = seededRandom(seed);
      const order = raterOrder(placed, { languages, layout }, random);
      const repeats = chooseRepeats(order, 5, random).map((one) => ({ ...one, item: `again ${one.item}` }));
      const whole = withRepeats(order, repeats, layout, random);
      expect(whole).toHaveLength(29);
      for (const { item } of repeats) {
        const again = whole.findIndex((one) => one.item === item);
        expect(again).toBeGreaterThan(whole.findIndex((one) => `again ${one.item}` === item));
        expect(again).toBeGreaterThanOrEqual(18);
      }
    }),
  );
});
