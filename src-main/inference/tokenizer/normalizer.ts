/**
 * SentencePiece's own text normaliser: longest match in the model's precompiled character map (a Darts double array
 * over UTF-8 bytes), then whitespace rules. Source: sentencepiece 0.2, normalizer.cc.
 */
const SPACE_SYMBOL = [0xe2, 0x96, 0x81];
const REPLACEMENT = [0xef, 0xbf, 0xbd];
const SPACE = 32;

export interface NormalizerRules {
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespace: boolean;
  readonly escapeWhitespace: boolean;
  readonly whitespaceAsSuffix: boolean;
  /** Pieces that pass through unchanged, as UTF-8. */
  readonly userDefined: readonly Uint8Array[];
}

export interface NormalizedText {
  /** UTF-8 of the normalised text, spaces as U+2581. */
  readonly bytes: Uint8Array;
  /** For each byte, and one past the last, the UTF-16 offset in the input it came from. */
  readonly origin: Int32Array;
}

/** Looks up the longest key that starts at a position of a byte string. */
class DoubleArray {
  private readonly units: Uint32Array;

  constructor(blob: Uint8Array) {
    this.units = new Uint32Array(new Uint8Array(blob).buffer);
  }

  /** Returns [matched bytes, value], or [0, -1]. */
  longestPrefix(text: Uint8Array, start: number): [number, number] {
    const { units } = this;
    let length = 0;
    let value = -1;
    let unit = units[0] ?? 0;
    let node = offsetOf(unit);
    for (let i = start; i < text.length; i++) {
      const label = text[i] ?? 0;
      node ^= label;
      unit = units[node] ?? 0;
      if ((unit & 0x800000ff) >>> 0 !== label) break;
      node ^= offsetOf(unit);
      if ((unit >>> 8) & 1) {
        length = i - start + 1;
        value = (units[node] ?? 0) & 0x7fffffff;
      }
    }
    return [length, value];
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

interface Encoded {
  readonly bytes: Uint8Array;
  readonly utf16: Int32Array;
}

/** UTF-8 with, for every byte and the end, the UTF-16 offset of its character. Lone surrogates become U+FFFD. */
function encodeWithOffsets(text: string): Encoded {
  const bytes = new TextEncoder().encode(text);
  const utf16 = new Int32Array(bytes.length + 1);
  let position = 0;
  for (let i = 0; i < text.length;) {
    const code = text.codePointAt(i) ?? 0;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (let j = 0; j < size; j++) utf16[position++] = i;
    i += size === 4 ? 2 : 1;
  }
  utf16[position] = text.length;
  return { bytes, utf16 };
}

export function utf8Length(lead: number): number {
  return lead < 0xc0 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

function startsWith(text: Uint8Array, at: number, prefix: Uint8Array): boolean {
  if (at + prefix.length > text.length) return false;
  for (let i = 0; i < prefix.length; i++) if (text[at + i] !== prefix[i]) return false;
  return true;
}

export class Normalizer {
  private readonly rules: NormalizerRules;
  private readonly trie: DoubleArray | null;
  private readonly strings: Uint8Array;
  private readonly userDefined: Uint8Array[];

  constructor(rules: NormalizerRules) {
    this.rules = rules;
    this.userDefined = [...rules.userDefined].sort((a, b) => b.length - a.length);
    const { charsmap } = rules;
    if (charsmap.length < 4) {
      this.trie = null;
      this.strings = new Uint8Array(0);
      return;
    }
    const size = new DataView(charsmap.buffer, charsmap.byteOffset, 4).getUint32(0, true);
    if (size % 4 !== 0 || size + 4 > charsmap.length) throw new RangeError('the character map is cut off');
    this.trie = new DoubleArray(charsmap.subarray(4, 4 + size));
    this.strings = charsmap.subarray(4 + size);
  }

  /** Returns [replacement bytes, consumed bytes] at `at`. */
  private prefix(text: Uint8Array, at: number): [ArrayLike<number>, number] {
    for (const symbol of this.userDefined) {
      if (startsWith(text, at, symbol)) return [symbol, symbol.length];
    }
    const [length, value] = this.trie?.longestPrefix(text, at) ?? [0, -1];
    if (length > 0) {
      const end = this.strings.indexOf(0, value);
      return [this.strings.subarray(value, end < 0 ? this.strings.length : end), length];
    }
    const size = utf8Length(text[at] ?? 0);
    if (at + size > text.length) return [REPLACEMENT, 1];
    return [text.subarray(at, at + size), size];
  }

  normalize(text: string): NormalizedText {
    const { rules } = this;
    const { bytes, utf16 } = encodeWithOffsets(text);
    const out: number[] = [];
    const origin: number[] = [];
    let at = 0;
    function push(byte: number): void {
      out.push(byte);
      origin.push(utf16[at] ?? 0);
    }
    function pushSpace(): void {
      if (rules.escapeWhitespace) for (const byte of SPACE_SYMBOL) push(byte);
      else push(SPACE);
    }
    if (rules.removeExtraWhitespace) {
      while (at < bytes.length) {
        const [piece, consumed] = this.prefix(bytes, at);
        if (piece.length !== 1 || piece[0] !== SPACE) break;
        at += consumed;
      }
    }
    if (at >= bytes.length) return { bytes: new Uint8Array(0), origin: Int32Array.of(0) };
    if (!rules.whitespaceAsSuffix && rules.addDummyPrefix) pushSpace();
    let afterSpace = rules.removeExtraWhitespace;
    while (at < bytes.length) {
      const [piece, consumed] = this.prefix(bytes, at);
      let start = 0;
      while (afterSpace && start < piece.length && piece[start] === SPACE) start++;
      if (start < piece.length) {
        for (let i = start; i < piece.length; i++) {
          const byte = piece[i] ?? 0;
          if (byte === SPACE) pushSpace();
          else push(byte);
        }
        afterSpace = piece[piece.length - 1] === SPACE;
      }
      at += consumed;
      if (!rules.removeExtraWhitespace) afterSpace = false;
    }
    let end = utf16[bytes.length] ?? 0;
    if (rules.removeExtraWhitespace) {
      const space = rules.escapeWhitespace ? SPACE_SYMBOL : [SPACE];
      while (out.length >= space.length && space.every((byte, i) => out[out.length - space.length + i] === byte)) {
        end = origin[out.length - space.length] ?? end;
        out.length -= space.length;
        origin.length -= space.length;
      }
    }
    if (rules.whitespaceAsSuffix && rules.addDummyPrefix) pushSpace();
    origin.push(end);
    return { bytes: Uint8Array.from(out), origin: Int32Array.from(origin) };
  }
}
