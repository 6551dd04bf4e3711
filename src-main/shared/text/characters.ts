/**
 * A property of characters, asked once per character and then looked up: `\p{…}` tried on every character of every
 * passage was most of an import. The returned function takes a code point; the property is a small integer from 0.
 */
export function characterTable(property: (character: string) => number): (code: number) => number {
  const known = new Uint8Array(0x10000); // the property plus one; 0 is not asked yet
  return (code) => {
    if (code >= known.length) return property(String.fromCodePoint(code));
    const found = known[code] ?? 0;
    if (found > 0) return found - 1;
    const value = property(String.fromCharCode(code));
    known[code] = value + 1;
    return value;
  };
}
