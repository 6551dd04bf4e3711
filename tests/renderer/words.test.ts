/** What the interface makes of names and lengths before they reach a message. */
import { afterAll, afterEach, expect, test, vi } from 'vitest';

vi.stubGlobal('$state', <Value>(value: Value): Value => value); // no component is compiled here
const { languageInSentence, languageList, languageName, lengthText, sentences, setLocale } =
  await import('../../src-renderer/app/i18n.svelte.ts');

afterEach(() => {
  setLocale('en');
});
afterAll(() => {
  vi.unstubAllGlobals();
});

test('French writes a language large where it stands for itself, small in a sentence', () => {
  setLocale('fr');
  expect([languageName('zh'), languageInSentence('zh')]).toEqual(['Chinois', 'chinois']);
  expect(languageList(['en', 'hi'])).toBe('anglais et hindi');
});

test('a length counts characters of Chinese and words of the rest, whatever the interface speaks', () => {
  const lengths = (): string[] => (['zh', 'fr'] as const).map((language) => lengthText({ language, words: 50 }));
  expect(lengths()).toEqual(['50 characters', '50 words']);
  setLocale('zh');
  expect(lengths()).toEqual(['50 字', '50 词']);
});

test('sentences are parted by a space, in Chinese by nothing', () => {
  expect(sentences(['One.', 'Two.', 'Three.'])).toBe('One. Two. Three.');
  setLocale('zh');
  expect(sentences(['一。', '二。'])).toBe('一。二。');
});
