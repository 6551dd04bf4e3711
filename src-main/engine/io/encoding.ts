import { TextDecoder } from 'node:util';
import chardet from 'chardet';
import { AsklabError } from '../../shared/errors.ts';

/** A byte order mark wins, then valid UTF-8 (the last character may be cut off), then the likeliest by statistics. */
export function detectEncoding(head: Uint8Array): string {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return 'utf-8';
  } catch {
    const found = chardet.detect(head.subarray(0, 65_536)) ?? 'windows-1252';
    try {
      return new TextDecoder(found).encoding;
    } catch {
      return 'windows-1252';
    }
  }
}

/** A decoder that writes U+FFFD for what it cannot read. Error: 'invalid-input' for a name nobody knows. */
export function decoderFor(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw new AsklabError('invalid-input', `The encoding "${encoding}" is not known. Leave it empty to detect it.`);
  }
}
