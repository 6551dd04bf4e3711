import type { Language } from '../../shared/contract/types.ts';
import {
  bandCount,
  bandsOf,
  signatureOf,
  signatureSize,
  similarity,
  type Print,
} from '../../shared/text/fingerprint.ts';
import { Groups } from './groups.ts';
import { KeyTable } from './key-table.ts';

/** From this similarity on two passages count as near-duplicates. */
export const nearSimilarity = 0.8;

/** More texts than this are compared for exact duplicates only: the rest would fill the memory. The user is told. */
export const nearLimit = 1_000_000;

/** Places for keys: a key of another band or text in the same place costs one comparison of signatures. */
const slots = 1 << 22;

/** Words of four signature numbers. */
const words = signatureSize / 4;

/** Share of equal signature numbers below which two texts are not looked at: four deviations under the limit. */
const worthComparing = 0.6;

/**
 * Where thousands of texts are alike (forms, lists of products), each is looked for among a few of those that share a
 * band, the newest first, and compared with the most alike of them.
 */
const walkedForOne = 64;
const comparedForOne = 4;
const walkedForAll = 256;
const comparedForAll = 12;
/** A cluster stands in a band's place by this many texts; one that joins it later need not be entered there. */
const standIns = 8;

export interface Pair {
  left: string;
  right: string;
  similarity: number;
}

/** An earlier text, by the number under which it was added. */
export interface Found {
  other: number;
  similarity: number;
}

/**
 * Finds, text by text, the earlier ones that say the same or nearly so. Texts are numbered as their owner likes. About
 * 0.16 kB a text, in typed arrays page by page: growing copies nothing.
 */
export class DuplicateFinder {
  /** Texts that were only compared for exact duplicates. */
  skipped = 0;
  private count = 0;
  private readonly exact = new KeyTable();
  // An entry is a text's place times the bands, plus the band; 0 is none, so entries are stored plus one.
  private readonly heads = new Int32Array(slots); // the last entry of each slot
  private readonly next = new Pages(bandCount); // the entry before in the same slot
  private readonly signatures = new Pages(words);
  private readonly numbers = new Pages(1);
  private readonly walks = new Pages(1); // the walk that met a text last
  private walk = 0;
  private readonly clusters = new Groups();
  private readonly textOf: (number: number) => string;

  constructor(textOf: (number: number) => string) {
    this.textOf = textOf;
  }

  /** Takes a text that is not asked about. */
  meet(number: number, print: Print): void {
    const [place] = this.enter(number, print);
    if (place !== null) this.chain(place, bandsOf(print), Infinity);
  }

  /** The one most like it: of similarity 1 when only marks, case or spaces differ. */
  add(number: number, print: Print, language: Language): Found | null {
    const [place, same] = this.enter(number, print);
    if (same !== null) return { other: same, similarity: 1 };
    if (place === null) return null;
    const bands = bandsOf(print);
    let best: Found | null = null;
    for (const other of this.alike(place, bands, walkedForOne).slice(0, comparedForOne)) {
      const found = this.compared(other, number, language);
      if (found.similarity >= nearSimilarity && found.similarity > (best?.similarity ?? 0)) best = found;
    }
    this.chain(place, bands, Infinity);
    return best;
  }

  /**
   * Earlier texts that link it with their clusters, one of each: whoever follows the links knows every cluster of texts
   * that are alike, in however many steps, and there are never more links than texts.
   */
  links(number: number, print: Print, language: Language): Found[] {
    const [place, same] = this.enter(number, print);
    if (same !== null) return [{ other: same, similarity: 1 }];
    if (place === null) return [];
    const bands = bandsOf(print);
    const links: Found[] = [];
    let compared = 0;
    for (const other of this.alike(place, bands, walkedForAll)) {
      if (this.clusters.find(other) === this.clusters.find(place)) continue;
      if ((compared += 1) > comparedForAll) break;
      const found = this.compared(other, number, language);
      if (found.similarity < nearSimilarity) continue;
      links.push(found);
      this.clusters.join(other, place);
    }
    this.chain(place, bands, standIns);
    return links;
  }

  /** The text's place, or the number of an exact duplicate; neither when there is no room. */
  private enter(number: number, print: Print): [place: number | null, same: number | null] {
    const same = this.exact.add(print[0] ?? 0, print[1] ?? 0, number);
    if (same !== null) return [null, same];
    if (this.count >= nearLimit) {
      this.skipped += 1;
      return [null, null];
    }
    const place = this.count;
    this.count += 1;
    this.numbers.set(place, 0, number);
    const page = this.signatures.page(place);
    page.set(signatureOf(print), this.signatures.offset(place));
    return [place, null];
  }

  private compared(place: number, number: number, language: Language): Found {
    const other = this.numbers.get(place, 0);
    return { other, similarity: similarity(this.textOf(other), this.textOf(number), language) };
  }

  /** Places of texts that share a band and enough of the signature, most alike first. */
  private alike(place: number, bands: Int32Array, longest: number): number[] {
    this.walk += 1;
    const found: { other: number; agreement: number }[] = [];
    for (const band of bands) {
      let entry = this.heads[band & (slots - 1)] ?? 0;
      for (let count = 0; entry > 0 && count < longest; count += 1) {
        const other = Math.floor((entry - 1) / bandCount);
        entry = this.next.get(other, (entry - 1) % bandCount);
        if (this.walks.get(other, 0) === this.walk) continue;
        this.walks.set(other, 0, this.walk);
        const agreement = this.agreement(place, other);
        if (agreement >= worthComparing) found.push({ other, agreement });
      }
    }
    return found.sort((left, right) => right.agreement - left.agreement).map(({ other }) => other);
  }

  /** Enters the text in its bands' places, except where the last `enough` texts are of its own cluster. */
  private chain(place: number, bands: Int32Array, enough: number): void {
    const cluster = this.clusters.find(place);
    const full = (head: number): boolean => {
      let entry = head;
      for (let count = 0; count < enough; count += 1) {
        if (entry === 0) return false;
        const other = Math.floor((entry - 1) / bandCount);
        if (this.clusters.find(other) !== cluster) return false;
        entry = this.next.get(other, (entry - 1) % bandCount);
      }
      return true;
    };
    for (let band = 0; band < bandCount; band += 1) {
      const slot = (bands[band] ?? 0) & (slots - 1);
      const head = this.heads[slot] ?? 0;
      if (full(head)) continue;
      this.next.set(place, band, head);
      this.heads[slot] = place * bandCount + band + 1;
    }
  }

  private agreement(left: number, right: number): number {
    const [one, other] = [this.signatures.page(left), this.signatures.page(right)];
    const [from, to] = [this.signatures.offset(left), this.signatures.offset(right)];
    let equal = 0;
    // Four numbers of a byte in each word: a byte that is zero in both words' difference keeps its high bit clear here.
    for (let at = 0; at < words; at += 1) {
      const different = (one[from + at] ?? 0) ^ (other[to + at] ?? 0);
      const zeros = ~(((different & 0x7f7f7f7f) + 0x7f7f7f7f) | different | 0x7f7f7f7f);
      if (zeros !== 0) equal += Math.imul(zeros >>> 7, 0x01010101) >>> 24;
    }
    return equal / signatureSize;
  }
}

const recordsInPage = 1 << 14;

/** Records of `size` numbers in pages. */
export class Pages {
  private readonly pages: Int32Array[] = [];
  private readonly size: number;

  constructor(size: number) {
    this.size = size;
  }

  page(record: number): Int32Array {
    return (this.pages[record >>> 14] ??= new Int32Array(recordsInPage * this.size));
  }

  offset(record: number): number {
    return (record & (recordsInPage - 1)) * this.size;
  }

  get(record: number, field: number): number {
    return this.page(record)[this.offset(record) + field] ?? 0;
  }

  set(record: number, field: number, value: number): void {
    this.page(record)[this.offset(record) + field] = value;
  }
}
