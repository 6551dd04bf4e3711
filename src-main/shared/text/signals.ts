import { normalForm, similarity } from './fingerprint.ts';
import { detectLanguage, scriptCounts, type Language } from './language.ts';
import { endsAsQuestion, hasQuestionForm } from './questionForms.ts';
import { words } from './words.ts';

/** What can be said of a question without a person; none of it is a verdict. */
export type QuestionSignals = {
  /** Words (characters in Chinese). */
  length: number;
  /** Share of the question's tokens that stand in runs of three or more taken from the passage. */
  copiedShare: number;
  endsAsQuestion: boolean;
  /** Empty, cut off, with an open bracket or quote, or without an end mark. */
  unfinished: boolean;
  hasQuestionWord: boolean;
  /** A run of two or more tokens comes again right away, or one of three or more anywhere. */
  repeatedNgram: boolean;
  /** Most letters are not of the language's script. */
  scriptMismatch: boolean;
  /** The text reads as another of the five languages. */
  languageMismatch: boolean;
  /** The nearest sibling's similarity, 0 to 1; 0 without siblings. */
  siblingSimilarity: number;
};

/** What the signals are taken from. */
export type SignalInput = { question: string; passage: string; language: Language; siblings?: readonly string[] };

/** Tokens for counting copies: characters in Chinese, words elsewhere, folded, without marks. */
export function signalTokens(text: string, language: Language): string[] {
  if (language === 'zh') return Array.from(normalForm(text).matchAll(/[a-z0-9]+|[\p{L}\p{N}]/gu), (match) => match[0]);
  return words(text.normalize('NFC').toLowerCase(), language);
}

/** Share of tokens that lie in an n-gram (n of three or more) which the passage has too. */
export function copiedShare(question: readonly string[], passage: readonly string[]): number {
  return shareOf(question, new Set(grams(passage)));
}

const gramSize = 3;

/** Every run of three tokens, as a hash: runs that fall together are too rare to count. */
function grams(tokens: readonly string[]): number[] {
  const hashes = tokens.map(hash);
  return hashes
    .slice(0, Math.max(0, hashes.length - gramSize + 1))
    .map((one, at) => (Math.imul(Math.imul(one, 31) + (hashes[at + 1] ?? 0), 31) + (hashes[at + 2] ?? 0)) | 0);
}

function hash(token: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < token.length; at += 1) value = Math.imul(value ^ token.charCodeAt(at), 0x01000193);
  return Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
}

function shareOf(question: readonly string[], known: ReadonlySet<number>): number {
  if (question.length === 0) return 0;
  const copied = new Array<boolean>(question.length).fill(false);
  for (const [at, gram] of grams(question).entries()) if (known.has(gram)) copied.fill(true, at, at + gramSize);
  return copied.filter(Boolean).length / question.length;
}

// Questions come passage by passage: the last one's grams are kept.
let last: { passage: string; language: Language; grams: ReadonlySet<number> } | null = null;

function passageGrams(passage: string, language: Language): ReadonlySet<number> {
  if (last?.passage !== passage || last.language !== language)
    last = { passage, language, grams: new Set(grams(signalTokens(passage, language))) };
  return last.grams;
}

/** Computes every signal of one question. */
export function questionSignals(input: SignalInput): QuestionSignals {
  const { question, passage, language, siblings = [] } = input;
  const tokens = signalTokens(question, language);
  const asked = endsAsQuestion(question);
  const detected = detectLanguage(question);
  const counts = scriptCounts(question);
  const letters = Object.values(counts).reduce((sum, value) => sum + value, 0);
  return {
    length: tokens.length,
    copiedShare: shareOf(tokens, passageGrams(passage, language)),
    endsAsQuestion: asked,
    unfinished: isUnfinished(question, tokens.length),
    hasQuestionWord: hasQuestionForm(question, language),
    repeatedNgram: hasRepeat(tokens),
    scriptMismatch: letters > 0 && ownLetters(counts, language) * 2 < letters && ownLetters(counts, language) < 4,
    languageMismatch: detected.language !== null && detected.language !== language && detected.confidence > 0.6,
    siblingSimilarity: siblings.reduce((most, sibling) => Math.max(most, similarity(question, sibling, language)), 0),
  };
}

function ownLetters(counts: ReturnType<typeof scriptCounts>, language: Language): number {
  if (language === 'zh') return counts.han;
  if (language === 'ko') return counts.hangul;
  return language === 'hi' ? counts.devanagari : counts.latin;
}

function isUnfinished(question: string, length: number): boolean {
  const text = question.trim();
  if (length < 2 || !/[.!?。！？।…]["'”’»』」）)]*$/u.test(text)) return true;
  if (/(?:\.{3}|…|[,،，、:：;；-])\s*[?？]?$/u.test(text)) return true;
  const pairs: [RegExp, RegExp][] = [
    [/[(（]/gu, /[)）]/gu],
    [/[“]/gu, /[”]/gu],
    [/[«]/gu, /[»]/gu],
    [/[《]/gu, /[》]/gu],
    [/[「]/gu, /[」]/gu],
  ];
  return pairs.some(([open, close]) => (text.match(open) ?? []).length > (text.match(close) ?? []).length);
}

function hasRepeat(tokens: readonly string[]): boolean {
  const runs = grams(tokens);
  if (new Set(runs).size < runs.length) return true;
  for (let at = 0; at + 4 <= tokens.length; at += 1) {
    if (tokens[at] === tokens[at + 2] && tokens[at + 1] === tokens[at + 3]) return true;
  }
  return false;
}
