import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign, pick, shares, type Choice } from '../../../src-main/engine/rounds/select.ts';
import { sentenceFinder, tooFast } from '../../../src-main/engine/rounds/reading.ts';

const people = ['ann', 'ben', 'cho', 'dev', 'eva'];
const choice = fc.record({
  passage: fc.nat({ max: 20 }),
  language: fc.constantFrom('en' as const, 'fr' as const, 'hi' as const),
  difficulty: fc.constantFrom('easy', 'hard', null),
  workers: fc.subarray(people),
});
const choices = fc.array(choice, { maxLength: 120 }).map((list) =>
  list.map(({ passage, ...rest }, index): Choice => ({
    ...rest,
    item: `item-${index}`,
    passageId: `passage-${passage}`,
  })),
);
const settings = fc.record({
  overlap: fc.integer({ min: 1, max: 5 }),
  chosen: fc.subarray(people, { minLength: 1 }),
  seed: fc.nat(),
});

test('nobody gets a question they worked on, nobody gets one twice, and everyone free is asked up to the overlap', () => {
  fc.assert(
    fc.property(choices, settings, (list, { overlap, chosen, seed }) => {
      const { assignments, items, short, nobody } = assign(list, chosen, overlap, seed);
      for (const { item, workers } of list) {
        const given = assignments.filter((one) => one.item === item).map((one) => one.person);
        const able = chosen.filter((person) => !workers.includes(person));
        expect(given.filter((person) => workers.includes(person))).toEqual([]);
        expect(new Set(given).size).toBe(given.length);
        expect(given).toHaveLength(Math.min(overlap, able.length));
        expect(items.has(item)).toBe(able.length > 0);
      }
      const count = (wanted: (able: number) => boolean): number =>
        list.filter(({ workers }) => wanted(chosen.filter((person) => !workers.includes(person)).length)).length;
      expect(short).toBe(count((able) => able > 0 && able < overlap));
      expect(nobody).toBe(count((able) => able === 0));
      for (const person of chosen) {
        const places = assignments.filter((one) => one.person === person).map((one) => one.position);
        expect(places.toSorted((left, right) => left - right)).toEqual(places.map((_, index) => index));
      }
      expect(assign(list, chosen, overlap, seed)).toEqual({ assignments, items, short, nobody });
    }),
  );
});

test('people who worked on nothing get equally much, to within one passage', () => {
  const list = Array.from({ length: 300 }, (_, index): Choice => ({
    item: `item-${index}`,
    passageId: `passage-${Math.floor(index / 3)}`,
    language: 'en',
    difficulty: null,
    workers: [],
  }));
  const { assignments } = assign(list, people, 2, 7);
  const loads = people.map((person) => assignments.filter((one) => one.person === person).length);
  expect(loads.reduce((sum, load) => sum + load, 0)).toBe(600);
  expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(3);
});

test('a pick is balanced by language, takes what the seed says, and keeps passages together', () => {
  const list = (['en', 'fr', 'hi'] as const).flatMap((language, index) =>
    Array.from({ length: [100, 40, 4][index] ?? 0 }, (_, at): Choice => ({
      item: `${language}-${at}`,
      passageId: `${language}-${Math.floor(at / 4)}`,
      language,
      difficulty: at % 2 === 0 ? 'easy' : 'hard',
      workers: [],
    })),
  );
  const picked = pick(list, 44, { languages: true, difficulties: false }, 3);
  const byLanguage = (language: string): number => picked.filter((one) => one.language === language).length;
  expect([byLanguage('en'), byLanguage('fr'), byLanguage('hi')]).toEqual([20, 20, 4]);
  expect(new Set(picked.map((one) => one.passageId)).size).toBe(11);
  expect(pick(list, 44, { languages: true, difficulties: false }, 3)).toEqual(picked);
  expect(pick(list, 44, { languages: true, difficulties: false }, 4)).not.toEqual(picked);
  const halves = pick(list, 40, { languages: false, difficulties: true }, 3);
  expect(halves.filter((one) => one.difficulty === 'easy')).toHaveLength(20);
  expect(pick(list, null, { languages: true, difficulties: true }, 3)).toHaveLength(144);
});

test('shares add up, and no group gives more than it has', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 6 }), fc.nat({ max: 100 }), (sizes, count) => {
      const groups = new Map(sizes.map((size, index) => [`g${index}`, Array<null>(size).fill(null)]));
      const given = shares(groups, count);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      expect([...given.values()].reduce((sum, share) => sum + share, 0)).toBe(Math.min(count, total));
      for (const [key, share] of given) expect(share).toBeLessThanOrEqual(groups.get(key)?.length ?? 0);
    }),
  );
});

test('a decision is fast only when nobody could have read the text', () => {
  expect(tooFast(1, 8, 90, true)).toBe(true); // 90 words in a second
  expect(tooFast(8, 8, 90, true)).toBe(false);
  expect(tooFast(1, 8, 90, false)).toBe(false); // the passage was read for the question before
  expect(tooFast(0.3, 8, 90, false)).toBe(true);
});

test('the sentence asked about follows from the wording, in every language', () => {
  const text = '灯塔建于1920年。港口里有许多船。';
  const find = sentenceFinder({
    text,
    sentences: [
      { start: 0, end: 10 },
      { start: 10, end: text.length },
    ],
    language: 'zh',
  });
  expect(find('灯塔是什么时候建的？')).toBe(0);
  expect(find('港口里有什么？')).toBe(1);
  expect(find('Why?')).toBeNull();
});
