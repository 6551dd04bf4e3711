import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { languages, type Language } from '../../../src-main/shared/text/language.ts';
import { splitSentences } from '../../../src-main/shared/text/sentences.ts';

function split(text: string, language: Language): string[] {
  return splitSentences(text, language).map((span) => text.slice(span.start, span.end));
}

/** Sentences written for this test; joined by the separator they must come apart at the same places. */
const cases: { name: string; language: Language; separator: string; sentences: string[] }[] = [
  {
    name: 'English abbreviations, initials, decimals, quotes',
    language: 'en',
    separator: ' ',
    sentences: [
      'Dr. Ida M. Marsh left St. Ives at 6 a.m. on Jan. 4 with 3.5 kg of salt, e.g. for the fish.',
      'She worked for Miller Inc. until 1962.',
      '“Where is it?” asked J. K. Holm.',
      'He answered: "It is gone."',
      'Nobody knew (not even Mr. Vale. He was away.) what came next...',
      'Then the U.S. Navy arrived.',
      'The mission ended at 5 p.m.',
      'The crew slept.',
      'Wait! Really?[3]'.slice(0, 5),
      'Really?[3]',
      'Yes.',
    ],
  },
  {
    name: 'French spaces, guillemets, lower-case continuation',
    language: 'fr',
    separator: ' ',
    sentences: [
      'M. Petit habite à St. Malo depuis 1,5 an env. avec Mme. Roux.',
      '« Qui est là\u202f? » demanda la voisine.',
      'Personne ne répondit\u202f!',
      'Il dit : « Je pars. »',
      'Elle resta…',
      'Pourquoi\u00a0?',
      'On l’ignore.',
    ],
  },
  {
    name: 'Chinese full-width marks and closing quotes',
    language: 'zh',
    separator: '',
    sentences: [
      '老王说：“今天有雨。”',
      '他带了3.5公斤米；还有盐。',
      '真的吗？！',
      '“好！”，他点点头（没有人看见。）就走了。',
      '后来……他回来了。',
      '船长是J.K.霍姆。',
    ],
  },
  {
    name: 'Korean endings with and without a space',
    language: 'ko',
    separator: ' ',
    sentences: [
      '그는 1.5km를 걸었다.',
      '"어디로 갔습니까?"',
      '아무도 몰랐다!',
      '섬은 작다(넓이 3.2㎢).',
      '그래서 끝났다.',
    ],
  },
  { name: 'Korean without spaces', language: 'ko', separator: '', sentences: ['그는 떠났다.', '섬은 비었다.'] },
  {
    name: 'Hindi dandas and titles',
    language: 'hi',
    separator: ' ',
    sentences: ['डॉ. मीरा ने 2.5 किलो चावल लिया।', 'वह कहाँ गई?', 'श्लोक समाप्त हुआ॥', 'श्री. राम घर आए ।'],
  },
];

describe('splitSentences', () => {
  for (const { name, language, separator, sentences } of cases) {
    it(name, () => {
      expect(split(sentences.join(separator), language)).toEqual(sentences);
    });
  }

  it('breaks at a blank line and not at a single one', () => {
    expect(split('A title\n\nFirst line\nof one sentence. Next.', 'en')).toEqual([
      'A title',
      'First line\nof one sentence.',
      'Next.',
    ]);
  });

  it('cuts where the space after a mark was left out, and nowhere inside a name', () => {
    expect(split('Why let him go?The room grew dark.The lamp was out.', 'en')).toEqual([
      'Why let him go?',
      'The room grew dark.',
      'The lamp was out.',
    ]);
    expect(split('Elle aide les enfants.En cas de pluie, elle reste.', 'fr')).toHaveLength(2);
    expect(split('It runs on Node.js and ASP.NET pages of v1.2.Beta kind.', 'en')).toHaveLength(1);
    expect(split('무슨 말인가요?B: 약을 드립니다.', 'ko')).toEqual(['무슨 말인가요?', 'B: 약을 드립니다.']);
  });
  it('keeps marks without a letter with the sentence beside them', () => {
    expect(split('. . . नाव उत्तर गई। वह लौटी।', 'hi')).toEqual(['. . . नाव उत्तर गई।', 'वह लौटी।']);
    expect(split('डॉ . एम . राय और रु . ५०० आए। वे गए।', 'hi')).toHaveLength(2);
  });
  it('keeps list numbers with their item', () => {
    expect(split('1. Take the salt. 2. Add water.', 'en')).toEqual(['1. Take the salt.', '2. Add water.']);
  });

  it('covers everything but white space, in order, without overlap, on any text', () => {
    const marks = fc.constantFrom(
      '.',
      '!',
      '?',
      '。',
      '！',
      '।',
      '…',
      ' ',
      '\n',
      '\n\n',
      '”',
      '»',
      '(',
      ')',
      'a',
      'B',
      '中',
      '가',
      'क',
      '1',
      '\u202f',
      '😀',
    );
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(marks, { maxLength: 40 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(...languages), (sample, language) => {
        let reached = 0;
        let covered = '';
        for (const span of splitSentences(sample, language)) {
          expect(span.start).toBeGreaterThanOrEqual(reached);
          expect(span.end).toBeGreaterThan(span.start);
          const sentence = sample.slice(span.start, span.end);
          expect(sentence).toBe(sentence.trim());
          covered += sentence;
          reached = span.end;
        }
        expect(covered.replace(/\s/gu, '')).toBe(sample.replace(/\s/gu, ''));
      }),
      { numRuns: 2000 },
    );
  });
});
