import { normalForm, similarity } from '../text/fingerprint.ts';
import type { Language } from '../text/language.ts';
import { hasQuestionForm } from '../text/questionForms.ts';
import type { Span } from '../text/span.ts';
import { chineseDrafts, chineseTopic } from './chinese/drafts.ts';
import { englishDrafts, englishTopic } from './english/drafts.ts';
import { frenchDrafts, frenchTopic } from './french/drafts.ts';
import { hindiDrafts, hindiTopic } from './hindi/drafts.ts';
import { koreanDrafts, koreanTopic } from './korean/drafts.ts';
import type { RuleCandidate, RuleInput, SentenceRules } from './types.ts';

export type { RuleCandidate, RuleInput } from './types.ts';

/** Stored as the lineage of every question made here; changes with any change of wording. */
export const rulesVersion = 'rules-5';

const rules: Record<Language, SentenceRules> = {
  en: englishDrafts,
  zh: chineseDrafts,
  ko: koreanDrafts,
  fr: frenchDrafts,
  hi: hindiDrafts,
};

const topics: Record<Language, (firstSentence: string) => string | null> = {
  en: englishTopic,
  zh: chineseTopic,
  ko: koreanTopic,
  fr: frenchTopic,
  hi: hindiTopic,
};

/** Longest question in characters that is still worth a person's time. */
const longest: Record<Language, number> = { en: 160, zh: 60, ko: 90, fr: 180, hi: 170 };

/** Drafts under this are more often broken than not. */
const lowestScore = 0.5;

/**
 * Questions made from a passage by rules alone, best first. They are spread over the sentences: the best of each sentence
 * comes before the second of any. A question that contains its answer, has unbalanced brackets, is too long or too short,
 * or nearly repeats a better one is left out.
 */
export function ruleCandidates(input: RuleInput): RuleCandidate[] {
  const { passage, language, sentences, limit } = input;
  const first = sentences[0];
  const topic = first === undefined ? null : topics[language](passage.slice(first.start, first.end));
  const perSentence: RuleCandidate[][] = [];
  for (const [index, span] of sentences.entries()) {
    if (!wanted(span, input)) continue;
    const text = passage.slice(span.start, span.end);
    if (text.length > 700) continue;
    const found = rules[language]({ text, topic, index }).map((draft) => ({
      text: draft.text,
      focus: span,
      answer:
        draft.answer === null ? null : { start: span.start + draft.answer.start, end: span.start + draft.answer.end },
      rule: `${language}.${draft.rule}`,
      score: draft.score - index * 0.001,
    }));
    const kept = found.filter(
      (draft) => draft.score >= lowestScore && sound(draft, passage, language) && answers(draft, input.answer),
    );
    perSentence.push(kept.sort((left, right) => right.score - left.score));
  }
  return pick(perSentence, language, limit);
}

/** What the rules ask first about just this answer, which a model that reads drafts is shown. */
export function draftAbout(answer: Span, input: Pick<RuleInput, 'passage' | 'language' | 'sentences'>): string | null {
  const found = ruleCandidates({ ...input, answer, limit: Infinity });
  return found.find((rule) => rule.answer?.start === answer.start && rule.answer.end === answer.end)?.text ?? null;
}

function wanted(sentence: Span, input: RuleInput): boolean {
  const overlaps = (span: Span): boolean => span.start < sentence.end && sentence.start < span.end;
  if (input.answer !== undefined) return overlaps(input.answer);
  return input.focus === undefined || overlaps(input.focus);
}

function answers(draft: RuleCandidate, answer: Span | undefined): boolean {
  if (answer === undefined) return true;
  return draft.answer !== null && draft.answer.start < answer.end && answer.start < draft.answer.end;
}

function sound(draft: RuleCandidate, passage: string, language: Language): boolean {
  const { text } = draft;
  if (text.length > longest[language] || normalForm(text).length < (language === 'zh' || language === 'ko' ? 6 : 10))
    return false;
  if (!hasQuestionForm(text, language) || /[[\]{}|]|https?:|\.{3}|…|\n/u.test(text)) return false;
  for (const [open, close] of ['()', '（）', '“”', '《》', '「」', '«»', '『』']) {
    if (text.split(open ?? '').length !== text.split(close ?? '').length) return false;
  }
  if (text.split('"').length % 2 === 0) return false;
  if (draft.answer === null) return true;
  const answer = normalForm(passage.slice(draft.answer.start, draft.answer.end));
  return answer === '' ? false : answer.length < 2 || !normalForm(text).includes(answer);
}

function pick(perSentence: RuleCandidate[][], language: Language, limit: number): RuleCandidate[] {
  const picked: RuleCandidate[] = [];
  const deepest = Math.max(0, ...perSentence.map((drafts) => drafts.length));
  const isNew = (draft: RuleCandidate): boolean =>
    picked.every((other) => similarity(other.text, draft.text, language) < 0.75);
  for (let depth = 0; depth < deepest && picked.length < limit; depth += 1) {
    const round: RuleCandidate[] = [];
    for (const drafts of perSentence) {
      const draft = drafts[depth];
      if (draft !== undefined) round.push(draft);
    }
    round.sort((left, right) => right.score - left.score);
    for (const draft of round) if (picked.length < limit && isNew(draft)) picked.push(draft);
  }
  return picked;
}
