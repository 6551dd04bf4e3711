/**
 * Synthetic outputs and references, the same as make.py makes: words from a list, a seeded generator, and changes
 * (drop, replace, swap, repeat) that leave outputs and references partly alike. No text of anybody's is in it.
 */
export type SyntheticItem = { output: string; references: string[] };

export const vocabularies: Record<string, string[]> = {
  en: "who when where what how many did was the a of in ship ships harbour lamp salt island north old carried carry carrying left built Marsh's 3.5 1,804 U.S. well-known , ? . ( ) \" & it's teacher teachers instructor school schools reef boat vessel vessels began start starting commence autumn fall big large men man a lot of".split(' '),
  zh: '谁 什么 哪里 何时 多少 的 了 在 是 船 港口 灯塔 盐 海岛 北方 旧 带来 离开 建成 3.5 1804 ABC ， ？ 。 “ ” 老师 学校 暗礁 为 何'.split(' '),
  ko: '누가 언제 어디에서 무엇을 몇 개의 배가 항구를 등대는 소금을 섬의 북쪽 오래된 실었는가 떠났는가 세웠는가 3.5 1804년에 , ? . 학교는 선생님이 암초'.split(' '),
  fr: "qui quand où combien est-ce que le la l'île d'un une de du port navire phare sel nord vieux quitta porta construit 3,5 1804 , ? . « » école maître récif n'a à été".split(' '),
  hi: 'किसने कब कहाँ क्या कितने का की के में ने को नाव बंदरगाह दीपघर नमक द्वीप उत्तर पुराना ले गई बनाया था है 3.5 १८०४ , ? । विद्यालय शिक्षक'.split(' '),
};

export const itemsPerLanguage = 2100;

export function synthetic(language: string): SyntheticItem[] {
  const words = vocabularies[language] ?? [];
  let state = Object.keys(vocabularies).indexOf(language) + 20261124;
  const below = (size: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) % size;
  };
  const word = (): string => words[Math.min(below(words.length), below(words.length))] ?? '';
  const change = (base: readonly string[], chance: number): string[] => {
    const changed: string[] = [];
    for (const token of base) {
      const draw = below(100);
      if (draw < chance) {
        const kind = below(4);
        if (kind === 1) changed.push(word());
        else if (kind === 2) changed.push(token, token);
        else if (kind === 3) changed.unshift(token);
      } else changed.push(token);
    }
    return changed.length === 0 ? [word()] : changed;
  };
  return Array.from({ length: itemsPerLanguage }, () => {
    const base = Array.from({ length: 4 + below(14) }, word);
    const references = Array.from({ length: 1 + below(4) }, () => change(base, 25).join(' '));
    return { output: change(base, 10 + below(60)).join(' '), references };
  });
}
