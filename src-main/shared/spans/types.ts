import type { Span } from '../text/span.ts';

/** What an answer-like span is, as far as its form and its neighbours show. */
export type AnswerKind = 'person' | 'place' | 'name' | 'title' | 'time' | 'number' | 'thing' | 'reason' | 'manner';

/** A span that a question could ask for. `sentence` is the index of the sentence it lies in; `score` is 0 to 1. */
export type AnswerSpan = Span & { kind: AnswerKind; sentence: number; score: number };

/** A span found in one sentence; offsets count from the sentence's start. */
export type FoundSpan = Span & { kind: AnswerKind; score: number };

/** Finds the spans of one sentence in one language; they may overlap. */
export type SpanFinder = (sentence: string) => FoundSpan[];

/** One pattern: the named group `answer`, or the whole match, is the span. */
export type SpanPattern = { kind: AnswerKind; score: number; find: RegExp };
