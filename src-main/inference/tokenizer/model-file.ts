import { fieldFloat, readFields } from '../protobuf.ts';

/** Values of SentencePiece's piece type. */
export const PieceType = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

export interface Piece {
  readonly text: string;
  readonly score: number;
  readonly type: number;
}

export interface SentencePieceFile {
  readonly pieces: readonly Piece[];
  readonly byteFallback: boolean;
  readonly whitespaceAsSuffix: boolean;
  readonly unknownSurface: string;
  readonly charsmap: Uint8Array;
  readonly addDummyPrefix: boolean;
  readonly removeExtraWhitespace: boolean;
  readonly escapeWhitespace: boolean;
}

/** Reads a SentencePiece .model (protobuf ModelProto). Throws RangeError for anything but a unigram model. */
export function readSentencePieceFile(data: Uint8Array): SentencePieceFile {
  const decoder = new TextDecoder();
  const pieces: Piece[] = [];
  let modelType = 1;
  let byteFallback = false;
  let whitespaceAsSuffix = false;
  let unknownSurface = ' \u2047 ';
  let charsmap: Uint8Array = new Uint8Array(0);
  let addDummyPrefix = true;
  let removeExtraWhitespace = true;
  let escapeWhitespace = true;
  for (const field of readFields(data)) {
    if (field.number === 1) {
      let text = '';
      let score = 0;
      let type: number = PieceType.normal;
      for (const part of readFields(field.bytes)) {
        if (part.number === 1) text = decoder.decode(part.bytes);
        else if (part.number === 2) score = fieldFloat(part);
        else if (part.number === 3) type = part.value;
      }
      pieces.push({ text, score, type });
    } else if (field.number === 2) {
      for (const part of readFields(field.bytes)) {
        if (part.number === 3) modelType = part.value;
        else if (part.number === 24) whitespaceAsSuffix = part.value !== 0;
        else if (part.number === 35) byteFallback = part.value !== 0;
        else if (part.number === 44) unknownSurface = decoder.decode(part.bytes);
      }
    } else if (field.number === 3) {
      for (const part of readFields(field.bytes)) {
        if (part.number === 2) charsmap = part.bytes;
        else if (part.number === 3) addDummyPrefix = part.value !== 0;
        else if (part.number === 4) removeExtraWhitespace = part.value !== 0;
        else if (part.number === 5) escapeWhitespace = part.value !== 0;
      }
    }
  }
  if (modelType !== 1) throw new RangeError('only unigram SentencePiece models are supported');
  if (pieces.length === 0) throw new RangeError('the model has no pieces');
  return {
    pieces,
    byteFallback,
    whitespaceAsSuffix,
    unknownSurface,
    charsmap,
    addDummyPrefix,
    removeExtraWhitespace,
    escapeWhitespace,
  };
}
