import { closeSync, openSync, writeSync } from 'node:fs';
import type { Language } from '../../../src-main/shared/contract/types.ts';

/** Pseudo-random numbers in [0, 1), the same on every machine (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 0x1_0000_0000;
  };
}

interface Script {
  join: string;
  stop: string;
  asked: string;
  ask: string;
  sentence: number; // words, on average
  function: readonly string[]; // words by which the language is told
  word(random: () => number): string;
}

const pick = <Item>(list: readonly Item[], random: () => number): Item =>
  list[Math.floor(random() * list.length)] as Item;

/** Rank of a word by Zipf's law over `size` words: most text is made of few words, as in real text. */
const zipf = (size: number, random: () => number): number => Math.floor(size ** random()) - 1;

function latin(seed: number, endings: readonly string[]): (random: () => number) => string {
  const made = randomNumbers(seed);
  const onsets = ['b', 'br', 'c', 'ch', 'd', 'f', 'g', 'l', 'm', 'n', 'p', 'pl', 'r', 's', 'st', 't', 'v'];
  const vowels = ['a', 'e', 'i', 'o', 'u', 'ai', 'ou'];
  const syllable = (): string => pick(onsets, made) + pick(vowels, made);
  const vocabulary = Array.from(
    { length: 20_000 },
    () => Array.from({ length: 1 + Math.floor(made() * 3) }, syllable).join('') + pick(endings, made),
  );
  return (random) => vocabulary[zipf(vocabulary.length, random)] ?? '';
}

const scripts: Record<Language, Script> = {
  en: {
    join: ' ',
    stop: '. ',
    asked: '?',
    ask: 'What is',
    sentence: 16,
    function: ['the', 'of', 'and', 'to', 'in', 'was', 'that', 'with', 'by', 'from'],
    word: latin(1, ['n', 'r', 'th', 's', 'ck', 'ng', '']),
  },
  fr: {
    join: ' ',
    stop: '. ',
    asked: ' ?',
    ask: 'Quelle est',
    sentence: 18,
    function: ['le', 'la', 'les', 'de', 'des', 'du', 'une', 'et', 'dans', 'qui', 'été', 'à'],
    word: latin(2, ['é', 'que', 'r', 's', 'ment', 'eux', '']),
  },
  zh: {
    join: '',
    stop: '。',
    asked: '？',
    ask: '什么是',
    sentence: 16,
    function: ['的', '是', '在', '了', '和'],
    word: (random) =>
      String.fromCodePoint(0x4e00 + zipf(6000, random)) + String.fromCodePoint(0x4e00 + zipf(6000, random)),
  },
  ko: {
    join: ' ',
    stop: '. ',
    asked: '?',
    ask: '무엇이',
    sentence: 11,
    function: ['그리고', '있는', '하는', '것은'],
    word: (random) =>
      Array.from({ length: 3 }, () => String.fromCodePoint(0xac00 + 28 * zipf(399, random))).join('') +
      pick(['은', '는', '을', '이다', '에'], random),
  },
  hi: {
    join: ' ',
    stop: '। ',
    asked: '?',
    ask: 'क्या है',
    sentence: 15,
    function: ['का', 'की', 'के', 'में', 'है', 'और', 'से'],
    word: (random) =>
      Array.from(
        { length: 2 },
        () => String.fromCodePoint(0x0915 + zipf(36, random)) + pick(['ा', 'ि', 'ी', 'ु', 'े', 'ो', ''], random),
      ).join(''),
  },
};
const languages = Object.keys(scripts) as Language[];

export interface Row {
  title: string;
  content: string;
  questions: string[];
}

/** Passage number `index` of a synthetic data set: a language of the five, about six sentences, `questions` questions. */
export function row(index: number, questions: number): Row {
  const random = randomNumbers(index + 1);
  const language = languages[index % languages.length] ?? 'en';
  const script = scripts[language];
  const word = (): string => (random() < 0.35 ? pick(script.function, random) : script.word(random));
  const some = (count: number): string => Array.from({ length: count }, word).join(script.join);
  const sentence = (): string => some(Math.round(script.sentence * (0.5 + random()))) + script.stop;
  return {
    title: `${some(2)} ${Math.floor(index / 10)}`,
    content: Array.from({ length: 4 + Math.floor(random() * 5) }, sentence)
      .join('')
      .trim(),
    questions: Array.from({ length: questions }, () => `${script.ask}${script.join}${some(7)}${script.asked}`),
  };
}

/** Questions of passage `index` so that `passages` of them have `questions` in all. */
export function questionsOf(index: number, passages: number, questions: number): number {
  return Math.floor(((index + 1) * questions) / passages) - Math.floor((index * questions) / passages);
}

/** Writes passages from `start` to `end` as JSON lines; a tenth of them shares a document. */
export function writeCorpus(path: string, start: number, end: number, count: (index: number) => number): void {
  const file = openSync(path, 'w');
  let lines: string[] = [];
  for (let index = start; index < end; index += 1) {
    lines.push(`${JSON.stringify({ document: `Document ${Math.floor(index / 10)}`, ...row(index, count(index)) })}\n`);
    if (lines.length === 1000) writeSync(file, lines.splice(0).join(''));
  }
  writeSync(file, lines.join(''));
  lines = [];
  closeSync(file);
}
