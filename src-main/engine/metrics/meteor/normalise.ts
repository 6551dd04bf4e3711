/** Latin and Cyrillic letters, and these with digits: what METEOR's English normaliser holds for parts of words. */
const letter = 'A-Za-z\\u0160\\u017d\\u0161\\u017e\\u0178\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u017e\\u0400-\\u0527\\ua640-\\ua66e\\ua67e-\\ua697\\u1d00-\\u1d7f'; // prettier-ignore
const pattern = (text: string): RegExp =>
  new RegExp(text.replaceAll('LETTER', letter).replaceAll('WORD', `0-9${letter}`), 'gu');

/** Stands for each of several stops in a row. */
const stop = '\ue000';
const steps: readonly [readonly [RegExp, string], ...(readonly [RegExp, string])[]] = [
  // Every other sign is a word of its own: so each Chinese, Korean and Devanagari character is.
  [pattern(`([^WORD \\t\\n\\r\\v\\f.'\`,\\-\\u2018\\u2019${stop}])`), ' $1 '],
  [/([^0-9]),([^0-9])/g, '$1 , $2'],
  [/([0-9]),([^0-9])/g, '$1 , $2'],
  [/([^0-9]),([0-9])/g, '$1 , $2'],
  [/[`\u2018\u2019]/g, "'"],
  [/[\u201c\u201d]|''/g, ' " '],
  [/\u2013|--/g, '-'],
  [pattern('([WORD.])-([WORD])'), '$1 $2'],
  [pattern("([^LETTER])'([^LETTER])"), "$1 ' $2"],
  [pattern("([^LETTER0-9])'([LETTER])"), "$1 ' $2"],
  [pattern("([LETTER])'([^LETTER])"), "$1 ' $2"],
  [pattern("([LETTER])'([LETTER])"), "$1 '$2"],
  [/([0-9])'(s)/g, "$1 '$2"],
];

/** Signs that a rule after the first looks at. Most questions have none. */
const ruled = /[.,`'\u2018\u2019\u201c\u201d\u2013-]/;
const blanks = /[ \t\n\r\f\u2000-\u200a\u202f\u205f\u3000\u00a0]+/;

const hasLetter = new RegExp(`[${letter}]`);

/** Words in lower case that keep their stop though the next word has no small letter. */
const keepsStop = new Set(['v', 'vs', 'rev']);

/**
 * METEOR's normalisation of English (its `-norm`), which COCO-caption scripts apply to every language: marks apart,
 * hyphens and the stops of initials gone, clitics apart. Marks stay words. The text is in lower case already.
 */
export function normaliseEnglish(text: string): string[] {
  if (!ruled.test(text)) {
    const [signs, apart] = steps[0];
    return ` ${text} `
      .replace(signs, apart)
      .split(blanks)
      .filter((word) => word !== '');
  }
  // Several stops are one word; they are hidden from the rules for single stops.
  let spaced = ` ${text} `.replace(/\.{2,}/g, (stops) => ` ${stop.repeat(stops.length)} `);
  for (const [from, to] of steps) spaced = spaced.replace(from, to);
  const words = spaced.split(/[ \t\n\r\f]+/).filter((word) => word !== '');
  return words
    .flatMap((word, at) => {
      if (word.length < 2 || !word.endsWith('.')) return [word];
      const bare = word.slice(0, -1);
      if (bare.includes('.') && hasLetter.test(bare)) return [word.replaceAll('.', '')];
      if (keepsStop.has(bare) || /^[a-z]/.test(words[at + 1] ?? '')) return [word];
      return [bare, '.'];
    })
    .join(' ')
    .replaceAll(stop, '.')
    .split(/[ \u2000-\u200a\u202f\u205f\u3000\u00a0]+/)
    .filter((word) => word !== '');
}
