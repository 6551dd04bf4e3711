import type { Language } from '../../../shared/text/language.ts';
import { isBrokenChinese, isVagueChinese } from './chinese.ts';
import { isBrokenEnglish, isVagueEnglish } from './english.ts';
import { isBrokenFrench, isVagueFrench } from './french.ts';
import { isBrokenHindi, isVagueHindi } from './hindi.ts';
import { isBrokenKorean, isVagueKorean } from './korean.ts';

type Check = (text: string, passage: string) => boolean;

const broken: Record<Language, Check> = {
  en: isBrokenEnglish,
  zh: isBrokenChinese,
  ko: isBrokenKorean,
  fr: isBrokenFrench,
  hi: isBrokenHindi,
};
const vague: Record<Language, (text: string) => boolean> = {
  en: isVagueEnglish,
  zh: isVagueChinese,
  ko: isVagueKorean,
  fr: isVagueFrench,
  hi: isVagueHindi,
};

/** Whether a question's words can't stand as they do in its language. `passage` tells a verb from one that was made up. */
export function hasBrokenForm(question: string, language: Language, passage = ''): boolean {
  const text = bare(question);
  // U+FFFD stands for a character that the model spelt only in part.
  return /<\/?[a-z]+\/?>|\[\W*\]|\uFFFD/iu.test(text) || hasOpenMarks(text) || broken[language](text, passage);
}

/** Whether a question stands, but says too little of what it asks for. */
export function isVague(question: string, language: Language): boolean {
  return vague[language](bare(question));
}

function bare(question: string): string {
  return question
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .replace(/[\s?？]+$/u, '')
    .trim();
}

function hasOpenMarks(text: string): boolean {
  const count = (mark: string): number => text.split(mark).length - 1;
  const pairs = ['()', '（）', '“”', '«»', '《》', '「」', '『』', '[]'];
  return count('"') % 2 === 1 || pairs.some(([open = '', close = '']) => count(open) !== count(close));
}
