import type { Language } from '../../../shared/text/language.ts';

/** A question word, and what an answer to it must hold. */
type Gap = readonly [asked: RegExp, held: RegExp];

const digits = '[\\p{Nd}]';
const gaps: Record<Language, readonly Gap[]> = {
  en: [
    [
      /^how (?:many|much)\b/iu,
      new RegExp(
        `${digits}|\\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million|billion|twent|thirt|fort|fift|half|third|quarter|twice|once|several|few|many|all|none|no|both|single)`,
        'iu',
      ),
    ],
    [
      /^(?:when|(?:in|during|on) (?:what|which) (?:year|century|month))\b/iu,
      new RegExp(
        `${digits}|centur|year|month|week|day|night|morning|evening|summer|winter|spring|autumn|decade|era|age|period|time|war|after|before|during|when|while|january|february|march|april|may|june|july|august|september|october|november|december|later|earlier|now`,
        'iu',
      ),
    ],
  ],
  fr: [
    [/^(?:en|de|depuis) quelle année/iu, /\p{Nd}{3,4}|siècle|ann[ée]/iu],
    [
      /^(?:depuis |à )?combien/iu,
      new RegExp(
        `${digits}|\\b(?:un|une|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|vingt|trente|quarante|cinquante|soixante|cent|mille|dizaine|douzaine|centaine|millier|million|milliard|moitié|tiers|quart|plusieurs|aucun)`,
        'iu',
      ),
    ],
  ],
  zh: [
    [/哪一?年/u, /年|\p{Nd}{3,4}|世纪|世紀|代|[〇零一二三四五六七八九]{3,}/u],
    [/百分之多少/u, /[%％]|百分|成$/u],
    [/多少/u, /[\p{Nd}一二三四五六七八九十百千万萬亿億两兩几幾半数數]/u],
    [/什么时候|什麼時候|何时|何時/u, /[\p{Nd}年月日时時代期前后後间間晚早夜周週世春夏秋冬朝]/u],
  ],
  ko: [
    [/몇 ?년/u, /년|세기|\p{Nd}{4}/u],
    [/몇 ?명/u, /명|사람|\p{Nd}인/u],
    [/몇 ?%/u, /%|퍼센트|프로/u],
    [/몇|얼마/u, /[\p{Nd}한두세네여열백천만억일이삼사오육칠팔구십수몇]/u],
    [/언제/u, /[\p{Nd}년월일시때전후기날해밤낮봄여름가을겨울]/u],
  ],
  hi: [
    [
      /^(?:.*\s)?कितन[ेीा](?=\s|$)/u,
      /\p{Nd}|एक|दो|तीन|चार|पाँच|पांच|छह|छः|सात|आठ|नौ|दस|बीस|सौ|हज़?ार|लाख|करोड़|कई|अनेक|आधा|अधिक|कुछ|सभी|बहुत/u,
    ],
    [/(?:^|\s)कब(?=\s|$)/u, /\p{Nd}|सन्|वर्ष|साल|दिन|माह|महीन|शताब्दी|सदी|समय|युग|काल|रात|सुबह|शाम|बाद|पहले|पूर्व|आज|कल/u],
  ],
};

/** Whether a question asks for another sort of thing than the answer it was asked for is: "몇 명" for a day. */
export function asksForOther(question: string, answer: string, language: Language): boolean {
  const asked = question.normalize('NFC');
  return gaps[language].some(([words, held]) => words.test(asked) && !held.test(answer.normalize('NFC')));
}

/** A question what something is, and what joins that to its subject in the passage, before or after the answer. */
const identity: Partial<Record<Language, { asks: RegExp; joins: (answer: string) => RegExp }>> = {
  zh: { asks: /是(?:什么|什麼|谁|誰)$/u, joins: (answer) => new RegExp(`[是为為即指][“「《‘]?${answer}`, 'u') },
  ko: {
    asks: /(?:무엇|누구|어디)인가$/u,
    joins: (answer) => new RegExp(`${answer}[’”'"》〉>」』)]?(?:이|였|인 |일 |라)`, 'u'),
  },
};

/** Whether a question asks what its subject is although the passage does not say of it that it is the answer. */
export function asksWhatItIsNot(question: string, answer: string, passage: string, language: Language): boolean {
  const found = identity[language];
  const text = question.normalize('NFC').replace(/[\s?？]+$/u, '');
  if (found === undefined || !found.asks.test(text) || /것은 (?:무엇|누구|어디)인가$/u.test(text)) return false;
  return !found.joins(answer.replace(/[.*+?^${}()|[\]\\]/gu, '\\$&')).test(passage);
}
