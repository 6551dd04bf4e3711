import type { FoundSpan, SpanPattern } from './types.ts';

/** Every match of the patterns (flags `gud` needed) in a sentence. */
export function matchPatterns(sentence: string, patterns: readonly SpanPattern[]): FoundSpan[] {
  const found: FoundSpan[] = [];
  for (const { kind, score, find } of patterns) {
    for (const match of sentence.matchAll(find)) {
      const [start, end] = match.indices?.groups?.answer ?? match.indices?.[0] ?? [0, 0];
      if (end > start) found.push({ start, end, kind, score });
    }
  }
  return found;
}

/** A token between white space, with the place it stands at. */
export type Token = { text: string; start: number; end: number };

/** Splits on white space; marks at a word's ends are tokens of their own. */
export function tokensOf(sentence: string): Token[] {
  return Array.from(
    sentence.matchAll(/[\p{L}\p{M}\p{N}](?:[\p{L}\p{M}\p{N}.,:·%’'/-]*[\p{L}\p{M}\p{N}%])?|[^\s\p{L}\p{M}\p{N}]/gu),
    (match) => ({ text: match[0], start: match.index, end: match.index + match[0].length }),
  );
}
