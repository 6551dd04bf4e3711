import type { Language, Passage } from '../../shared/contract/types.ts';
import { words } from '../../shared/text/words.ts';

/**
 * Nobody reads faster than this: 900 words a minute through a passage, 600 in a question that is to be judged. Skilled
 * readers manage 240 to 300 (Brysbaert 2019), so only decisions made without reading fall under it.
 */
const wordsPerSecond = { passage: 15, question: 10 };

/** The rule in a report's words. */
export const readingRule = `faster than ${wordsPerSecond.question * 60} words a minute in the question and, where the passage comes first, ${wordsPerSecond.passage * 60} through it`;

/** Whether a decision came faster than its text can be read; the passage counts for the first decision on it. */
export function tooFast(
  seconds: number,
  questionWords: number,
  passageWords: number,
  firstOnPassage: boolean,
): boolean {
  const needed = questionWords / wordsPerSecond.question + (firstOnPassage ? passageWords / wordsPerSecond.passage : 0);
  return seconds < needed;
}

/**
 * The sentence that shares most words with the question, or null where none shares any: from the wording alone, so that
 * it is the same for every system.
 */
export function sentenceFinder({
  text,
  sentences,
  language,
}: Pick<Passage, 'text' | 'sentences' | 'language'>): (question: string) => number | null {
  const sets = sentences.map(({ start, end }) => new Set(folded(text.slice(start, end), language)));
  return (question) => {
    const asked = new Set(folded(question, language));
    let best: number | null = null;
    let most = 0;
    sets.forEach((set, index) => {
      let shared = 0;
      for (const word of asked) if (set.has(word)) shared += word.length > 3 ? 2 : 1; // longer words tell more
      if (shared > most) [best, most] = [index, shared];
    });
    return best;
  };
}

function folded(text: string, language: Language): string[] {
  return words(text.toLowerCase(), language);
}
