import type { Language } from '../text/language.ts';
import type { Span } from '../text/span.ts';
import { chineseSpans } from './chinese.ts';
import { englishSpans } from './english.ts';
import { frenchSpans } from './french.ts';
import { hindiSpans } from './hindi.ts';
import { koreanSpans } from './korean.ts';
import type { AnswerSpan, FoundSpan, SpanFinder } from './types.ts';

export type { AnswerKind, AnswerSpan } from './types.ts';

const finders: Record<Language, SpanFinder> = {
  en: englishSpans,
  zh: chineseSpans,
  ko: koreanSpans,
  fr: frenchSpans,
  hi: hindiSpans,
};

/** A longer sentence is a table or a list. */
const longestSentence = 1200;

/**
 * Answer-like spans of a passage, best first: names, times, numbers, titles, reasons and noun phrases, found by the rules
 * of the language. No two overlap or read
 * the same. Sentences take turns, so that the first few spans ask about different sentences.
 * `sentences` are the passage's, in order; `limit` cuts the list.
 */
export function proposeAnswers(
  text: string,
  language: Language,
  sentences: readonly Span[],
  limit = Infinity,
): AnswerSpan[] {
  const rounds: AnswerSpan[][] = [];
  for (const [index, sentence] of sentences.entries()) {
    if (sentence.end - sentence.start > longestSentence) continue;
    for (const [depth, span] of sentenceAnswers(text.slice(sentence.start, sentence.end), language).entries()) {
      const round = (rounds[depth] ??= []);
      round.push({ ...span, start: span.start + sentence.start, end: span.end + sentence.start, sentence: index });
    }
  }
  const ranked = rounds.flatMap((round) => round.sort((left, right) => right.score - left.score));
  const seen = new Set<string>();
  const fresh = ranked.filter(({ start, end }) => {
    const key = text.slice(start, end).toLowerCase();
    return !seen.has(key) && seen.add(key);
  });
  return fresh.slice(0, limit);
}

/** The spans of one sentence, best first, none overlapping; offsets count from the sentence's start. */
export function sentenceAnswers(sentence: string, language: Language): FoundSpan[] {
  const found = finders[language](sentence)
    .map((span) => trimmed(sentence, span))
    .filter((span) => /[\p{L}\p{N}]/u.test(sentence.slice(span.start, span.end)));
  found.sort((left, right) => right.score - left.score || right.end - right.start - (left.end - left.start));
  const kept: FoundSpan[] = [];
  for (const span of found) {
    if (kept.every((other) => span.end <= other.start || other.end <= span.start)) kept.push(span);
  }
  return kept;
}

function trimmed(sentence: string, span: FoundSpan): FoundSpan {
  let { start, end } = span;
  while (start < end && /[\s,，、;；:：]/u.test(sentence.charAt(start))) start += 1;
  while (
    end > start &&
    /[\s,，、;；:：.。।!！?？]/u.test(sentence.charAt(end - 1)) &&
    !/\p{Lu}\.$/u.test(sentence.slice(start, end))
  )
    end -= 1;
  return { ...span, start, end };
}
