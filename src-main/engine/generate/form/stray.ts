import { normalForm } from '../../../shared/text/fingerprint.ts';
import type { Language } from '../../../shared/text/language.ts';
import { questionVocabulary } from '../questionVocabulary.ts';

/** Question words of the languages that put them where the answer stood. */
const asking: Partial<Record<Language, RegExp>> = {
  zh: /什么时候|什麼時候|为什么|為什麼|什么|什麼|哪一?[年个個种種些位座]|哪[里裡裏]|哪|谁|誰|多少|几|幾|如何|怎样|怎樣|何/gu,
  ko: /무엇\S*|누구\S*|누가|언제|어디\S*|어느|어떤|몇 ?\S*|얼마\S*|왜|\S*[은는]가(?=\s|$)|(?<=\s)것\S*$/gu,
};

/**
 * The share of a question's own words that its sentence does not say, or not in this order: what a small model invents
 * or turns round. Question words and common words don't count. 0 to 1.
 */
export function strayShare(question: string, sentence: string, language: Language): number {
  const asked = pieces(question, language);
  if (asked.length === 0) return 0;
  return 1 - commonInOrder(asked, pieces(sentence, language)) / asked.length;
}

/** What is compared: characters of Chinese, beginnings of words elsewhere, since endings change. */
function pieces(text: string, language: Language): string[] {
  const form = normalForm(text).replace(asking[language] ?? /$^/u, ' ');
  if (language === 'zh') return Array.from(form.replaceAll(' ', ''));
  const common = questionVocabulary[language];
  const length = language === 'ko' ? 2 : 4;
  return form
    .split(' ')
    .filter((word) => word !== '' && !common?.has(word))
    .map((word) => Array.from(word).slice(0, length).join(''));
}

/** Length of the longest common subsequence. */
function commonInOrder(left: readonly string[], right: readonly string[]): number {
  let row = new Array<number>(right.length + 1).fill(0);
  for (const piece of left) {
    const next = [0];
    for (const [at, other] of right.entries())
      next.push(piece === other ? (row[at] ?? 0) + 1 : Math.max(row[at + 1] ?? 0, next[at] ?? 0));
    row = next;
  }
  return row[right.length] ?? 0;
}
