import { expect, test } from 'vitest';
import { cutSentence, joinSentence, nextWordStart } from '../../src-renderer/features/passages/sentences.ts';

const text = 'One two. Three four.';
const sentences = [
  { start: 0, end: 8 },
  { start: 9, end: 20 },
];

test('a sentence is cut at a word, without the space between', () => {
  expect(cutSentence(text, sentences, 15)).toEqual([
    { start: 0, end: 8 },
    { start: 9, end: 14 },
    { start: 15, end: 20 },
  ]);
});

test('nothing is cut at an edge or between sentences', () => {
  for (const at of [0, 8, 9, 20]) expect(cutSentence(text, sentences, at), String(at)).toBeNull();
});

test('a sentence joins the one before it; the first has none', () => {
  expect(joinSentence(sentences, 1)).toEqual([{ start: 0, end: 20 }]);
  expect(joinSentence(sentences, 0)).toEqual(sentences);
});

test('the caret goes from word start to word start and stays at the ends', () => {
  const passage = { text, sentences, language: 'en' as const };
  expect(nextWordStart(passage, 0, 1)).toBe(4);
  expect(nextWordStart(passage, 9, -1)).toBe(4);
  expect(nextWordStart(passage, 0, -1)).toBe(0);
  expect(
    nextWordStart(
      {
        text: '风吹了。雨落了。',
        language: 'zh',
        sentences: [
          { start: 0, end: 4 },
          { start: 4, end: 8 },
        ],
      },
      3,
      1,
    ),
  ).toBe(4);
});
