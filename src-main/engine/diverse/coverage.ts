import { seededRandom } from '../statistics/random.ts';
import { Words, width } from './bags.ts';

/** Random sets that a chosen one is compared with. */
export const draws = 10;
/** Passages whose distances are taken: fewer where the sets are large, so that it takes no longer than some seconds. */
const [fewest, most, products] = [100, 1000, 2e8];

/** As many texts of each language as a set of places has, drawn from all by chance: what a chosen set must be better than. */
export class RandomSet {
  readonly words = new Words();
  readonly members: number[] = [];
  private readonly random: () => number;
  private readonly places: number[];
  private readonly left: number[];

  /** `sizes` and `places` by language. */
  constructor(seed: number, sizes: readonly number[], places: readonly number[]) {
    this.random = seededRandom(seed);
    this.left = [...sizes];
    this.places = [...places];
  }

  /** Is shown each text once, and takes it or not (selection sampling, Knuth). */
  meet(member: number, language: number, text: string): void {
    const [places = 0, left = 1] = [this.places[language], this.left[language]];
    this.left[language] = left - 1;
    if (this.random() * left >= places) return;
    this.places[language] = places - 1;
    this.members.push(member);
    this.words.add(text, language);
  }
}

/**
 * The mean distance of passages to the nearest one of each set in their language: one less the cosine of their vectors,
 * 1 where there is none. Yields after each passage.
 */
export function* meanDistances(
  vectors: Int8Array,
  languages: Uint8Array,
  all: Int32Array,
  sets: readonly (readonly number[])[],
  random: () => number,
): Generator<void, { passages: number; means: number[] }> {
  const size = sets.reduce((sum, set) => sum + set.length, 0);
  const passages = Math.min(all.length, most, Math.max(fewest, Math.floor(products / size)));
  const sample = all.slice();
  for (let at = 0; at < passages; at += 1) {
    const other = at + Math.floor(random() * (sample.length - at));
    [sample[at], sample[other]] = [sample[other] ?? 0, sample[at] ?? 0];
  }
  const lengths = Float64Array.from(languages, (_, member) => Math.sqrt(product(vectors, member, member)));
  const sums = sets.map(() => 0);
  for (const passage of sample.subarray(0, passages)) {
    for (const [index, set] of sets.entries()) {
      let closest = 0;
      for (const member of set) {
        if (languages[member] !== languages[passage]) continue;
        const length = (lengths[member] ?? 0) * (lengths[passage] ?? 0);
        const cosine = member === passage ? 1 : length === 0 ? 0 : product(vectors, passage, member) / length;
        if (cosine > closest) closest = cosine;
      }
      sums[index] = (sums[index] ?? 0) + 1 - closest;
    }
    yield;
  }
  return { passages, means: sums.map((sum) => sum / passages) };
}

function product(vectors: Int8Array, one: number, other: number): number {
  let sum = 0;
  for (let at = 0, from = one * width, to = other * width; at < width; at += 1)
    sum = (sum + Math.imul(vectors[from + at] ?? 0, vectors[to + at] ?? 0)) | 0; // whole numbers add faster
  return sum;
}
