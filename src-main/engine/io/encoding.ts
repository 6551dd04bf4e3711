import chardet from 'chardet';

/** Text of a file with the encoding it was read by. A byte order mark wins, then valid UTF-8, then detection. */
export function decode(bytes: Uint8Array, encoding?: string): { text: string; encoding: string } {
  const chosen = encoding ?? detectEncoding(bytes);
  return { text: new TextDecoder(chosen).decode(bytes), encoding: chosen };
}

export function detectEncoding(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    const found = (chardet.detect(bytes.subarray(0, 65_536)) ?? 'windows-1252').toLowerCase();
    try {
      return new TextDecoder(found).encoding;
    } catch {
      return 'windows-1252';
    }
  }
}
