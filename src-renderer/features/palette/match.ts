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

/** The first Han character of each letter in pinyin order, so that collation tells every other one's letter. */
const pinyinFirsts = [...'阿八嚓哒妸发旮哈丌咔垃妈拏噢妑七呥仨他穵夕丫匝'];
const pinyinLetters = 'abcdefghjklmnopqrstwxyz';
const pinyin = new Intl.Collator('zh-u-co-pinyin');

/** Han characters as the first letters of their pinyin, so that dc finds 导出. One character stays one character. */
export function pinyinInitials(text: string): string {
  return text.replace(/[一-鿿]/g, (han) => {
    const at = pinyinFirsts.findLastIndex((first) => pinyin.compare(first, han) <= 0);
    return pinyinLetters[at] ?? han;
  });
}

function fold(text: string): string {
  const folded = text.toLowerCase();
  return folded.length === text.length ? folded : text;
}

/** Where the search stands in a title: as typed, by first consonants of Hangul, or by pinyin initials. */
export function matchOf(search: string, title: string): Match | null {
  const wanted = fold(search.trim());
  if (wanted === '') return { start: 0, end: 0 };
  const start = fold(title).indexOf(wanted);
  if (start >= 0) return { start, end: start + wanted.length };
  const spelt = /^[ㄱ-ㅎ ]+$/.test(wanted) ? choseong(title) : /^[a-z]+$/.test(wanted) ? pinyinInitials(title) : null;
  const at = spelt?.indexOf(wanted) ?? -1;
  return at < 0 ? null : { start: at, end: at + wanted.length };
}
