import type { Language } from '../../shared/contract/types.ts';
import { seededRandom } from '../statistics/random.ts';

export interface Place {
  passage: string;
  document: string;
  language: Language;
}

/** Fisher-Yates; the same seed gives the same order everywhere. */
export function shuffled<Value>(values: readonly Value[], random: () => number): Value[] {
  const result = [...values];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random() * (last + 1));
    const held = result[last] as Value;
    result[last] = result[other] as Value;
    result[other] = held;
  }
  return result;
}

/**
 * Passages for each language, every one at most once, spread over the documents: no document gives a second passage while
 * another has not given its first. Fewer where there are fewer.
 */
export function drawPassages(
  places: readonly Place[],
  { languages, perLanguage, seed }: { languages: readonly Language[]; perLanguage: number; seed: number },
): string[] {
  return languages.flatMap((language, at) => {
    const random = seededRandom(seed * 31 + at);
    const documents = new Map<string, string[]>();
    for (const { passage, document } of shuffled(
      places.filter((place) => place.language === language),
      random,
    )) {
      const list = documents.get(document);
      if (list) list.push(passage);
      else documents.set(document, [passage]);
    }
    const order = shuffled([...documents.values()], random);
    const drawn: string[] = [];
    for (let lap = 0; drawn.length < perLanguage && order.some((list) => list.length > lap); lap += 1) {
      for (const list of order) {
        const passage = list[lap];
        if (passage !== undefined && drawn.length < perLanguage) drawn.push(passage);
      }
    }
    return drawn;
  });
}
