import type { Language } from '../../shared/contract/types.ts';
import { contentId } from '../store/ids.ts';
import type { Assignment } from '../store/round-store.ts';

/** A question that may be picked. `workers` have decided or written it and never get it. */
export interface Choice {
  item: string;
  passageId: string;
  language: Language;
  difficulty: string | null;
  rejected?: boolean;
  workers: readonly string[];
  /** The author it was sent back to, who alone may have it. */
  author?: string;
}

export function mayHave({ author, workers }: Choice, person: string): boolean {
  return author === undefined ? !workers.includes(person) : author === person;
}

export interface Balance {
  languages: boolean;
  difficulties: boolean;
}

/**
 * Picks `count` questions (null: all) in an order that the seed decides. Balanced, each language, and each difficulty
 * within it, gives the same number as long as it has so many; what one lacks, the others give. A passage's questions
 * are picked together, so that a reader reads it once.
 */
export function pick<C extends Choice>(
  choices: readonly C[],
  count: number | null,
  balance: Balance,
  seed: number,
): C[] {
  const ordered = inSeededOrder(choices, seed);
  if (count === null || count >= ordered.length) return ordered;
  const byLanguage = Map.groupBy(ordered, (choice) => (balance.languages ? choice.language : ''));
  return [...shares(byLanguage, count)].flatMap(([key, share]) => {
    const own = byLanguage.get(key) ?? [];
    if (!balance.difficulties) return own.slice(0, share);
    const byDifficulty = Map.groupBy(own, (choice) => choice.difficulty ?? '');
    return [...shares(byDifficulty, share)].flatMap(([difficulty, part]) =>
      (byDifficulty.get(difficulty) ?? []).slice(0, part),
    );
  });
}

/** How many each group gives: equal numbers, smaller groups all they have. The earlier groups by name get the rest. */
export function shares<K extends string>(groups: ReadonlyMap<K, { length: number }>, count: number): Map<K, number> {
  const open = [...groups].map(([key, members]) => ({ key, size: members.length }));
  open.sort((left, right) => left.size - right.size || (left.key < right.key ? -1 : 1));
  const given = new Map<K, number>();
  let rest = count;
  open.forEach(({ key, size }, index) => {
    const share = Math.min(size, Math.ceil(rest / (open.length - index)));
    given.set(key, share);
    rest -= share;
  });
  return given;
}

/**
 * Gives each question to `overlap` people who have not worked on it, those with least to do first; a passage's questions
 * go to the same people where they may. Each person gets an order of their own. `short` counts questions with fewer
 * people than asked for, `nobody` those without any, which are left out.
 */
export function assign(
  choices: readonly Choice[],
  people: readonly string[],
  overlap: number,
  seed: number,
): { assignments: Assignment[]; items: Set<string>; short: number; nobody: number } {
  const load = new Map(people.map((person) => [person, 0]));
  const given = new Map<string, Choice[]>(people.map((person) => [person, []]));
  const items = new Set<string>();
  let short = 0;
  let nobody = 0;
  for (const [passageId, own] of Map.groupBy(choices, (choice) => choice.passageId)) {
    const ranked = people
      .map((person) => ({ person, tie: contentId('turn', String(seed), passageId, person) }))
      .sort(
        (left, right) =>
          (load.get(left.person) ?? 0) - (load.get(right.person) ?? 0) || (left.tie < right.tie ? -1 : 1),
      );
    for (const choice of own) {
      const wanted = choice.author === undefined ? overlap : 1;
      const able = ranked.filter(({ person }) => mayHave(choice, person)).slice(0, wanted);
      if (able.length === 0) nobody += 1;
      else items.add(choice.item);
      if (able.length > 0 && able.length < wanted) short += 1;
      for (const { person } of able) {
        load.set(person, (load.get(person) ?? 0) + 1);
        given.get(person)?.push(choice);
      }
    }
  }
  const assignments = [...given].flatMap(([person, own]) =>
    inSeededOrder(own, seed, person).map(({ item }, position): Assignment => ({ person, item, position })),
  );
  return { assignments, items, short, nobody };
}

/** By passage, then by question, both in an order that only seed, person and ids decide. */
function inSeededOrder<C extends Choice>(choices: readonly C[], seed: number, person = ''): C[] {
  const places = new Map<string, string>();
  const place = (id: string): string => {
    let known = places.get(id);
    if (known === undefined) places.set(id, (known = contentId('order', String(seed), person, id)));
    return known;
  };
  return [...choices].sort((left, right) => {
    const [one, other] =
      left.passageId === right.passageId ? [left.item, right.item] : [left.passageId, right.passageId];
    return place(one) < place(other) ? -1 : Number(place(one) > place(other));
  });
}
