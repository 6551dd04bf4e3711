import { characterTable } from './characters.ts';
import type { Language } from './language.ts';

/** How the signature's numbers are grouped: one band in common makes two texts candidates. */
export const bandCount = 16;
const rowsPerBand = 4;
export const signatureSize = bandCount * rowsPerBand;
const usualPlaces = 6; // bits that choose one of them
const questionPlaces = 5;
const empty = 0xffffffff;
const prime = 0x01000193;
const basis = 0x811c9dc5;

// A text is asked for its key and then for its signature: the last form is kept.
let last = { text: '', form: '' };

const kept = characterTable((character) => Number(/[\p{L}\p{M}\p{N}]/u.test(character)));

/** The form in which two texts are exact duplicates: compatible form, lower case, letters, marks and digits only. */
export function normalForm(text: string): string {
  if (last.text === text) return last.form;
  const source = text.normalize('NFKC').toLowerCase();
  let form = '';
  for (let position = 0; position < source.length;) {
    const start = position;
    let code = source.codePointAt(position) ?? 0;
    while (kept(code) === 1) {
      position += code > 0xffff ? 2 : 1;
      code = source.codePointAt(position) ?? 0;
    }
    if (position > start) form += form === '' ? source.slice(start, position) : ` ${source.slice(start, position)}`;
    position += code > 0xffff ? 2 : 1;
  }
  last = { text, form };
  return form;
}

/** A short stable key of the normal form (64 bits as hexadecimal), for exact duplicates. */
export function exactKey(text: string): string {
  const [one, other] = keyNumbers(text);
  return hex(one) + hex(other);
}

/** The same as two numbers of 32 bits. */
export function keyNumbers(text: string): [number, number] {
  const form = normalForm(text);
  let one = 0x811c9dc5;
  let other = 0x01000193;
  for (let index = 0; index < form.length; index += 1) {
    const code = form.charCodeAt(index);
    if (code === 0x20) continue;
    one = Math.imul(one ^ code, prime);
    other = Math.imul(other ^ code, prime);
  }
  return [mix(one), mix(other)];
}

/** Length of the overlapping pieces in UTF-16 units: pairs in Chinese and Korean, four elsewhere, where a space counts. */
function pieceSize(language: Language): number {
  return language === 'zh' || language === 'ko' ? 2 : 4;
}

function pieceForm(text: string, language: Language): string {
  const form = normalForm(text);
  if (form === '') return form;
  return pieceSize(language) === 2 ? form.replaceAll(' ', '') : ` ${form} `;
}

/**
 * MinHash of a text's pieces, {@link signatureSize} numbers unless fewer bits choose their places: the share of equal
 * numbers of two texts is about their {@link similarity}, give or take 0.06. One hash per piece that also chooses its
 * place (one-permutation hashing); an empty place takes the next full one's number (densification by rotation,
 * Shrivastava and Li 2014). Null without letters.
 */
export function signature(text: string, language: Language, placeBits = usualPlaces): Uint32Array | null {
  const size = pieceSize(language);
  const form = pieceForm(text, language);
  if (form === '') return null;
  const places = 2 ** placeBits;
  const minima = new Uint32Array(places).fill(empty);
  const hashed = (value: number, at: number): number => Math.imul(value ^ form.charCodeAt(at), prime);
  const end = Math.max(0, form.length - size);
  for (let start = 0; start <= end; start += 1) {
    // Written out for the pieces there are: a loop over each one's characters took twice as long.
    let value = hashed(basis, start);
    if (form.length > 1) value = hashed(value, start + 1);
    if (size === 4 && form.length > 2) value = hashed(value, start + 2);
    if (size === 4 && form.length > 3) value = hashed(value, start + 3);
    value = mix(value);
    const place = value >>> (32 - placeBits);
    if (value < (minima[place] ?? 0)) minima[place] = value;
  }
  const filled = minima.slice();
  for (let place = 0; place < places; place += 1) {
    let distance = 0;
    while (minima[(place + distance) % places] === empty) distance += 1;
    const value = minima[(place + distance) % places] ?? 0;
    filled[place] = distance === 0 ? value : mix(value + Math.imul(distance, 0x9e3779b1));
  }
  return filled;
}

/**
 * Keys for finding near-duplicates without comparing all pairs (16 bands of 4 numbers of the signature): texts of
 * similarity 0.8 share a key with probability over 0.999, of 0.3 with about 0.12. Confirm with {@link similarity}.
 */
export function bandKeys(signed: Uint32Array, language: Language): Int32Array {
  const keys = new Int32Array(bandCount);
  for (let band = 0; band < bandCount; band += 1) {
    let key = band + 1 + language.charCodeAt(0) * 64;
    for (let row = 0; row < rowsPerBand; row += 1)
      key = mix(Math.imul(key, 31) + (signed[band * rowsPerBand + row] ?? 0));
    keys[band] = key;
  }
  return keys;
}

/** How many numbers a {@link Print} has. */
export const printSize = 2 + signatureSize / 4 + bandCount;

/** What finding copies of a text takes, in one piece: its exact key, the low bytes of its signature, its band keys. */
export type Print = Int32Array;

/** The print of a text, into a place of its own or one that is given. */
export function fingerprint(text: string, language: Language, print: Print = new Int32Array(printSize)): Print {
  print.set(keyNumbers(text));
  const signed = signature(text, language);
  if (signed === null) return print; // without letters there are exact copies only
  new Uint8Array(print.buffer, print.byteOffset + 8, signatureSize).set(signed);
  print.set(bandKeys(signed, language), printSize - bandCount);
  return print;
}

/** Bands of a question's print. */
export const questionBands = 2 ** questionPlaces / rowsPerBand;

/**
 * What finding near copies of a question takes: the low bytes of a signature half as long as a passage's, four in each
 * word, which is a band itself: questions of similarity 0.8 share one with probability 0.98, of 0.3 with 0.06.
 */
export function questionPrint(text: string, language: Language): Print {
  const signed = signature(text, language, questionPlaces);
  const print = new Int32Array(questionBands);
  if (signed !== null) new Uint8Array(print.buffer).set(signed); // the low bytes
  return print;
}

/** Four numbers of the signature in each. */
export function signatureOf(print: Print): Int32Array {
  return print.subarray(2, printSize - bandCount);
}

export function bandsOf(print: Print): Int32Array {
  return print.subarray(printSize - bandCount);
}

// One text is compared with many: its pieces are kept.
let right = { text: '', language: 'en' as Language, pieces: new Set<string>() };

/** How alike two texts are: the Jaccard share of their pieces, from 0 to 1; two empty texts are alike. */
export function similarity(left: string, text: string, language: Language): number {
  const one = pieces(left, language);
  if (right.text !== text || right.language !== language) right = { text, language, pieces: pieces(text, language) };
  const other = right.pieces;
  if (one.size === 0 && other.size === 0) return 1;
  let common = 0;
  for (const piece of one) if (other.has(piece)) common += 1;
  return common / (one.size + other.size - common);
}

function pieces(text: string, language: Language): Set<string> {
  const size = pieceSize(language);
  const form = pieceForm(text, language);
  const found = new Set<string>();
  if (form !== '' && form.length < size) found.add(form);
  for (let start = 0; start + size <= form.length; start += 1) found.add(form.slice(start, start + size));
  return found;
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
