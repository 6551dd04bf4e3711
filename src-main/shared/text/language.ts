import { characterTable } from './characters.ts';

/** The five languages Asklab works in. */
export type Language = 'en' | 'zh' | 'ko' | 'fr' | 'hi';

/** Every supported language, in the order lists show them. */
export const languages: readonly Language[] = ['en', 'zh', 'ko', 'fr', 'hi'];

/** The order in which languages stand everywhere; codes of no language come first. */
export const inOrder = (left: string, right: string): number =>
  languages.findIndex((one) => one === left) - languages.findIndex((one) => one === right);

/** What {@link detectLanguage} found; `language` is null when the text is in none of the five, or has no letters. */
export type DetectedLanguage = { language: Language | null; confidence: number };

/** How many letters of each script a text has. */
export type ScriptCounts = {
  latin: number;
  han: number;
  kana: number;
  hangul: number;
  devanagari: number;
  other: number;
};

const englishWords = wordSet(
  'the of and to in is was that for it as with on by at from are were this which be an or his her had has have not but they their its who what when where how why did does do can would after been more than into about there we you he she i my if will',
);
const frenchWords = wordSet(
  'le la les de des du un une et est en que qui dans pour par sur au aux avec il elle ils elles ce cette ces son sa ses ne pas plus se sont été était ont a à où quel quelle quels quelles quand comment pourquoi combien leur leurs comme mais ou on nous vous je être fait après entre lors',
);
const otherLatinWords = [
  wordSet(
    'der die das und ist nicht ein eine mit von den dem des zu auf für sich im wird wurde auch als bei aus nach wie war sie',
  ),
  wordSet(
    'el los las y es una en del por con para su se lo como más pero sus al fue ser son está había este esta cuando',
  ),
  wordSet('il lo gli e è che di per con una del della dei nel nella sono si anche come più alla ha sua suo dal questo'),
  wordSet('o os as e é um uma em do da dos das no na para com por se mais como foi ao são ser que não também'),
];
/** What each function word speaks for; one known to English and French counts half for both. */
const latinWords = new Map(
  [englishWords, frenchWords, ...otherLatinWords]
    .flatMap((set) => [...set])
    .map((word) => {
      const [english, french] = [englishWords.has(word), frenchWords.has(word)];
      const others = otherLatinWords.flatMap((set, index) => (set.has(word) ? [index] : []));
      return [word, { english: english ? (french ? 0.5 : 1) : 0, french: french ? (english ? 0.5 : 1) : 0, others }];
    }),
);
const englishTrigrams = trigrams('the he  and ing ion ed  of  to  th  in  er  hat ent ould ight wh sh ck');
const frenchTrigrams = trigrams('les de  ent le  que  qu es  eur eux ait ais ique oir des ou our eme ell');

function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

const scriptNames = ['latin', 'han', 'hangul', 'devanagari', 'kana', 'other'] as const;
const none = scriptNames.length;
const scriptOf = characterTable((character) => {
  const found = [
    /\p{Script=Latin}/u,
    /\p{Script=Han}/u,
    /\p{Script=Hangul}/u,
    /(?![।॥])\p{Script=Devanagari}/u,
    /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
    /\p{L}/u,
  ].findIndex((pattern) => pattern.test(character));
  return found < 0 ? none : found;
});

/** Counts the letters of a text by script. */
export function scriptCounts(text: string): ScriptCounts {
  const tally = new Array<number>(none + 1).fill(0);
  for (let position = 0; position < text.length; position += 1) {
    const code = text.codePointAt(position) ?? 0;
    if (code > 0xffff) position += 1;
    const script = scriptOf(code);
    tally[script] = (tally[script] ?? 0) + 1;
  }
  const [latin = 0, han = 0, hangul = 0, devanagari = 0, kana = 0, other = 0] = tally;
  return { latin, han, kana, hangul, devanagari, other };
}

/**
 * Tells which of the five languages a text is in. Script shares decide between Han, Hangul, Devanagari and Latin;
 * a Han or Hangul letter weighs three Latin ones, since it carries about as much text. English and French are told
 * apart by function words, accented letters and a few trigrams. Kana or another alphabet gives null.
 */
export function detectLanguage(text: string): DetectedLanguage {
  const sample = text.length > 4000 ? text.slice(0, 4000) : text;
  const counts = scriptCounts(sample);
  const weights = {
    zh: counts.han * 3,
    ko: counts.hangul * 3,
    hi: counts.devanagari * 1.5,
    latin: counts.latin,
    kana: counts.kana * 6,
    other: counts.other,
  };
  const total = Object.values(weights).reduce((sum, value) => sum + value, 0);
  if (total === 0) return { language: null, confidence: 0 };
  const ranked = Object.entries(weights).sort((left, right) => right[1] - left[1]);
  const [name, weight] = ranked[0] ?? ['other', 0];
  const share = weight / total;
  if (name === 'zh' || name === 'ko' || name === 'hi') {
    if (name === 'zh' && counts.kana * 10 > counts.han) return { language: null, confidence: share };
    return { language: name, confidence: share };
  }
  if (name === 'latin') {
    const latin = detectLatin(sample);
    return { language: latin.language, confidence: latin.confidence * share };
  }
  return { language: null, confidence: share };
}

function detectLatin(text: string): DetectedLanguage {
  const lower = text.normalize('NFC').toLowerCase();
  const tokens = lower.replace(/[’']/gu, ' ').match(/\p{L}+/gu) ?? [];
  let english = 0;
  let french = 0;
  const others = otherLatinWords.map(() => 0);
  for (const token of tokens) {
    const known = latinWords.get(token);
    if (!known) continue;
    english += known.english;
    french += known.french;
    for (const other of known.others) others[other] = (others[other] ?? 0) + 1;
  }
  french += (lower.match(/[éèêàùçœîôâûë]/gu) ?? []).length * 0.25;
  french += (lower.match(/\b(?:[ldjnsmt]|qu)[’']\p{L}/gu) ?? []).length;
  english += (lower.match(/\p{L}[’']s\b/gu) ?? []).length * 0.5;
  const foreign = Math.max(...others);
  const foreignLetters = (lower.match(/[ßäöüñ¿¡ãõøåæłćřšž]/gu) ?? []).length;
  if (foreign + foreignLetters * 0.5 > Math.max(english, french) + 0.5) return { language: null, confidence: 0.6 };
  if (Math.abs(english - french) < 0.75) {
    english += 0.1 + trigramWeight(lower, englishTrigrams);
    french += trigramWeight(lower, frenchTrigrams);
  }
  const sum = english + french;
  const language: Language = english >= french ? 'en' : 'fr';
  // With few function words the answer is a guess, and the confidence says so.
  const evidence = sum / (sum + 1);
  return { language, confidence: Math.max(0.2, (Math.max(english, french) / sum) * evidence) };
}

function trigrams(list: string): string[] {
  return list.split(' ').filter((trigram) => trigram.length > 1);
}

function trigramWeight(text: string, list: readonly string[]): number {
  return list.filter((trigram) => text.includes(trigram)).length * 0.05;
}
