/** SentencePiece unigram encode and decode, equal to the reference implementation (unigram_model.cc, EncodeOptimized). */
import { InferenceError } from '../errors.ts';
import { PieceType, readSentencePieceFile, type SentencePieceFile } from './model-file.ts';
import { Normalizer, utf8Length } from './normalizer.ts';

export interface EncodedText {
  readonly ids: Int32Array;
  /** UTF-16 offsets in the given text; token i covers [starts[i], ends[i]). */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

const UNKNOWN_PENALTY = 10;
const SPACE_SYMBOL = '\u2581';

export class Tokenizer {
  readonly size: number;
  readonly unknownId: number;
  private readonly file: SentencePieceFile;
  private readonly normalizer: Normalizer;
  /** Trie over UTF-8: key node * 256 + byte, value the next node. */
  private readonly edges = new Map<number, number>();
  /** Piece id at a node, or -1. */
  private readonly values: number[] = [-1];
  private readonly scores: Float32Array;
  private readonly bytePieces = new Int32Array(256).fill(-1);
  private readonly minimumScore: number;
  private readonly maximumScore: number;

  /** Throws InferenceError 'bad-vocabulary' when `data` is no unigram SentencePiece model. */
  constructor(data: Uint8Array, name = 'vocabulary') {
    try {
      this.file = readSentencePieceFile(data);
      const encoder = new TextEncoder();
      const userDefined = this.file.pieces
        .filter((piece) => piece.type === PieceType.userDefined)
        .map((piece) => encoder.encode(piece.text));
      this.normalizer = new Normalizer({ ...this.file, userDefined });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new InferenceError(
        'bad-vocabulary',
        `${name} is not a usable SentencePiece model: ${reason}. Pack the model again.`,
        { file: name },
      );
    }
    const { pieces } = this.file;
    this.size = pieces.length;
    this.unknownId = Math.max(
      0,
      pieces.findIndex((piece) => piece.type === PieceType.unknown),
    );
    this.scores = Float32Array.from(pieces, (piece) => piece.score);
    let minimum = Infinity;
    let maximum = -Infinity;
    const encoder = new TextEncoder();
    pieces.forEach((piece, id) => {
      if (piece.type === PieceType.normal) {
        minimum = Math.min(minimum, piece.score);
        maximum = Math.max(maximum, piece.score);
      }
      if (piece.type === PieceType.byte) this.bytePieces[Number.parseInt(piece.text.slice(3, 5), 16)] = id;
      if (piece.type === PieceType.normal || piece.type === PieceType.userDefined)
        this.insert(encoder.encode(piece.text), id);
    });
    this.minimumScore = Math.fround(minimum);
    this.maximumScore = Math.fround(maximum);
  }

  private insert(key: Uint8Array, id: number): void {
    let node = 0;
    for (const byte of key) {
      const edge = node * 256 + byte;
      let next = this.edges.get(edge);
      if (next === undefined) {
        next = this.values.length;
        this.values.push(-1);
        this.edges.set(edge, next);
      }
      node = next;
    }
    this.values[node] = id;
  }

  private type(id: number): number {
    return this.file.pieces[id]?.type ?? PieceType.unused;
  }

  piece(id: number): string {
    return this.file.pieces[id]?.text ?? '';
  }

  /** Best segmentation of normalised bytes, from the front. As in the reference a sum is compared in double precision and kept in float32. */
  private segment(bytes: Uint8Array): { id: number; start: number; end: number }[] {
    const size = bytes.length;
    const startsAt = new Int32Array(size + 1).fill(-1);
    const ids = new Int32Array(size + 1);
    const best = new Float32Array(size + 1);
    const unknownScore = Math.fround(this.minimumScore - UNKNOWN_PENALTY);
    for (let start = 0; start < size;) {
      const here = best[start] ?? 0;
      const length = Math.min(utf8Length(bytes[start] ?? 0), size - start);
      let single = false;
      let node = 0;
      for (let end = start; end < size;) {
        const next = this.edges.get(node * 256 + (bytes[end] ?? 0));
        if (next === undefined) break;
        node = next;
        end++;
        const id = this.values[node] ?? -1;
        if (id < 0) continue;
        const covered = end - start;
        const score =
          this.type(id) === PieceType.userDefined
            ? Math.fround(covered * this.maximumScore) - 0.1
            : (this.scores[id] ?? 0);
        const total = score + here;
        if (startsAt[end] === -1 || total > (best[end] ?? 0)) {
          startsAt[end] = start;
          ids[end] = id;
          best[end] = total;
        }
        if (covered === length) single = true;
      }
      if (!single) {
        const end = start + length;
        const total = unknownScore + here;
        if (startsAt[end] === -1 || total > (best[end] ?? 0)) {
          startsAt[end] = start;
          ids[end] = this.unknownId;
          best[end] = total;
        }
      }
      start += length;
    }
    const path: { id: number; start: number; end: number }[] = [];
    for (let end = size; end > 0;) {
      const start = startsAt[end] ?? 0;
      path.push({ id: ids[end] ?? 0, start, end });
      end = start;
    }
    return path.reverse();
  }

  encode(text: string): EncodedText {
    const { bytes, origin } = this.normalizer.normalize(text);
    const ids: number[] = [];
    const starts: number[] = [];
    const ends: number[] = [];
    let afterUnknown = false;
    for (const part of this.segment(bytes)) {
      const start = origin[part.start] ?? 0;
      const end = origin[part.end] ?? 0;
      const unknown = part.id === this.unknownId;
      if (unknown && this.file.byteFallback) {
        for (let i = part.start; i < part.end; i++) {
          ids.push(this.bytePieces[bytes[i] ?? 0] ?? this.unknownId);
          starts.push(start);
          ends.push(end);
        }
      } else if (unknown && afterUnknown) {
        ends[ends.length - 1] = end;
      } else {
        ids.push(part.id);
        starts.push(start);
        ends.push(end);
      }
      afterUnknown = unknown;
    }
    return { ids: Int32Array.from(ids), starts: Int32Array.from(starts), ends: Int32Array.from(ends) };
  }

  /** Joins pieces to text. Control pieces vanish; byte pieces join to UTF-8. */
  decode(ids: Iterable<number>): string {
    let text = '';
    let bytes: number[] = [];
    const flush = (): void => {
      if (bytes.length > 0) text += new TextDecoder().decode(Uint8Array.from(bytes));
      bytes = [];
    };
    for (const id of ids) {
      const type = this.type(id);
      const piece = this.piece(id);
      if (type === PieceType.byte) {
        bytes.push(Number.parseInt(piece.slice(3, 5), 16));
        continue;
      }
      flush();
      if (type === PieceType.unknown) text += this.file.unknownSurface;
      else if (type !== PieceType.control) text += piece.replaceAll(SPACE_SYMBOL, ' ');
    }
    flush();
    if (this.file.addDummyPrefix || this.file.removeExtraWhitespace) {
      return this.file.whitespaceAsSuffix ? text.replace(/ $/, '') : text.replace(/^ /, '');
    }
    return text;
  }
}
