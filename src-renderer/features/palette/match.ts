export interface Match {
  start: number;
  end: number;
}

const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';

/** Hangul syllables as their first consonants, so that ㄱㅈ finds 거절. One character stays one character. */
export function choseong(text: string): string {
  return text.replace(
    /[가-힣]/g,
    (syllable) => initials[Math.floor((syllable.charCodeAt(0) - 0xac00) / 588)] ?? syllable,
  );
}

function fold(text: string): string {
  const folded = text.toLowerCase();
  return folded.length === text.length ? folded : text;
}

/** Where the search stands in a title: as typed, or by first consonants when only consonants were typed. */
export function matchOf(search: string, title: string): Match | null {
  const wanted = fold(search.trim());
  if (wanted === '') return { start: 0, end: 0 };
  const start = fold(title).indexOf(wanted);
  if (start >= 0) return { start, end: start + wanted.length };
  if (!/^[ㄱ-ㅎ ]+$/.test(wanted)) return null;
  const at = choseong(title).indexOf(wanted);
  return at < 0 ? null : { start: at, end: at + wanted.length };
}
