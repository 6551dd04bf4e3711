import type { Language } from '../../shared/contract/types.ts';
import { exactKey, nearDuplicateKeys, similarity } from '../../shared/text/fingerprint.ts';

/** From this similarity on two passages count as near-duplicates. */
export const nearSimilarity = 0.8;

/** More passages than this in one import are compared for exact duplicates only: the keys would fill the memory. */
export const nearLimit = 100_000;

export interface Pair {
  left: string;
  right: string;
  similarity: number;
}

/** Finds, passage by passage, an earlier one that says the same or nearly so. */
export class DuplicateFinder {
  private readonly exact = new Map<string, string>();
  private readonly near = new Map<number, string>();
  private readonly textOf: (id: string) => string;

  constructor(textOf: (id: string) => string) {
    this.textOf = textOf;
  }

  get full(): boolean {
    return this.exact.size >= nearLimit;
  }

  add(id: string, text: string, language: Language): Pair | null {
    const key = exactKey(text);
    const same = this.exact.get(key);
    if (same !== undefined) return { left: same, right: id, similarity: 1 };
    this.exact.set(key, id);
    if (this.full) return null;
    const alike = new Set<string>();
    for (const band of nearDuplicateKeys(text, language)) {
      const small = compact(band);
      const other = this.near.get(small);
      if (other === undefined) this.near.set(small, id);
      else alike.add(other);
    }
    let best: Pair | null = null;
    for (const left of alike) {
      const value = similarity(this.textOf(left), text, language);
      if (value >= nearSimilarity && value > (best?.similarity ?? 0)) best = { left, right: id, similarity: value };
    }
    return best;
  }
}

/** A key as a small integer; two keys that fall together cost one comparison more. */
function compact(key: string): number {
  let value = 0;
  for (let index = 0; index < key.length; index += 1) value = (Math.imul(value, 31) + key.charCodeAt(index)) | 0;
  return value >> 1;
}
