import type { CandidateSignals, Passage } from '../../shared/contract/types.ts';
import { questionSignals } from '../../shared/text/signals.ts';

/** What can be said of a question by itself and its passage. */
export function ownSignals(
  passage: Pick<Passage, 'text' | 'language'>,
  question: string,
): Omit<CandidateSignals, 'duplicateOf'> {
  const found = questionSignals({ question, passage: passage.text, language: passage.language });
  return {
    length: found.length,
    copiedShare: found.copiedShare,
    endsAsQuestion: found.endsAsQuestion,
    hasQuestionWord: found.hasQuestionWord,
    unfinished: found.unfinished || !found.endsAsQuestion,
    repeatedNgram: found.repeatedNgram,
    languageMismatch: found.languageMismatch || found.scriptMismatch,
  };
}
