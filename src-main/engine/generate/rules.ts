import type { Passage } from '../../shared/contract/types.ts';
import { ruleCandidates } from '../../shared/rules/generate.ts';
import type { Proposal } from './choose.ts';
import type { GenerationSettings } from '../../shared/contract/generation.ts';

/** The rules need no process of their own: a passage takes about a millisecond. */
export function proposeByRules(passage: Passage, settings: GenerationSettings): Proposal[] {
  const ask = (answer?: Proposal['answer']): Proposal[] =>
    ruleCandidates({
      passage: passage.text,
      language: passage.language,
      sentences: passage.sentences,
      limit: settings.candidates * 2,
      ...(answer ? { answer } : {}),
    }).map((candidate, rank) => ({
      text: candidate.text,
      raw: candidate.text,
      focus: candidate.focus,
      answer: candidate.answer,
      score: null,
      rank,
    }));
  if (settings.focus !== 'span') return ask();
  return markedSpans(passage).flatMap((span) => ask(span));
}

/** Spans to ask about: the answers that came with the passage's own questions. */
export function markedSpans(passage: Passage): { start: number; end: number }[] {
  const spans = new Map<string, { start: number; end: number }>();
  for (const { answer } of passage.references) {
    if (answer && answer.end > answer.start) spans.set(`${answer.start}:${answer.end}`, answer);
  }
  return [...spans.values()];
}
