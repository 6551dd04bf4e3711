import type { Evidence } from '../../shared/contract/sets.ts';
import { language, type Language } from '../../shared/contract/types.ts';
import { keyNumbers } from '../../shared/text/fingerprint.ts';
import { KeyTable } from '../io/key-table.ts';
import { shares } from '../rounds/select.ts';
import { seededRandom } from '../statistics/random.ts';
import { Bags, Words, width } from './bags.ts';
import { chooseCentral, groupLimit, proportional, type Chosen } from './clusters.ts';
import { draws, meanDistances, RandomSet } from './coverage.ts';

export interface Wanted {
  number: number;
  equal: boolean;
  seed: number;
}

const forCopy = language.options.length;

/** What the computing alone knows of the evidence. */
export type Computed = Pick<
  Evidence,
  'method' | 'passages' | 'different' | 'dimensions' | 'groupLimit' | 'languages' | 'clusters' | 'coverage'
>;

/**
 * Chooses a diverse set of texts, which are shown twice in the same order, then those chosen once more. Texts go by their
 * number in that order; the same texts and wishes give the same set. 130 bytes a text and 90 MB.
 */
export class Chooser {
  private readonly wanted: Wanted;
  private readonly bags = new Bags();
  private keys: KeyTable | null = new KeyTable();
  private read: number[] = []; // of each text its language, and for a copy so many more
  private members: Int32Array[] = []; // different texts by language
  private places: number[] = [];
  private languages = new Uint8Array();
  private copies = new Uint8Array(); // 1: of a text before it
  private vectors = new Int8Array();
  private random: RandomSet[] = [];
  private added = 0;
  private chosen: Chosen[] = [];
  private groups: number[] = [];
  private distances: { passages: number; means: number[] } = { passages: 0, means: [] };
  private readonly words = new Words();

  constructor(wanted: Wanted) {
    this.wanted = wanted;
  }

  /** The first reading. */
  count(text: string, spoken: Language): void {
    const [one, other] = keyNumbers(text);
    const index = language.options.indexOf(spoken);
    // A text in two languages is two texts: it is never compared across them.
    const copy = this.keys?.add(one ^ index, other | 0, this.read.length) !== null;
    this.read.push(copy ? index + forCopy : index);
    if (!copy) this.bags.count(text, index);
  }

  /** After it. */
  ready(): void {
    this.languages = Uint8Array.from(this.read, (read) => read % forCopy);
    this.copies = Uint8Array.from(this.read, (read) => Number(read >= forCopy));
    this.keys = null;
    this.read = [];
    this.bags.counted();
    this.members = language.options
      .map((_, index) =>
        this.languages.reduce((sum, code, text) => sum + Number(code === index && this.copies[text] === 0), 0),
      )
      .map((size) => new Int32Array(size));
    const filled = language.options.map(() => 0);
    for (const [text, code] of this.languages.entries()) {
      const place = filled[code] ?? 0;
      const members = this.members[code];
      if (this.copies[text] === 1 || !members) continue;
      members[place] = text;
      filled[code] = place + 1;
    }
    const sizes = this.members.map(({ length }) => length);
    const places = Math.min(this.wanted.number, this.different);
    const equal = shares(new Map(language.options.map((code, at) => [code, this.members[at] ?? []])), places);
    this.places = this.wanted.equal
      ? language.options.map((code) => equal.get(code) ?? 0)
      : proportional(sizes, places);
    this.vectors = new Int8Array(this.languages.length * width);
    this.random = Array.from(
      { length: draws },
      (_, draw) => new RandomSet(this.wanted.seed + 1 + draw, sizes, this.places),
    );
  }

  /** The second reading. */
  add(text: string): void {
    const number = this.added;
    this.added += 1;
    if (this.copies[number] === 1) return;
    const index = this.languages[number] ?? 0;
    this.bags.write(text, index, this.vectors.subarray(number * width, (number + 1) * width));
    for (const set of this.random) set.meet(number, index, text);
  }

  /** Chooses; yields often, which share of the work is done. */
  *choose(): Generator<number, number[]> {
    const random = seededRandom(this.wanted.seed);
    let done = 0;
    for (const [index, members] of this.members.entries()) {
      const choosing = chooseCentral(this.vectors, members, this.places[index] ?? 0, random);
      for (let next = choosing.next(); ; next = choosing.next()) {
        if (next.done === true) {
          this.chosen.push(...next.value.chosen);
          this.groups.push(next.value.groups);
          break;
        }
        done += next.value;
        yield (0.9 * done) / this.different;
      }
    }
    const all = new Int32Array(this.different);
    let before = 0;
    for (const members of this.members) {
      all.set(members, before);
      before += members.length;
    }
    const sets = [this.chosen.map(({ member }) => member), ...this.random.map(({ members }) => members)];
    const measuring = meanDistances(this.vectors, this.languages, all, sets, random);
    for (let next = measuring.next(); ; next = measuring.next()) {
      if (next.done === true) {
        this.distances = next.value;
        break;
      }
      yield 0.9;
    }
    // Copies only where every different text is in the set.
    for (let text = 0; text < this.copies.length && this.chosen.length < this.wanted.number; text += 1)
      if (this.copies[text] === 1) this.chosen.push({ member: text, cluster: 1, near: [] });
    this.chosen.sort((one, other) => one.member - other.member);
    return this.chosen.map(({ member }) => member);
  }

  /** The reading of those chosen, in order. */
  meet(number: number, text: string): void {
    this.words.add(text, this.languages[number] ?? 0);
  }

  result(): { chosen: Chosen[]; computed: Computed } {
    const sizes = this.chosen.map(({ cluster }) => cluster).sort((one, other) => one - other);
    const share = (words: number): number => Math.min(1, words / this.bags.distinct);
    const [distance = 0, ...distances] = this.distances.means;
    const languages = language.options.map((code, index) => ({
      language: code,
      passages: this.languages.reduce((sum, spoken) => sum + Number(spoken === index), 0),
      different: this.members[index]?.length ?? 0,
      chosen: this.chosen.reduce((sum, { member }) => sum + Number(this.languages[member] === index), 0),
      groups: this.groups[index] ?? 0,
    }));
    return {
      chosen: this.chosen,
      computed: {
        method: 'ward-1',
        passages: this.languages.length,
        different: this.different,
        dimensions: width,
        groupLimit,
        languages: languages.filter(({ passages }) => passages > 0),
        clusters: {
          count: sizes.length,
          least: sizes[0] ?? 0,
          median: sizes[Math.floor(sizes.length / 2)] ?? 0,
          most: sizes.at(-1) ?? 0,
          histogram: histogram(sizes),
        },
        coverage: {
          draws,
          words: compared(
            share(this.words.distinct),
            this.random.map(({ words }) => share(words.distinct)),
          ),
          distance: { passages: this.distances.passages, ...compared(distance, distances) },
        },
      },
    };
  }

  private get different(): number {
    return this.members.reduce((sum, members) => sum + members.length, 0);
  }
}

function compared(set: number, random: readonly number[]): Computed['coverage']['words'] {
  const mean = random.reduce((sum, value) => sum + value, 0) / random.length;
  return { set, random: { mean, least: Math.min(...random), most: Math.max(...random) } };
}

/** Sizes by powers of two: 1, 2–3, 4–7 … */
function histogram(sizes: readonly number[]): Computed['clusters']['histogram'] {
  const bins: Computed['clusters']['histogram'] = [];
  for (let from = 1; from <= (sizes.at(-1) ?? 0); from *= 2) {
    const to = 2 * from - 1;
    bins.push({ from, to, count: sizes.filter((size) => size >= from && size <= to).length });
  }
  return bins;
}
