import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { bandKeys, exactKey, normalForm, signature, similarity } from '../../../src-main/shared/text/fingerprint.ts';
import { detectLanguage, languages } from '../../../src-main/shared/text/language.ts';
import { codePointToUtf16, utf16ToCodePoint, verifySpan } from '../../../src-main/shared/text/offsets.ts';
import { hasQuestionForm } from '../../../src-main/shared/text/questionForms.ts';
import { questionSignals } from '../../../src-main/shared/text/signals.ts';
import { wordDiff, words } from '../../../src-main/shared/text/words.ts';

describe('detectLanguage', () => {
  it.each([
    ['The ferry leaves the harbour at noon.', 'en'],
    ['Le bac quitte le port à midi.', 'fr'],
    ["L'usine ferme.", 'fr'],
    ['渡轮中午离开港口，船名是 Star of the Sea。', 'zh'],
    ['여객선은 정오에 떠난다 (The Star).', 'ko'],
    ['नौका दोपहर को जाती है।', 'hi'],
    ['Das Schiff ist nicht mehr da und die Leute warten.', null],
    ['フェリーは正午に出発する。', null],
    ['Паром уходит в полдень.', null],
    ['12 — 34', null],
  ])('%s', (text, expected) => {
    expect(detectLanguage(text).language).toBe(expected);
  });
  it('is less sure of two words than of a sentence', () => {
    expect(detectLanguage('Harbour light').confidence).toBeLessThan(
      detectLanguage('The light of the harbour was on all night.').confidence,
    );
  });
});

describe('offsets', () => {
  it('converts both ways on any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const points = Array.from(text);
        for (let index = 0; index <= points.length; index += 1) {
          const offset = codePointToUtf16(text, index);
          expect(offset).toBe(points.slice(0, index).join('').length);
          expect(utf16ToCodePoint(text, offset)).toBe(index);
        }
      }),
    );
  });
  const passage = '😀 The cat saw the cat. Un café\u0301. Le cœur “bat”  fort.';
  it('takes the offset as given when it holds, in either unit', () => {
    const start = passage.indexOf('cat');
    expect(verifySpan(passage, 'cat', start, 'utf16')).toEqual({
      ok: true,
      span: { start, end: start + 3 },
      match: 'exact',
    });
    expect(verifySpan(passage, 'cat', start - 1, 'codePoint')).toEqual({
      ok: true,
      span: { start, end: start + 3 },
      match: 'exact',
    });
  });
  it('takes the nearest of repeats', () => {
    const second = passage.lastIndexOf('cat');
    expect(verifySpan(passage, 'cat', second - 2, 'utf16')).toEqual({
      ok: true,
      span: { start: second, end: second + 3 },
      match: 'moved',
    });
  });
  it('finds decomposed letters, other quotes and other spaces, and covers whole characters', () => {
    const decomposed = 'Un cafe\u0301 noir';
    const found = verifySpan(decomposed, 'café', 0);
    expect(found).toEqual({ ok: true, span: { start: 3, end: 8 }, match: 'normalised' });
    const quoted = verifySpan(passage, '"bat" fort', null);
    expect(quoted.ok && passage.slice(quoted.span.start, quoted.span.end)).toBe('“bat”  fort');
  });
  it('says why not', () => {
    expect(verifySpan(passage, 'dog', 3)).toEqual({ ok: false, reason: 'not-found' });
    expect(verifySpan(passage, '  ', 3)).toEqual({ ok: false, reason: 'empty-text' });
  });
  it('verifies every slice of any text at its own offset', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), fc.nat(), fc.nat(), (text, from, length) => {
        const points = Array.from(text);
        const start = from % points.length;
        const piece = points.slice(start, start + 1 + (length % 5)).join('');
        fc.pre(piece.trim() !== '');
        const found = verifySpan(text, piece, start, 'codePoint');
        expect(found.ok && found.match === 'exact' && text.slice(found.span.start, found.span.end)).toBe(piece.trim());
      }),
    );
  });
});

describe('words', () => {
  it('segments each language', () => {
    expect(words("The cat's here.", 'en')).toEqual(['The', "cat's", 'here']);
    expect(words('हिन्दी किताब।', 'hi')).toEqual(['हिन्दी', 'किताब']);
    expect(words('今天天气很好。', 'zh').join('')).toBe('今天天气很好');
  });
  it('a difference rebuilds both texts', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.constantFrom(...languages), (before, after, language) => {
        const changes = wordDiff(before, after, language);
        expect(
          changes
            .filter((change) => change.kind !== 'added')
            .map((change) => change.text)
            .join(''),
        ).toBe(before);
        expect(
          changes
            .filter((change) => change.kind !== 'removed')
            .map((change) => change.text)
            .join(''),
        ).toBe(after);
      }),
    );
    expect(wordDiff('Who saw it?', 'Who found it?', 'en')).toEqual([
      { kind: 'same', text: 'Who ' },
      { kind: 'removed', text: 'saw' },
      { kind: 'added', text: 'found' },
      { kind: 'same', text: ' it?' },
    ]);
  });
});

describe('fingerprint', () => {
  function shared(left: string, right: string, language: 'en' | 'zh'): number {
    const keys = (text: string) => bandKeys(signature(text, language) ?? new Uint32Array(), language);
    const other = keys(right);
    return keys(left).filter((key, band) => other[band] === key).length;
  }
  it('ignores marks, case, width and spaces for exact duplicates', () => {
    expect(normalForm('Ｗho, saw  IT？')).toBe('who saw it');
    expect(exactKey('Who saw it?')).toBe(exactKey('who saw it ?'));
    expect(exactKey('Who saw it?')).not.toBe(exactKey('Who saw him?'));
  });
  it('shares a key between near-duplicates and seldom between others', () => {
    const near: [string, string, 'en' | 'zh'][] = [
      [
        'When did the old ferry leave the northern harbour for the last time?',
        'When did the old ferry leave the northern harbour for the last time',
        'en',
      ],
      [
        'When did the old ferry leave the northern harbour?',
        'When did the old ferry leave that northern harbour?',
        'en',
      ],
      ['旧渡轮是哪一年最后一次离开北方港口的？', '旧渡轮是哪一年最后一次离开北部港口的？', 'zh'],
    ];
    for (const [left, right, language] of near) {
      expect(similarity(left, right, language)).toBeGreaterThan(0.6);
      expect(shared(left, right, language)).toBeGreaterThan(0);
    }
    expect(shared('Who built the lighthouse?', 'How much salt was sold in the autumn fair?', 'en')).toBe(0);
    expect(signature('', 'en')).toBeNull();
    expect(similarity('', '', 'en')).toBe(1);
    expect(similarity('a b', '', 'en')).toBe(0);
  });
  it('never changes: stored keys stay valid', () => {
    expect(exactKey('Who saw it?')).toMatchInlineSnapshot(`"ebcfc7d414765775"`);
  });
});

test('equal signature numbers tell the similarity', () => {
  const letters = 'lamp sea tide mill stone bridge paper salt canal glass fire kiln wheel water dam reed'.split(' ');
  for (const [count, changed] of [
    [80, 4],
    [80, 20],
    [200, 100],
  ] as const) {
    const text = (from: number): string =>
      Array.from({ length: count }, (_, at) => `${letters[(at * at + (at < from ? at : 0)) % 16] ?? ''}${at}`).join(
        ' ',
      );
    const [left, right] = [text(0), text(changed)];
    const [one, other] = [signature(left, 'en'), signature(right, 'en')];
    const equal = one?.filter((value, place) => value === other?.[place]).length ?? 0;
    expect(Math.abs(equal / 64 - similarity(left, right, 'en'))).toBeLessThan(0.2);
  }
});

describe('signals', () => {
  const passage =
    'The ferry Astra left the northern harbour at noon in 1962. It carried salt and sheep to the islands.';
  it('reads a good question as good', () => {
    const signals = questionSignals({
      question: 'When did the ferry Astra leave the northern harbour?',
      passage,
      language: 'en',
    });
    expect(signals).toMatchObject({
      endsAsQuestion: true,
      unfinished: false,
      hasQuestionWord: true,
      repeatedNgram: false,
      scriptMismatch: false,
      languageMismatch: false,
    });
    expect(signals.copiedShare).toBeCloseTo(6 / 9);
  });
  const told = {
    copied: ({ copiedShare }) => copiedShare > 0.8,
    unfinished: ({ unfinished, endsAsQuestion }) => unfinished || !endsAsQuestion,
    repeated: ({ repeatedNgram }) => repeatedNgram,
    wrongLanguage: ({ scriptMismatch, languageMismatch }) => scriptMismatch || languageMismatch,
  } satisfies Record<string, (signals: ReturnType<typeof questionSignals>) => boolean>;
  it.each([
    ['The ferry Astra left the northern harbour at noon in 1962?', 'copied'],
    ['What did the ferry carry to the,', 'unfinished'],
    ['What did the', 'unfinished'],
    ['What is the name of the name of the name of the ship?', 'repeated'],
    ['Quel est le nom du bateau qui a quitté le port ?', 'wrongLanguage'],
    ['船叫什么名字？', 'wrongLanguage'],
  ] as const)('%s is told as %s', (question, reason) => {
    expect(told[reason](questionSignals({ question, passage, language: 'en' }))).toBe(true);
  });
  it('sees a sibling that says the same', () => {
    const signals = questionSignals({
      question: 'Who sailed the Astra?',
      passage,
      language: 'en',
      siblings: ['When was it?', 'Who sailed the Astra ?'],
    });
    expect(signals.siblingSimilarity).toBeGreaterThan(0.85);
  });
  it.each([
    ['en', 'Who left?', 'The ferry left?'],
    ['en', 'In which year did the ferry sink?', 'The ferry, which sank in the harbour, was old?'],
    ['en', 'After the war, what did the town build?', 'When the war was over, the town built a tower.'],
    ['en', 'The tower was built by whom?', 'What they built was a tower.'],
    ['zh', '灯塔建于哪一年？', '几乎没有任何船只经过。'],
    ['zh', '灯塔的别名是？', '他不知道谁来过这里。'],
    ['ko', '등대는 몇 년에 세워졌는가?', '몇몇 사람은 어디에나 있다?'],
    ['fr', 'Qu’offre le phare ?', 'Le phare, qui éclaire le port, est vieux ?'],
    ['fr', 'A quand remonte le phare ?', 'Où que soit le navire, il le voit.'],
    ['hi', 'यह दीपघर किसलिए बना?', 'यह दीपघर नावों के लिए बना?'],
    ['fr', 'Où va-t-il\u202f?', 'Le bac part\u202f?'],
    ['zh', '船去了哪里？', '船去了北方？'],
    ['ko', '배는 어디로 갔는가?', '배는 북쪽으로 갔다?'],
    ['ko', '등대를 지은 사람은?', '등대를 지은 사람은 없다.'],
    ['fr', 'À qui écrit Rachel\u202f?', 'Le bac qui part\u202f?'],
    ['hi', 'नाव कहाँ गई?', 'नाव उत्तर गई?'],
  ] as const)('knows question forms in %s', (language, question, statement) => {
    expect(hasQuestionForm(question, language)).toBe(true);
    expect(hasQuestionForm(statement, language)).toBe(false);
  });
});
