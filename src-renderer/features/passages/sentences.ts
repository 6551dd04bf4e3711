import type { Passage, Span } from '../../../src-main/shared/contract/types.ts';
import { wordSpans } from '../../../src-main/shared/text/words.ts';

/** The sentence an offset falls in, cut there without the white space between; null where there is nothing to cut. */
export function cutSentence(text: string, sentences: readonly Span[], at: number): Span[] | null {
  const index = sentences.findIndex((sentence) => sentence.start < at && at < sentence.end);
  const sentence = sentences[index];
  if (sentence === undefined) return null;
  const left = text.slice(sentence.start, at).trimEnd();
  const right = text.slice(at, sentence.end).trimStart();
  if (left === '' || right === '') return null;
  return [
    ...sentences.slice(0, index),
    { start: sentence.start, end: sentence.start + left.length },
    { start: sentence.end - right.length, end: sentence.end },
    ...sentences.slice(index + 1),
  ];
}

/** The sentence at `index` joined with the one before it. */
export function joinSentence(sentences: readonly Span[], index: number): Span[] {
  const [before, joined] = [sentences[index - 1], sentences[index]];
  if (before === undefined || joined === undefined) return [...sentences];
  return [...sentences.slice(0, index - 1), { start: before.start, end: joined.end }, ...sentences.slice(index + 1)];
}

/** Where a word or a sentence begins, next after or before an offset; the offset itself at either end. */
export function nextWordStart(
  passage: Pick<Passage, 'text' | 'language' | 'sentences'>,
  at: number,
  direction: 1 | -1,
): number {
  const starts = [...wordSpans(passage.text, passage.language), ...passage.sentences]
    .map((span) => span.start)
    .sort((left, right) => left - right);
  return (direction === 1 ? starts.find((start) => start > at) : starts.findLast((start) => start < at)) ?? at;
}
