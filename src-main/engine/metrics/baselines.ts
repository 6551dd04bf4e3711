import { ruleCandidates, rulesVersion } from '../../shared/rules/generate.ts';
import type { Language } from '../../shared/text/language.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import { tokenise } from './tokenise.ts';

/** The name a table shows for the rule baseline. */
export const rulesBaselineName = `rules (${rulesVersion})`;

/** The passage's most central sentence (highest mean word overlap with the others) with a question mark: what copying earns. */
export function centralSentenceQuestion(passage: string, language: Language): string {
  const sentences = splitSentences(passage, language).map((span) => passage.slice(span.start, span.end));
  const bags = sentences.map((sentence) => new Set(tokenise(sentence, language, 'plain')));
  let best = 0;
  let bestScore = -1;
  for (const [index, bag] of bags.entries()) {
    let score = 0;
    for (const [at, other] of bags.entries()) {
      if (at === index || bag.size === 0 || other.size === 0) continue;
      let common = 0;
      for (const token of bag) if (other.has(token)) common += 1;
      score += common / Math.sqrt(bag.size * other.size);
    }
    if (score > bestScore) {
      best = index;
      bestScore = score;
    }
  }
  const sentence = (sentences[best] ?? passage).replace(/[.!?。！？।॥\s]+$/u, '');
  if (language === 'zh') return `${sentence}？`;
  return language === 'fr' ? `${sentence}\u202f?` : `${sentence}?`;
}

/** The rules' first question, or an empty output where they find none: a miss counts as a miss. */
export function rulesQuestion(passage: string, language: Language): string {
  return ruleCandidates({ passage, language, sentences: splitSentences(passage, language), limit: 1 })[0]?.text ?? '';
}
