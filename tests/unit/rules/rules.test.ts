import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ruleCandidates, rulesVersion } from '../../../src-main/shared/rules/generate.ts';
import { baseOfPast } from '../../../src-main/shared/rules/english/verbs.ts';
import { asQuestion } from '../../../src-main/shared/rules/korean/endings.ts';
import { languages, type Language } from '../../../src-main/shared/text/language.ts';
import { hasQuestionForm } from '../../../src-main/shared/text/questionForms.ts';
import { splitSentences } from '../../../src-main/shared/text/sentences.ts';

function ask(passage: string, language: Language, limit = 8): string[] {
  return ruleCandidates({ passage, language, sentences: splitSentences(passage, language), limit }).map(
    (candidate) => candidate.text,
  );
}

/** Passages written for this test, with questions that must be among the candidates. */
const cases: { language: Language; passage: string; questions: string[] }[] = [
  {
    language: 'en',
    passage: 'In 1962, the ferry left the northern harbour.',
    questions: ['When did the ferry leave the northern harbour?'],
  },
  {
    language: 'en',
    passage: 'Ida Marsh invented the salt lamp in 1931.',
    questions: [
      'Who invented the salt lamp in 1931?',
      'When did Ida Marsh invent the salt lamp?',
      'What did Ida Marsh invent in 1931?',
    ],
  },
  {
    language: 'en',
    passage: 'The old lighthouse was built in 1804 because ships often sank near the reef.',
    questions: ['When was the old lighthouse built?'],
  },
  {
    language: 'en',
    passage: 'The island school has twelve teachers.',
    questions: ['How many teachers does the island school have?'],
  },
  {
    language: 'fr',
    passage: 'En 1962, le bac quitta le port du nord.',
    questions: ['En quelle année est-ce que le bac quitta le port du nord\u202f?'],
  },
  {
    language: 'fr',
    passage: 'Ida Marsh fonda la première école de Valmer en 1931.',
    questions: [
      'Qui fonda la première école de Valmer en 1931\u202f?',
      'En quelle année est-ce qu’Ida Marsh fonda la première école de Valmer\u202f?',
    ],
  },
  {
    language: 'fr',
    passage: 'Le phare possède douze lampes.',
    questions: ['Combien de lampes est-ce que le phare possède\u202f?'],
  },
  {
    language: 'zh',
    passage: '北港灯塔位于海岛东岸。灯塔由马明远设计，于1804年建成，高32米。',
    questions: ['北港灯塔位于哪里？', '灯塔由谁设计？'],
  },
  { language: 'zh', passage: '由于暗礁很多，当地政府修建了这座灯塔。', questions: ['当地政府为什么修建了这座灯塔？'] },
  {
    language: 'ko',
    passage: '마을 사람들은 1804년에 등대를 세웠다. 등대는 등불 12개를 갖추고 있다.',
    questions: ['마을 사람들은 몇 년에 등대를 세웠는가?', '등대는 등불 몇 개를 갖추고 있는가?'],
  },
  {
    language: 'hi',
    passage: 'राम प्रसाद ने 1804 में पहला दीपघर बनाया था।',
    questions: ['किसने 1804 में पहला दीपघर बनाया था?', 'राम प्रसाद ने कब पहला दीपघर बनाया था?'],
  },
  {
    language: 'en',
    passage: 'Because the reef was steep, the keepers moved the lamp. A skilled keeper can clean five lenses in a day.',
    questions: ['Why did the keepers move the lamp?', 'How many lenses can a skilled keeper clean in a day?'],
  },
  {
    language: 'en',
    passage: 'The Northern Harbour Company runs the ferry. The old tower was designed by Ida Marsh in 1804.',
    questions: ['Which company runs the ferry?', 'By whom was the old tower designed in 1804?'],
  },
  {
    language: 'fr',
    passage: 'Le phare de Valmer fut construit par Ida Marsh en 1804. Il compte douze mille pierres.',
    questions: [
      'Quel phare fut construit par Ida Marsh en 1804\u202f?',
      'En quelle année est-ce que le phare de Valmer fut construit par Ida Marsh\u202f?',
      'Par qui est-ce que le phare de Valmer fut construit en 1804\u202f?',
      'Combien de pierres est-ce que le phare de Valmer compte\u202f?',
    ],
  },
  {
    language: 'fr',
    passage: 'Le gardien ferme la porte parce que la tempête approche. Le but de la lampe est la sécurité des marins.',
    questions: ['Pourquoi est-ce que le gardien ferme la porte\u202f?', 'Quel est le but de la lampe\u202f?'],
  },
  {
    language: 'zh',
    passage: '北港大学创办于1920年。1931年，北港大学迁往海岛东岸，设有十二个学院。',
    questions: ['北港大学创办于哪一年？', '北港大学在哪一年迁往海岛东岸？', '哪所大学创办于1920年？'],
  },
  {
    language: 'zh',
    passage: '北港燈塔位於海島東岸。1804年，漁民建造了這座燈塔。',
    questions: ['北港燈塔位於哪裡？', '漁民在哪一年建造了這座燈塔？'],
  },
  {
    language: 'ko',
    passage:
      '북항 등대는 돌로 지은 탑이다. 1804년에 마을 사람들은 등대를 세웠으며, 등대는 뱃길을 지켰다. 바다가 깊기 때문에 사람들은 등대를 좋아했다.',
    questions: [
      '북항 등대는 무엇인가?',
      '마을 사람들은 몇 년에 등대를 세웠는가?',
      '등대는 무엇을 지켰는가?',
      '사람들은 왜 등대를 좋아했는가?',
    ],
  },
  {
    language: 'hi',
    passage: 'अहिंसा एक जीवन दृष्टि है। धोंकनी का उपयोग हवा देने के लिए किया जाता है।',
    questions: ['अहिंसा क्या है?', 'धोंकनी का उपयोग किसलिए किया जाता है?'],
  },
  {
    language: 'hi',
    passage:
      'ग्रामीण लोगों ने वालमेर शहर में बारह दीपक जलाए। राम प्रसाद ने पुस्तक लिखी थी। मल्लाह रात में जागते हैं क्योंकि समुद्र में तूफान आता है।',
    questions: [
      'ग्रामीण लोगों ने किस शहर में बारह दीपक जलाए?',
      'ग्रामीण लोगों ने वालमेर शहर में कितने दीपक जलाए?',
      'राम प्रसाद ने क्या लिखा था?',
      'मल्लाह रात में क्यों जागते हैं?',
    ],
  },
];

describe('ruleCandidates', () => {
  it.each(cases)('$language: $passage', ({ language, passage, questions }) => {
    expect(ask(passage, language)).toEqual(expect.arrayContaining(questions));
  });

  it('takes "…라는" with a noun after it for no Korean topic, but for nouns in 라', () => {
    expect(ask('"철학"이라는 한국어 낱말은 그리스어에서 온 번역어이다.', 'ko')).not.toContain('"철학"이라는 무엇인가?');
    expect(ask('사회주의라는 단어를 쓸 수 없어서 바꿔 불렀을 뿐이다.', 'ko')).toEqual([]);
    expect(ask('통일신라는 한반도 남부의 고대 국가이다.', 'ko')).toContain('통일신라는 무엇인가?');
  });

  it('points at the answer', () => {
    const passage = 'The reef is long. Ida Marsh invented the salt lamp in 1931.';
    const candidates = ruleCandidates({ passage, language: 'en', sentences: splitSentences(passage, 'en'), limit: 8 });
    const who = candidates.find((candidate) => candidate.text.startsWith('Who'));
    expect(who?.answer && passage.slice(who.answer.start, who.answer.end)).toBe('Ida Marsh');
    expect(who?.rule).toBe('en.who');
    expect(rulesVersion).toMatch(/^rules-\d/u);
  });

  it('keeps to a focus sentence and to an answer', () => {
    const passage = 'Ida Marsh invented the salt lamp in 1931. Jon Vale built the harbour bridge in 1950.';
    const sentences = splitSentences(passage, 'en');
    const focus = sentences[1] ?? { start: 0, end: 0 };
    const focused = ruleCandidates({ passage, language: 'en', sentences, focus, limit: 8 });
    expect(focused.length).toBeGreaterThan(0);
    expect(focused.every((candidate) => candidate.focus.start === focus.start)).toBe(true);
    const start = passage.indexOf('1950');
    const answered = ruleCandidates({
      passage,
      language: 'en',
      sentences,
      answer: { start, end: start + 4 },
      limit: 8,
    });
    expect(answered.map((candidate) => candidate.text)).toEqual(['When did Jon Vale build the harbour bridge?']);
  });

  it('leaves out a question that gives its answer away', () => {
    const passage = '马明远说，马明远灯塔由马明远设计。';
    const candidates = ruleCandidates({ passage, language: 'zh', sentences: splitSentences(passage, 'zh'), limit: 8 });
    expect(
      candidates.filter(
        ({ text, answer }) => answer !== null && text.includes(passage.slice(answer.start, answer.end)),
      ),
    ).toEqual([]);
  });

  it('spreads over the sentences before it asks twice about one', () => {
    const passage = 'Ida Marsh invented the salt lamp in 1931. Jon Vale built the harbour bridge in 1950.';
    const two = ruleCandidates({ passage, language: 'en', sentences: splitSentences(passage, 'en'), limit: 2 });
    expect(new Set(two.map((candidate) => candidate.focus.start)).size).toBe(2);
  });

  it('says nothing rather than ask about a pronoun it cannot resolve', () => {
    expect(ask('He left it there in 1950.', 'en')).toEqual([]);
    expect(ask('Il la quitta en 1950.', 'fr')).toEqual([]);
  });

  it('never breaks, gives only questions without their answer, and answers inside the passage', () => {
    const pieces = cases.map((entry) => entry.passage);
    const text = fc
      .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'grapheme', maxLength: 12 })), { maxLength: 5 })
      .map((parts) => parts.join(' '));
    fc.assert(
      fc.property(text, fc.constantFrom(...languages), (passage, language) => {
        for (const candidate of ruleCandidates({
          passage,
          language,
          sentences: splitSentences(passage, language),
          limit: 6,
        })) {
          expect(hasQuestionForm(candidate.text, language)).toBe(true);
          expect(/[?？]$/u.test(candidate.text)).toBe(true);
          expect(
            candidate.answer === null ||
              (candidate.answer.start >= candidate.focus.start && candidate.answer.end <= passage.length),
          ).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('verb forms', () => {
  it.each([
    'created create',
    'visited visit',
    'stopped stop',
    'carried carry',
    'wrote write',
    'described describe',
    'opened open',
    'produced produce',
    'defeated defeat',
    'moved move',
    'controlled control',
    'used use',
    'changed change',
    'established establish',
    'occurred occur',
    'received receive',
    'designed design',
    'donated donate',
    'settled settle',
    'included include',
    'required require',
  ])('%s', (pair) => {
    const [past = '', base = ''] = pair.split(' ');
    expect(baseOfPast(past)).toBe(base);
  });
  it.each([
    ['갔다', '갔는가'],
    ['한다', '하는가'],
    ['먹는다', '먹는가'],
    ['많다', '많은가'],
    ['크다', '큰가'],
    ['학교이다', '학교인가'],
    ['선수다', '선수인가'],
    ['갔습니다', '갔습니까'],
    ['있다', '있는가'],
  ])('%s → %s', (statement, question) => {
    expect(asQuestion(statement)).toBe(question);
  });
  it('does not turn what is no statement', () => {
    expect(asQuestion('설립함')).toBeNull();
  });
});
