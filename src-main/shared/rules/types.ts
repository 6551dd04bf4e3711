import type { Language } from '../text/language.ts';
import type { Span } from '../text/span.ts';

/** What the rules get: one passage with its sentences; `focus` or `answer` narrow what is asked about. */
export type RuleInput = {
  passage: string;
  language: Language;
  sentences: readonly Span[];
  focus?: Span;
  answer?: Span;
  limit: number;
};

/** One question made by a rule, with the place of its answer in the passage. */
export type RuleCandidate = { text: string; focus: Span; answer: Span | null; rule: string; score: number };

/** What a language's file gives for one sentence; the answer's offsets count from the sentence's start. */
export type Draft = { text: string; answer: Span | null; rule: string; score: number };

/** One sentence with what its language's rules may use from around it. */
export type RuleSentence = {
  text: string;
  /** What the passage is about, when its first sentence says so; stands in for a pronoun. */
  topic: string | null;
  /** Place in the passage, 0 first. */
  index: number;
};

/** Makes drafts from one sentence. */
export type SentenceRules = (sentence: RuleSentence) => Draft[];
