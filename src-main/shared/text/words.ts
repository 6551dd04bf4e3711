import { diffArrays } from 'diff';
import type { Language } from './language.ts';
import type { Span } from './span.ts';

/** One piece of a word-level comparison; joining `same` and `added` gives the later text. */
export type WordChange = { kind: 'same' | 'added' | 'removed'; text: string };

const segmenters = new Map<Language, Intl.Segmenter>();

function segmenter(language: Language): Intl.Segmenter | null {
  if (typeof Intl === 'undefined' || !('Segmenter' in Intl)) return null;
  const known = segmenters.get(language);
  if (known !== undefined) return known;
  const made = new Intl.Segmenter(language, { granularity: 'word' });
  segmenters.set(language, made);
  return made;
}

type Segment = { text: string; start: number; wordLike: boolean };

function segments(text: string, language: Language): Segment[] {
  const tool = segmenter(language);
  if (tool !== null) {
    return Array.from(tool.segment(text), (part) => ({
      text: part.segment,
      start: part.index,
      wordLike: part.isWordLike === true,
    }));
  }
  // Without Intl.Segmenter: runs of letters with their marks, single Han or Kana characters, everything else by character.
  const pattern = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}]+)*|\s+|./gsu;
  return Array.from(text.matchAll(pattern), (match) => ({
    text: match[0],
    start: match.index,
    wordLike: /[\p{L}\p{N}]/u.test(match[0]),
  }));
}

/** Letters and digits with their marks; an apostrophe or a stop inside joins, as in "cat's", and a comma in a number. */
const letters = '[\\p{L}\\p{N}][\\p{L}\\p{M}\\p{N}_\\u200c\\u200d]*';
const spacedWord = new RegExp(`${letters}(?:['’.]${letters}|,\\p{N}+)*`, 'gu');

/** The words of a text, without marks and spaces. Chinese needs a dictionary; elsewhere a space parts them. */
export function words(text: string, language: Language): string[] {
  if (language !== 'zh') return text.match(spacedWord) ?? [];
  return segments(text, language)
    .filter((part) => part.wordLike)
    .map((part) => part.text);
}

/** How long a text is: its words, in Chinese its characters. */
export function countWords(text: string, language: Language): number {
  return (text.match(language === 'zh' ? /\p{Script=Han}|[a-z\d]+/giu : spacedWord) ?? []).length;
}

/** Where the words of a text stand. */
export function wordSpans(text: string, language: Language): Span[] {
  return segments(text, language)
    .filter((part) => part.wordLike)
    .map((part) => ({ start: part.start, end: part.start + part.text.length }));
}

/** What changed from one text to the other, word by word; marks and spaces are pieces of their own. */
export function wordDiff(before: string, after: string, language: Language): WordChange[] {
  const pieces = (text: string): string[] => segments(text, language).map((part) => part.text);
  const changes: WordChange[] = [];
  for (const part of diffArrays(pieces(before), pieces(after))) {
    const kind = part.added ? 'added' : part.removed ? 'removed' : 'same';
    changes.push({ kind, text: part.value.join('') });
  }
  return changes;
}
