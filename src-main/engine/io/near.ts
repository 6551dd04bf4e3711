import type { Language } from '../../shared/contract/types.ts';
import { bandKeys, exactKey, signature, signatureSize, similarity } from '../../shared/text/fingerprint.ts';

/** From this similarity on two passages count as near-duplicates. */
export const nearSimilarity = 0.8;

/** More texts than this are compared for exact duplicates only: the keys would fill the memory. */
export const nearLimit = 200_000;

/** Places for keys: a key of another band or text in the same place costs one comparison of signatures. */
const slots = 1 << 22;

/** Share of equal signature numbers below which two texts are not looked at: four deviations under the limit. */
const worthComparing = 0.6;

/**
 * Where thousands of texts are alike (forms, lists of products), each is compared with a few of them when it comes in:
 * it is enough to know that it is a near-duplicate, and of what.
 */
const chainWhenOne = 64;
const comparedWhenOne = 4;

export interface Pair {
  left: string;
  right: string;
  similarity: number;
}

/** Finds, text by text, the earlier ones that say the same or nearly so. About 0.5 kB a text. */
export class DuplicateFinder {
  private readonly ids: string[] = [];
  private readonly exact = new Map<string, number>();
  // An entry is a text's number times the bands, plus the band; 0 is none, so entries are stored plus one.
  private readonly heads = new Int32Array(slots); // the last entry of each slot
  private next = new Int32Array(0); // the entry before in the same slot
  private signatures = new Uint16Array(0);
  private readonly textOf: (id: string) => string;

  constructor(textOf: (id: string) => string) {
    this.textOf = textOf;
  }

  /** The one most like it: of similarity 1 when only marks, case or spaces differ. */
  add(id: string, text: string, language: Language): Pair | null {
    const best = { left: '', right: id, similarity: 0 };
    for (const pair of this.find(id, text, language, () => false, chainWhenOne))
      if (pair.similarity > best.similarity) Object.assign(best, pair);
    return best.similarity > 0 ? best : null;
  }

  /** Every earlier near-duplicate; for an exact one only that. `skip` spares comparisons. */
  all(id: string, text: string, language: Language, skip: (other: string) => boolean = () => false): Pair[] {
    return this.find(id, text, language, skip, Infinity);
  }

  private find(
    id: string,
    text: string,
    language: Language,
    skip: (other: string) => boolean,
    longest: number,
  ): Pair[] {
    const key = exactKey(text);
    const same = this.exact.get(key);
    if (same !== undefined) return [{ left: this.ids[same] ?? '', right: id, similarity: 1 }];
    const index = this.ids.push(id) - 1;
    this.exact.set(key, index);
    if (index >= nearLimit) return [];
    const signed = signature(text, language);
    if (!signed) return [];
    const alike = this.alike(index, signed, language, longest).map((other) => this.ids[other] ?? '');
    return alike
      .filter((other) => !skip(other))
      .slice(0, longest === Infinity ? Infinity : comparedWhenOne)
      .map((left) => ({ left, right: id, similarity: similarity(this.textOf(left), text, language) }))
      .filter((pair) => pair.similarity >= nearSimilarity);
  }

  /** Texts that share a band and enough of the signature, most alike first; enters this one. */
  private alike(index: number, signed: Uint32Array, language: Language, longest: number): number[] {
    const keys = bandKeys(signed, language);
    this.grow(index + 1, keys.length);
    this.signatures.set(signed, index * signatureSize); // keeps the low 16 bits
    const found = new Set<number>();
    for (const [band, key] of keys.entries()) {
      const entry = index * keys.length + band;
      const slot = key & (slots - 1);
      let other = this.heads[slot] ?? 0;
      this.heads[slot] = entry + 1;
      this.next[entry] = other;
      for (let count = 0; other > 0 && count < longest; other = this.next[other - 1] ?? 0, count += 1)
        found.add(Math.floor((other - 1) / keys.length));
    }
    found.delete(index);
    return [...found]
      .map((other) => ({ other, agreement: this.agreement(index, other) }))
      .filter(({ agreement }) => agreement >= worthComparing)
      .sort((left, right) => right.agreement - left.agreement)
      .map(({ other }) => other);
  }

  private agreement(left: number, right: number): number {
    let equal = 0;
    for (let at = 0; at < signatureSize; at += 1) {
      const one = this.signatures[left * signatureSize + at];
      equal += Number(one === this.signatures[right * signatureSize + at]);
    }
    return equal / signatureSize;
  }

  private grow(texts: number, keys: number): void {
    if (this.signatures.length >= texts * signatureSize) return;
    const size = Math.max(1024, Math.ceil(texts * 1.5));
    const signatures = new Uint16Array(size * signatureSize);
    signatures.set(this.signatures);
    this.signatures = signatures;
    const next = new Int32Array(size * keys);
    next.set(this.next);
    this.next = next;
  }
}
