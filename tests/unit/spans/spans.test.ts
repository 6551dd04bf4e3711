import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposeAnswers } from '../../../src-main/shared/spans/propose.ts';
import { languages, type Language } from '../../../src-main/shared/text/language.ts';
import { splitSentences } from '../../../src-main/shared/text/sentences.ts';

function propose(passage: string, language: Language): string[] {
  return proposeAnswers(passage, language, splitSentences(passage, language)).map(
    ({ start, end, kind }) => `${kind}: ${passage.slice(start, end)}`,
  );
}

const cases: { language: Language; passage: string; spans: string[] }[] = [
  {
    language: 'en',
    passage:
      'The lighthouse at Valmer was designed by Ida Marsh in 1804. It cost $12,000 because the reef had to be cleared by hand. Ships call it "the old candle".',
    spans: [
      'place: Valmer',
      'person: Ida Marsh',
      'time: 1804',
      'number: $12,000',
      'reason: the reef had to be cleared by hand',
      'title: the old candle',
    ],
  },
  {
    language: 'fr',
    passage:
      "Le phare de Valmer fut dessiné par Ida Marsh en 1804. Il coûta 12 000 francs, car le récif dut être dégagé à la main. Les marins l'appellent « la vieille bougie ».",
    spans: ['person: Ida Marsh', 'time: 1804', 'number: 12 000 francs', 'title: la vieille bougie'],
  },
  {
    language: 'zh',
    passage: '北港灯塔位于海岛东岸，由马明远设计，1804年建成，高32米。由于暗礁很多，渔民写了《灯塔之歌》。',
    spans: [
      'place: 海岛东岸',
      'person: 马明远',
      'time: 1804年',
      'number: 32米',
      'reason: 暗礁很多',
      'title: 《灯塔之歌》',
    ],
  },
  {
    language: 'ko',
    passage: '마을 사람들은 1804년에 북항 등대를 세웠다. 이 등대는 ‘늙은 촛불’이라고 불리며 등불 12개를 갖추고 있다.',
    spans: ['time: 1804년', 'thing: 북항 등대', 'title: 늙은 촛불', 'number: 12개'],
  },
  {
    language: 'hi',
    passage: 'राम प्रसाद ने 1804 में वालमेर शहर में पहला दीपघर बनाया। दीपघर में बारह दीपक हैं।',
    spans: ['person: राम प्रसाद', 'time: 1804', 'place: वालमेर शहर', 'number: बारह'],
  },
];

describe('proposeAnswers', () => {
  it.each(cases)('$language', ({ language, passage, spans }) => {
    expect(propose(passage, language)).toEqual(expect.arrayContaining(spans));
  });

  it('takes one span of each sentence before a second of any', () => {
    const passage = cases[0]?.passage ?? '';
    const spans = proposeAnswers(passage, 'en', splitSentences(passage, 'en'), 3);
    expect(new Set(spans.map((span) => span.sentence))).toEqual(new Set([0, 1, 2]));
  });

  it('gives spans that lie in their sentence and do not overlap, whatever the text', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...cases.map((entry) => entry.passage)), fc.string({ unit: 'grapheme' })))
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, fc.constantFrom(...languages), (passage, language) => {
        const sentences = splitSentences(passage, language);
        const spans = proposeAnswers(passage, language, sentences);
        for (const [index, span] of spans.entries()) {
          const sentence = sentences[span.sentence];
          expect(sentence !== undefined && span.start >= sentence.start && span.end <= sentence.end).toBe(true);
          expect(span.end).toBeGreaterThan(span.start);
          for (const other of spans.slice(index + 1)) {
            expect(span.end <= other.start || other.end <= span.start).toBe(true);
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
