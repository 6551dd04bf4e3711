/** The made-up lines of fixture/tokenizer_golden.py, drawn by the same generator. */
import { readJson } from './helpers.ts';

const LANGUAGES = ['en', 'fr', 'zh', 'ko', 'hi'] as const;
export type LineLanguage = (typeof LANGUAGES)[number];
export const LINE_LANGUAGES: readonly LineLanguage[] = LANGUAGES;
export const LINES = 10_000;

interface Fragments {
  readonly words: Record<LineLanguage, string>;
  readonly ranges: Record<LineLanguage, [number, number][]>;
  readonly odd: string[];
  readonly spaces: string[];
}

/** A linear congruential generator: the same numbers in Python and TypeScript. */
class Draw {
  private state: number;
  constructor(seed: number) {
    this.state = seed >>> 0;
  }
  below(count: number): number {
    this.state = (Math.imul(this.state, 1664525) + 1013904223) >>> 0;
    return (this.state >>> 8) % count;
  }
  of<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
  codePoint(ranges: readonly [number, number][]): string {
    const [first, last] = this.of(ranges);
    return String.fromCodePoint(first + this.below(last - first + 1));
  }
}

const fragments = readJson<Fragments>('fragments.json');
const words = Object.fromEntries(
  LANGUAGES.map((language) => [language, fragments.words[language].split(' ')]),
) as Record<LineLanguage, string[]>;

function part(draw: Draw, language: LineLanguage, pieces: readonly string[] | null): string {
  const kind = draw.below(100);
  if (kind < 66) {
    if (pieces === null) return draw.of(words[language]);
    return Array.from({ length: 1 + draw.below(3) }, () => draw.of(pieces)).join('');
  }
  if (kind < 68) return draw.of([...'.-x!ㅋ哈e0']).repeat(2 + draw.below(30));
  if (kind < 80) {
    const count = 1 + draw.below(4);
    return Array.from({ length: count }, () => draw.codePoint(fragments.ranges[language])).join('');
  }
  if (kind < 89) return draw.of(fragments.odd);
  if (kind < 93) return draw.of(words[draw.of(LANGUAGES)]);
  if (kind < 97) return String(draw.below(100_000));
  return draw.codePoint([
    [1, 0xd7ff],
    [0xe000, 0x10ffff],
  ]);
}

function line(draw: Draw, language: LineLanguage, pieces: readonly string[] | null): string {
  let text = draw.below(20) === 0 ? draw.of(fragments.spaces) : '';
  const count = draw.below(16);
  for (let i = 0; i < count; i++) {
    text += part(draw, language, pieces);
    const joint = draw.below(20);
    text += joint < 15 ? ' ' : joint < 17 ? draw.of(fragments.spaces) : '';
  }
  return text;
}

/** `pieces`: of a vocabulary, to stand where the language's words would. */
export function madeUpLines(language: LineLanguage, pieces: readonly string[] | null = null): string[] {
  const draw = new Draw(LANGUAGES.indexOf(language) + 1);
  return Array.from({ length: LINES }, () => line(draw, language, pieces));
}
