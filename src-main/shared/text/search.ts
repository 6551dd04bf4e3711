import { characterTable } from './characters.ts';
import { foldWithMap } from './offsets.ts';
import type { Span } from './span.ts';

/**
 * Full-text terms for SQLite's FTS5 with its `unicode61` tokenizer, which alone finds no Chinese word inside a sentence
 * and breaks Hindi words at their vowel signs. So the text is cut here, for writing and for querying alike:
 * Han, Kana and Hangul runs become overlapping pairs plus the last single character; Latin words are folded;
 * Devanagari code points move to the private use area (U+E900 + offset), which unicode61 counts as letters by default
 * (categories `L* N* Co`), so a word with its signs stays one token and the mapping stays one to one.
 */
type Run = { kind: 'pairs' | 'word'; text: string; start: number; end: number };

const devanagariBase = 0x0900;
const privateBase = 0xe900;
const runPattern =
  /(?<pairs>[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}々〆ー]+)|(?<word>(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}])[\p{L}\p{N}\ue900-\ue97f])+)/gu;

function foldCluster(cluster: string): string {
  const compatible = cluster.normalize('NFKC').toLowerCase();
  if (/[\u0900-\u097f]/u.test(compatible)) return encodeDevanagari(compatible);
  return compatible
    .normalize('NFD')
    .replace(/(?<=[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}])\p{M}+/gu, '')
    .replace(/ß/gu, 'ss')
    .replace(/œ/gu, 'oe')
    .replace(/æ/gu, 'ae')
    .replace(/ø/gu, 'o')
    .replace(/ł/gu, 'l')
    .replace(/ς/gu, 'σ')
    .replace(/[\u200b-\u200d\u00ad]/gu, '')
    .normalize('NFC');
}

function encodeDevanagari(cluster: string): string {
  let encoded = '';
  for (const character of cluster.normalize('NFD')) {
    const code = character.codePointAt(0) ?? 0;
    if (code === 0x093c || code === 0x200c || code === 0x200d) continue; // nukta and joiners: written or left out at will
    if (code === 0x0964 || code === 0x0965) encoded += ' ';
    else if (code === 0x0901)
      encoded += String.fromCharCode(privateBase + 0x02); // candrabindu as anusvara
    else if (code >= 0x0966 && code <= 0x096f)
      encoded += String.fromCharCode(0x30 + code - 0x0966); // digits
    else if (code >= devanagariBase && code <= 0x097f)
      encoded += String.fromCharCode(privateBase + code - devanagariBase);
    else encoded += character;
  }
  return encoded;
}

function runsOf(folded: string): Run[] {
  const runs: Run[] = [];
  for (const match of folded.matchAll(runPattern)) {
    const kind = match.groups?.['pairs'] === undefined ? 'word' : 'pairs';
    runs.push({ kind, text: match[0], start: match.index, end: match.index + match[0].length });
  }
  return runs;
}

function pairsOf(run: string, withLast: boolean): string[] {
  const characters = Array.from(run);
  const terms: string[] = [];
  for (let index = 0; index + 1 < characters.length; index += 1) {
    terms.push(`${characters[index] ?? ''}${characters[index + 1] ?? ''}`);
  }
  if (withLast) terms.push(characters.at(-1) ?? '');
  return terms;
}

const Kind = {
  gap: 0,
  letter: 1, // of a word; its folded form may be longer: ß, œ
  pair: 2,
  mark: 3,
  nothing: 4, // joiners: written or left out at will
} as const;

const folds = new Map<number, string>();
const foldOf = (code: number): string => {
  let folded = folds.get(code);
  if (folded === undefined) folds.set(code, (folded = foldCluster(String.fromCodePoint(code))));
  return folded;
};
const kindOf = characterTable((character) => {
  const folded = foldOf(character.codePointAt(0) ?? 0);
  if (folded === '') return Kind.nothing;
  const run = runsOf(folded)[0];
  if (run && run.text.length === folded.length) return run.kind === 'pairs' ? Kind.pair : Kind.letter;
  return /^\p{M}/u.test(folded) ? Kind.mark : Kind.gap;
});
const alphabetic = characterTable((character) =>
  Number(/[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}]/u.test(character)),
);

const encoder = new TextEncoder();
/** A character's folded form as UTF-8: three bytes and in the highest how many there are; 0 is not asked yet, -1 longer. */
const encodings = new Int32Array(0x10000);
function encodingOf(code: number): number {
  if (code >= encodings.length) return -1;
  const known = encodings[code] ?? 0;
  if (known !== 0) return known;
  const bytes = encoder.encode(foldOf(code));
  const [one = 0, two = 0, three = 0] = bytes;
  return (encodings[code] = bytes.length > 3 ? -1 : (bytes.length << 24) | (one << 16) | (two << 8) | three);
}

/** Writes a character's folded form; gives where it ends. */
function writeFolded(bytes: Uint8Array, at: number, code: number): number {
  const packed = encodingOf(code);
  if (packed === -1) {
    const long = encoder.encode(foldOf(code));
    bytes.set(long, at);
    return at + long.length;
  }
  bytes[at] = (packed >>> 16) & 0xff;
  bytes[at + 1] = (packed >>> 8) & 0xff;
  bytes[at + 2] = packed & 0xff;
  return at + (packed >>> 24);
}

// Texts share a block: a piece of memory for each would cost more than what is written into it.
const blockSize = 1 << 16;
let block = new Uint8Array(blockSize);
let used = 0;
const space = 0x20;

/** The text to write into the index, as UTF-8: terms parted by single spaces. */
export function indexTerms(text: string): Uint8Array {
  const source = text.normalize('NFKC').toLowerCase();
  if (used + source.length * 9 + 3 > block.length) {
    block = new Uint8Array(Math.max(blockSize, source.length * 9 + 3)); // two characters of a pair, four bytes each, and a space
    used = 0;
  }
  const bytes = block;
  const begin = used;
  let at = begin;
  let open = false; // a term that the next letter goes on with
  let pair = 0; // the last character of a run of pairs
  let accents = false; // marks on the letter before are left out
  const close = (): void => {
    if (pair !== 0) at = writeFolded(bytes, at, pair);
    if (pair !== 0 || open) bytes[at++] = space;
    pair = 0;
    open = false;
  };
  for (let position = 0; position < source.length;) {
    const code = source.codePointAt(position) ?? 0;
    position += code > 0xffff ? 2 : 1;
    const kind = kindOf(code);
    if (kind === Kind.nothing || (kind === Kind.mark && accents)) continue;
    accents = kind === Kind.letter && alphabetic(code) === 1;
    if (kind === Kind.letter) {
      if (pair !== 0) close();
      open = true;
      if (code >= 0x80) at = writeFolded(bytes, at, code);
      else {
        bytes[at++] = code;
        for (let next = source.charCodeAt(position); isPlain(next); next = source.charCodeAt(position)) {
          bytes[at++] = next;
          position += 1;
        }
      }
    } else if (kind === Kind.pair) {
      if (open && pair === 0) close();
      if (pair !== 0) {
        at = writeFolded(bytes, writeFolded(bytes, at, pair), code);
        bytes[at++] = space;
      }
      pair = code;
    } else close();
  }
  close();
  used = at;
  return bytes.subarray(begin, at > begin ? at - 1 : at);
}

/** A lower-case letter or digit of ASCII. */
function isPlain(code: number): boolean {
  return (code >= 0x61 && code <= 0x7a) || (code >= 0x30 && code <= 0x39);
}

/**
 * The FTS5 MATCH expression for what a person typed, or null when it has no letter or digit (then show everything).
 * Every script run must occur; a run in Han, Kana or Hangul is a phrase; words in straight or curly quotes are one phrase;
 * the last word, if Latin or Devanagari, also finds longer words, unless it is one Latin letter: a tenth of all words begin
 * with it, which is slow and tells nothing.
 */
export function matchQuery(query: string): string | null {
  const parts: string[] = [];
  for (const piece of query.matchAll(/["“”]([^"“”]+)["“”]|[^"“”]+/gu)) {
    const quoted = piece[1] !== undefined;
    const runs = runsOf(foldWithMap(piece[1] ?? piece[0], foldCluster).text);
    if (quoted) {
      const terms = runs.flatMap((run) =>
        run.kind === 'word' ? [run.text] : queryPairs(run.text, run === runs.at(-1)),
      );
      if (terms.length > 0)
        parts.push(phrase(terms, runs.at(-1)?.kind === 'pairs' && singleCharacter(runs.at(-1)?.text)));
      continue;
    }
    for (const run of runs) {
      if (run.kind === 'pairs') parts.push(phrase(queryPairs(run.text, true), singleCharacter(run.text)));
      else parts.push(phrase([run.text], false));
    }
  }
  const last = parts.at(-1);
  if (last === undefined) return null;
  if (/["“”]\s*$/u.test(query) || last.endsWith('*')) return parts.join(' AND ');
  const lastRun = runsOf(foldWithMap(query, foldCluster).text).at(-1);
  if (lastRun?.kind === 'word' && !/^\p{Script=Latin}$/u.test(lastRun.text) && !/\s$/u.test(query))
    parts[parts.length - 1] = `${last} *`;
  return parts.join(' AND ');
}

function queryPairs(run: string, isLast: boolean): string[] {
  if (singleCharacter(run)) return [run];
  return pairsOf(run, !isLast);
}

function singleCharacter(run: string | undefined): boolean {
  return run !== undefined && Array.from(run).length === 1;
}

function phrase(terms: string[], prefix: boolean): string {
  return `"${terms.join(' ')}"${prefix ? ' *' : ''}`;
}

/** Where a query's runs occur in a text, as sorted spans that do not overlap; words match from their start. */
export function highlightSpans(text: string, query: string): Span[] {
  const folded = foldWithMap(text, foldCluster);
  const found: Span[] = [];
  const runs = runsOf(foldWithMap(query, foldCluster).text);
  const targets = runsOf(folded.text);
  for (const [index, run] of runs.entries()) {
    const isPrefix = index === runs.length - 1;
    for (const target of targets) {
      if (target.kind !== run.kind) continue;
      if (run.kind === 'word') {
        if (isPrefix ? target.text.startsWith(run.text) : target.text === run.text)
          found.push({ start: target.start, end: target.start + run.text.length });
        continue;
      }
      for (let at = target.text.indexOf(run.text); at >= 0; at = target.text.indexOf(run.text, at + 1)) {
        found.push({ start: target.start + at, end: target.start + at + run.text.length });
      }
    }
  }
  const spans = found.map((span) => ({
    start: folded.starts[span.start] ?? 0,
    end: folded.ends[span.end - 1] ?? text.length,
  }));
  return merge(spans);
}

function merge(spans: Span[]): Span[] {
  const sorted = [...spans].sort((left, right) => left.start - right.start || left.end - right.end);
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last !== undefined && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else merged.push({ ...span });
  }
  return merged;
}
