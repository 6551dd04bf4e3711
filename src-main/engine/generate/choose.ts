import type { Span } from '../../shared/contract/types.ts';
import { exactKey, similarity } from '../../shared/text/fingerprint.ts';
import type { Language } from '../../shared/text/language.ts';

/** One question a generator proposes for a passage. */
export interface Proposal {
  text: string;
  raw: string;
  focus: Span | null;
  answer: Span | null;
  score: number | null;
  rank: number;
}

/** Above this share of common n-grams two questions ask the same in other words. */
const nearDuplicate = 0.8;

/**
 * At most `limit` proposals that ask about different things: sentences take turns, best first, and a near-duplicate of
 * a question already chosen, or already standing at the passage, gives its place to the next best.
 */
export function chooseDiverse(
  proposals: readonly Proposal[],
  existing: readonly string[],
  language: Language,
  limit: number,
): Proposal[] {
  const turns = new Map<string, Proposal[]>();
  for (const proposal of proposals) {
    const key = proposal.focus ? `${proposal.focus.start}` : 'free';
    turns.set(key, [...(turns.get(key) ?? []), proposal]);
  }
  for (const list of turns.values()) list.sort((left, right) => left.rank - right.rank);

  const chosen: Proposal[] = [];
  const standing = [...existing];
  const keys = new Set(existing.map(exactKey));
  for (let round = 0; chosen.length < limit && [...turns.values()].some((list) => list.length > 0); round += 1) {
    for (const list of turns.values()) {
      const next = takeDistinct(list, standing, keys, language);
      if (!next || chosen.length >= limit) continue;
      chosen.push(next);
      standing.push(next.text);
      keys.add(exactKey(next.text));
    }
  }
  return chosen;
}

function takeDistinct(
  list: Proposal[],
  standing: readonly string[],
  keys: ReadonlySet<string>,
  language: Language,
): Proposal | null {
  for (;;) {
    const next = list.shift();
    if (!next) return null;
    if (keys.has(exactKey(next.text))) continue;
    if (standing.every((other) => similarity(next.text, other, language) < nearDuplicate)) return next;
  }
}
