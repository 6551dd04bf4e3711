/** Syllables that end Korean verb and adjective stems before -는가; past stems are told by their ㅆ. */
const stems = new Set(
  '하되있없가오보주두내나지치리이르기키히우추알모받먹읽않많싶맡걸살팔말들만놓쌓낳넣잡뽑찾닫믿얻걷묻듣끄크쓰뜨따떠켜펴매새세데깨꾸바피비시끼뉘쉬쥐뛰'.split(
    '',
  ),
);
const particles = /(?:에서|에게|으로|부터|까지|자마자|면서|지만|기도|하도록)는가$/u;
const questionWord = /누가|누구|무엇|무슨|언제|어디|어느|어떤|어떻게|왜|(?<!몇)몇(?!몇)|얼마/gu;
const lone = /[\u1100-\u11ff\u3130-\u318f\ua960-\ua97f\ud7b0-\ud7ff]/u;

export function isBrokenKorean(text: string, passage: string): boolean {
  const words = text.split(' ');
  const last = words.at(-1) ?? '';
  if (lone.test(text) || /[가-힣]다\. ?[가-힣]/u.test(text)) return true;
  if ((text.match(questionWord) ?? []).length > 1) return true;
  if (/어떤[가-힣]|언제엔/u.test(text)) return true;
  if (/[는은인]가 (?:무엇|누구|언제|어디)인가$/u.test(text) || stammers(text, passage)) return true;
  if (/(?:무엇을|무엇이(?!라|었)|누가|어디에서|몇 ?년에|몇 ?%)(?!서|도|는|만|나|까지)[가-힣]/u.test(text)) return true;
  if (words.some((word, at) => /^무엇(?:을|이(?!라)|인가)/u.test(word) && at > 0 && !endsPhrase(words[at - 1] ?? '')))
    return true;
  if (/(?:[을를에의와과]|에서|으로|(?<![은는인던한])가)$/u.test(last)) return true;
  if (/된가$|[가거고다하차라자사바나]었는가$|[게놓을를에]했는가$/u.test(last) || isMadeUp(last, passage)) return true;
  if (/(?:이|["”’'])라는 (?:무엇|누구)인가$/u.test(text) || /(?:몇 년에|언제) \d+일/u.test(text)) return true;
  if (disagrees(last) || /하지었는가$|기 되었는가$|[낸린친킨된던] 했는가$/u.test(text)) return true;
  if (isMisjoined(words.at(-2) ?? '', last)) return true;
  if (/인가$/u.test(last)) {
    const asks = words.slice(-3).some((word) => /누구|무엇|언제|어디|몇|얼마|어느|어떤|왜|무슨/u.test(word));
    return !asks && (text.match(questionWord) ?? []).length > 0;
  }
  if (/는가$/u.test(last)) {
    const stem = last.at(-3) ?? '';
    return particles.test(last) || !(stems.has(stem) || /만드는가$/u.test(last) || finalConsonant(stem) === 20);
  }
  if (/(?:은|는)$/u.test(last) && text.search(questionWord) >= 0) return true;
  return /(?:은|는)$/u.test(last) && !words.slice(-5, -1).some(modifies);
}

/** "가가가는가": one syllable three times over, where the passage has no such word. */
function stammers(text: string, passage: string): boolean {
  const found = /([가-힣])\1\1/u.exec(text)?.[0];
  return found !== undefined && !passage.includes(found);
}

/** A word before 무엇 ends in a particle or an ending, or is no noun. */
function endsPhrase(word: string): boolean {
  return (
    /(?:[은는이가을를에의로서게도만고며면와과라여해히때후전중년월일데시지다,)]|이나|%|\p{N})$/u.test(word) ||
    modifies(word)
  );
}

/** "놓했는가", "하게했는가": 하다 after something that the passage never puts before it. */
function isMadeUp(last: string, passage: string): boolean {
  const found = /^([가-힣]+?)(?:했|되었|됐|하였|하|되)는가$/u.exec(last);
  const noun = found?.[1]?.slice(-2) ?? '';
  return (
    passage !== '' &&
    noun.length > 0 &&
    !new RegExp(`${noun} ?[을를이가]?[하한할해했함되된될됐됨시토]`, 'u').test(passage)
  );
}

/** Endings that this stem, or this word before it, can't take: "선포었는가", "논란이했는가", "주 있는가", "치렀는". */
function isMisjoined(before: string, last: string): boolean {
  if (/[이가을를]했는가$|하지는가$/u.test(last)) return true;
  if (last.endsWith('는') && (finalConsonant(last.at(-2) ?? '') === 20 || last.endsWith('없는'))) return true;
  const vowel =
    Math.floor(((/(?<stem>[가-힣])었는가$/u.exec(last)?.groups?.stem ?? '이').charCodeAt(0) - 0xac00) / 28) % 21;
  if (vowel === 0 || vowel === 8) return true; // after ㅏ and ㅗ the past is -았-
  return (
    last === '있는가' &&
    /^[가-힣]{1,3}$/u.test(before) &&
    !/(?:[고수어아여이가도에서져워와러려겨쳐혀해돼]|으로)$/u.test(before)
  );
}

/** 은, 는 and 였 follow the sound before them: "이성계은", "시설는", "친영였는가". */
function disagrees(last: string): boolean {
  const [, before = '', ending = ''] = /([가-힣])(은|는|였는가|였나)$/u.exec(last) ?? [];
  if (ending === '') return false;
  const closed = finalConsonant(before) > 0;
  return ending === '은' ? !closed : closed;
}

/** The consonant a Hangul syllable ends in, numbered as Unicode does: 4 is ㄴ, 8 ㄹ, 20 ㅆ; 0 is none. */
function finalConsonant(syllable: string): number {
  const code = (syllable.codePointAt(0) ?? 0) - 0xac00;
  return code >= 0 && code < 11172 ? code % 28 : 0;
}

/** Whether a Korean word can stand before the noun that "…은?" asks for: a verb's -ㄴ, -는 or -ㄹ, or -의. */
function modifies(word: string): boolean {
  return /의$/u.test(word) || [4, 8].includes(finalConsonant(word.at(-1) ?? ''));
}

export function isVagueKorean(text: string): boolean {
  return text.split(' ').length < 3;
}
