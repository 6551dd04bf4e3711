import type { Span } from '../../src-main/shared/contract/types.ts';

export interface Piece {
  text: string;
  start: number;
  answer: boolean;
  found: boolean;
}

export interface SentencePart {
  index: number | null; // null: what stands between two sentences
  pieces: Piece[];
}

/** The passage cut into sentences and, within them, where the answer and the search matches begin and end. */
export function passageParts(
  text: string,
  sentences: readonly Span[],
  answer: Span | null,
  matches: readonly Span[],
): SentencePart[] {
  const parts: SentencePart[] = [];
  let at = 0;
  sentences.forEach((sentence, index) => {
    if (sentence.start > at) parts.push({ index: null, pieces: pieces(text, at, sentence.start, answer, matches) });
    parts.push({ index, pieces: pieces(text, sentence.start, sentence.end, answer, matches) });
    at = sentence.end;
  });
  if (at < text.length) parts.push({ index: null, pieces: pieces(text, at, text.length, answer, matches) });
  return parts;
}

function pieces(text: string, start: number, end: number, answer: Span | null, matches: readonly Span[]): Piece[] {
  const cuts = new Set([start, end]);
  for (const span of answer === null ? matches : [answer, ...matches]) {
    for (const cut of [span.start, span.end]) if (cut > start && cut < end) cuts.add(cut);
  }
  const places = [...cuts].sort((left, right) => left - right);
  const within = (span: Span, at: number): boolean => span.start <= at && at < span.end;
  return places.slice(0, -1).map((from, index) => ({
    text: text.slice(from, places[index + 1]),
    start: from,
    answer: answer !== null && within(answer, from),
    found: matches.some((match) => within(match, from)),
  }));
}
