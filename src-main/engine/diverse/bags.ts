import { indexTerms } from '../../shared/text/search.ts';

/** Numbers in a vector: words are hashed to them with a sign, so that what meets by chance adds nothing on average. */
export const width = 128;
/** Places for words; two words in one place count as one, which {@link distinct} makes good for. */
const places = 1 << 22;

/**
 * Words of the texts of some languages. Each is known by a hash alone: 22 bits for its place, 7 for its number in a
 * vector and one for its sign (feature hashing, Weinberger et al. 2009). Words of two languages are never the same.
 */
export class Bags {
  private readonly texts = new Float64Array(256); // by language
  private readonly holders = new Uint32Array(places); // texts that have the word
  private last = new Int32Array(places); // the text that had it last
  private text = 0;
  private taken = 0;
  private readonly sums = new Float64Array(width);

  /** The first reading: how many texts have each word. */
  count(text: string, language: number): void {
    this.text += 1;
    this.texts[language] = (this.texts[language] ?? 0) + 1;
    eachWord(text, language, (hash) => {
      const place = hash >>> 10;
      if (this.last[place] === this.text) return;
      this.last[place] = this.text;
      const before = this.holders[place] ?? 0;
      if (before === 0) this.taken += 1;
      this.holders[place] = before + 1;
    });
  }

  /** Between the readings: what only the first needs is let go. */
  counted(): void {
    this.last = new Int32Array();
  }

  /** The second: writes a text's vector, tf-idf of length 127; all zero where each word is in every text, or there is none. */
  write(text: string, language: number, vector: Int8Array): void {
    const all = this.texts[language] ?? 0;
    this.sums.fill(0);
    eachWord(text, language, (hash) => {
      const weight = Math.log(all / (this.holders[hash >>> 10] ?? 1));
      const number = hash & (width - 1);
      this.sums[number] = (this.sums[number] ?? 0) + ((hash & width) === 0 ? weight : -weight);
    });
    const length = Math.sqrt(this.sums.reduce((sum, value) => sum + value * value, 0));
    for (let at = 0; at < width; at += 1)
      vector[at] = length === 0 ? 0 : Math.round((127 * (this.sums[at] ?? 0)) / length);
  }

  /** How many different words there are. */
  get distinct(): number {
    return distinct(this.taken);
  }
}

/** Different words of some texts, a bit for each. */
export class Words {
  private readonly bits = new Uint8Array(places / 8);
  private taken = 0;

  add(text: string, language: number): void {
    eachWord(text, language, (hash) => {
      const place = hash >>> 10;
      const [at, bit] = [place >>> 3, 1 << (place & 7)];
      const byte = this.bits[at] ?? 0;
      if ((byte & bit) === 0) this.taken += 1;
      this.bits[at] = byte | bit;
    });
  }

  get distinct(): number {
    return distinct(this.taken);
  }
}

/** About how many words take so many places (linear counting, Whang et al. 1990). */
function distinct(taken: number): number {
  return -places * Math.log(1 - Math.min(taken, places - 1) / places);
}

/** The hash of each of a text's search terms, in order. */
function eachWord(text: string, language: number, take: (hash: number) => void): void {
  const bytes = indexTerms(text);
  const basis = Math.imul(0x811c9dc5 ^ language, 0x01000193);
  let hash = basis;
  for (const byte of bytes) {
    if (byte !== 0x20) {
      hash = Math.imul(hash ^ byte, 0x01000193);
      continue;
    }
    take(mix(hash));
    hash = basis;
  }
  if (bytes.length > 0) take(mix(hash));
}

function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
