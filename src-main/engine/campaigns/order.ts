import type { Language } from '../../shared/contract/types.ts';
import { shuffled } from './sample.ts';

export interface Placed {
  item: string;
  passage: string;
  language: Language;
}

/**
 * One rater's order: a language at a time; within it either every passage once before any comes again, or all questions of
 * a passage together. Which question of a passage comes first is left to chance, so that places tell nothing of systems.
 */
export function raterOrder(
  items: readonly Placed[],
  { languages, layout }: { languages: readonly Language[]; layout: 'question' | 'passage' },
  random: () => number,
): Placed[] {
  return languages.flatMap((language) => {
    const passages = new Map<string, Placed[]>();
    for (const item of shuffled(
      items.filter((one) => one.language === language),
      random,
    )) {
      const list = passages.get(item.passage);
      if (list) list.push(item);
      else passages.set(item.passage, [item]);
    }
    if (layout === 'passage') return shuffled([...passages.values()], random).flat();
    const laps = Math.max(0, ...[...passages.values()].map((list) => list.length));
    return Array.from({ length: laps }, (_, lap) =>
      shuffled([...passages.values()], random).flatMap((list) => list[lap] ?? []),
    ).flat();
  });
}

/** Which items of an order to show again: from its first half, so that the second time comes late. */
export function chooseRepeats(order: readonly Placed[], count: number, random: () => number): Placed[] {
  return shuffled(order.slice(0, Math.ceil(order.length / 2)), random).slice(0, count);
}

/** Puts the repeats at chance places in the last quarter, or at the end where questions of a passage stay together. */
export function withRepeats(
  order: readonly Placed[],
  repeats: readonly Placed[],
  layout: 'question' | 'passage',
  random: () => number,
): Placed[] {
  const late = layout === 'passage' ? order.length : Math.floor(order.length * 0.75);
  const tail = layout === 'passage' ? repeats : mix(order.slice(late), repeats, random);
  return [...order.slice(0, late), ...tail];
}

/** The rest keeps its order among itself. */
function mix(rest: readonly Placed[], added: readonly Placed[], random: () => number): Placed[] {
  const result = [...rest];
  for (const one of added) result.splice(Math.floor(random() * (result.length + 1)), 0, one);
  return result;
}
