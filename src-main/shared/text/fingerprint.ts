import type { Language } from './language.ts';

/** Number of hash functions, and how they are grouped: one band in common makes two texts candidates. */
const bands = 16;
const rowsPerBand = 4;

/** The form in which two texts are exact duplicates: compatible form, lower case, letters, marks and digits only. */
export function normalForm(text: string): string {
  return text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
}

/** A short stable key of the normal form (64 bits as hexadecimal), for exact duplicates. */
export function exactKey(text: string): string {
  const form = normalForm(text).replaceAll(' ', '');
  return hex(hash(form, 0x811c9dc5)) + hex(hash(form, 0x01000193));
}

/** Overlapping pieces: pairs of characters in Chinese, Korean; four characters elsewhere; spaces count as one. */
function shingles(text: string, language: Language): Set<string> {
  const size = language === 'zh' || language === 'ko' ? 2 : 4;
  const form = normalForm(text);
  const characters = Array.from(language === 'zh' || language === 'ko' ? form.replaceAll(' ', '') : ` ${form} `);
  const pieces = new Set<string>();
  if (form === '') return pieces;
  if (characters.length <= size) pieces.add(characters.join(''));
  for (let index = 0; index + size <= characters.length; index += 1)
    pieces.add(characters.slice(index, index + size).join(''));
  return pieces;
}

/**
 * Keys for finding near-duplicates without comparing all pairs (MinHash in 16 bands of 4): texts of similarity 0.8 share a
 * key with probability over 0.999, of 0.3 with about 0.12. Confirm candidates with {@link similarity}.
 */
export function nearDuplicateKeys(text: string, language: Language): string[] {
  const pieces = shingles(text, language);
  if (pieces.size === 0) return [];
  const minima = new Uint32Array(bands * rowsPerBand).fill(0xffffffff);
  for (const piece of pieces) {
    const base = hash(piece, 0x811c9dc5);
    const step = hash(piece, 0x9747b28c) | 1;
    for (let index = 0; index < minima.length; index += 1) {
      const value = mix(base + Math.imul(index, step));
      if (value < (minima[index] ?? 0)) minima[index] = value;
    }
  }
  const keys: string[] = [];
  for (let band = 0; band < bands; band += 1) {
    let key = band + 1;
    for (let row = 0; row < rowsPerBand; row += 1)
      key = mix(Math.imul(key, 31) + (minima[band * rowsPerBand + row] ?? 0));
    keys.push(`${language}${band.toString(16)}${hex(key)}`);
  }
  return keys;
}

/** How alike two texts are: the Jaccard share of their pieces, from 0 to 1; two empty texts are alike. */
export function similarity(left: string, right: string, language: Language): number {
  const one = shingles(left, language);
  const other = shingles(right, language);
  if (one.size === 0 && other.size === 0) return 1;
  let common = 0;
  for (const piece of one) if (other.has(piece)) common += 1;
  return common / (one.size + other.size - common);
}

function hash(text: string, seed: number): number {
  let value = seed;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(value);
}

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, '0');
}
