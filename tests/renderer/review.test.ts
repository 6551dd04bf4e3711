import { describe, expect, it } from 'vitest';
import type { Candidate, CandidateSignals, Job } from '../../src-main/shared/contract/types.ts';
import { splitSentences } from '../../src-main/shared/text/sentences.ts';
import { choseong, matchOf, pinyinInitials } from '../../src-renderer/features/palette/match.ts';
import {
  editedQuestion,
  findAll,
  isEmptyFilter,
  nextOpen,
  ordered,
  suggestedReason,
  tidyFilter,
  warnings,
  wordStep,
  generatorsOf,
} from '../../src-renderer/features/review/review.ts';
import { passageParts } from '../../src-renderer/ui/passageParts.ts';
import { keyLabels, matches, pressedKey, type KeyPress } from '../../src-renderer/app/keys.ts';

const signals: CandidateSignals = {
  length: 8,
  copiedShare: 0.2,
  endsAsQuestion: true,
  hasQuestionWord: true,
  unfinished: false,
  repeatedNgram: false,
  languageMismatch: false,
  duplicateOf: null,
};
const candidate = (id: string, change: Partial<Candidate> = {}): Candidate => ({
  id,
  passageId: 'p',
  question: id,
  original: id,
  status: 'undecided',
  reason: null,
  note: null,
  asideReasons: [],
  flag: null,
  type: null,
  difficulty: null,
  focus: null,
  sentence: null,
  answer: null,
  score: null,
  signals,
  decidedBy: null,
  decidedAt: null,
  lineage: {
    generator: 'g',
    generatorName: 'G',
    hash: null,
    provider: null,
    decoding: null,
    seed: null,
    rank: null,
    score: null,
    raw: id,
    jobId: null,
  },
  ...change,
});
const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: '',
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...change,
});

describe('candidates', () => {
  it('stand by sentence, whole-passage questions first, otherwise as they came', () => {
    const list = [
      candidate('b', { sentence: 2 }),
      candidate('a', { sentence: 0 }),
      candidate('w'),
      candidate('c', { sentence: 2 }),
    ];
    expect(ordered(list).map((one) => one.id)).toEqual(['w', 'a', 'b', 'c']);
  });
  it('deciding moves on, goes round once and ends', () => {
    const list = [candidate('a'), candidate('b', { status: 'accepted' }), candidate('c')];
    expect(nextOpen(list, 'a')).toBe('c');
    expect(nextOpen(list, 'c')).toBe('a');
    expect(nextOpen([candidate('a')], 'a')).toBeNull();
    expect(nextOpen([], null)).toBeNull();
  });
  it('warn only of what is wrong, and suggest a reason for it', () => {
    expect(warnings(signals)).toEqual([]);
    expect(warnings({ ...signals, copiedShare: 0.86 })).toEqual(['copied']);
    expect(suggestedReason({ ...signals, copiedShare: 0.86 })).toBe('trivial');
    expect(suggestedReason({ ...signals, copiedShare: 0.86, duplicateOf: 'x' })).toBe('duplicate');
    expect(suggestedReason(signals)).toBeNull();
  });
  it('an unchanged edit is an acceptance as written', () => {
    expect(editedQuestion(candidate('Why?'), ' Why? ')).toBeUndefined();
    expect(editedQuestion(candidate('Why?'), 'Why so?')).toBe('Why so?');
  });
});

describe('passage parts', () => {
  const text = '第一句。第二句😀在这里！ And a third one.';
  const cut = splitSentences(text, 'zh');
  it.each([[null], [{ start: 2, end: 9 }], [{ start: 0, end: text.length }]])(
    'join to the text whatever is marked: %j',
    (answer) => {
      const parts = passageParts(text, cut, answer, findAll(text, '句'));
      expect(parts.flatMap((part) => part.pieces.map((piece) => piece.text)).join('')).toBe(text);
      for (const part of parts)
        for (const piece of part.pieces)
          expect(text.slice(piece.start, piece.start + piece.text.length)).toBe(piece.text);
      const marked = parts
        .flatMap((part) => part.pieces)
        .filter((piece) => piece.answer)
        .map((piece) => piece.text)
        .join('');
      expect(marked).toBe(answer === null ? '' : text.slice(answer.start, answer.end));
    },
  );
  it('finds every match, ignoring case', () => {
    expect(findAll('Lens, lens, LENS', 'lens')).toHaveLength(3);
    expect(findAll('lens', ' ')).toEqual([]);
    // Letters that are longer in lower case, before and inside what is found.
    expect(findAll('İzmir ve İstanbul', 'istanbul')).toEqual([]);
    const [found] = findAll('İzmir, then İSTANBUL.', 'İstanbul');
    expect(found).toEqual({ start: 12, end: 20 });
    expect(findAll('İİ lens', 'lens')).toEqual([{ start: 3, end: 7 }]);
  });
  it('the caret moves by words', () => {
    const line = 'A single lens.';
    expect(wordStep(line, 'en', 0, 1)).toBe(1);
    expect(wordStep(line, 'en', 1, 1)).toBe(8);
    expect(wordStep(line, 'en', 8, -1)).toBe(2);
    expect(wordStep(line, 'en', 13, 1)).toBe(14);
  });
});

describe('filters', () => {
  it('keep only what is meant', () => {
    expect(isEmptyFilter({ statuses: [], search: '', flagged: false })).toBe(true);
    expect(tidyFilter({ statuses: [], signal: 'copied', search: '' })).toEqual({ signal: 'copied' });
  });
});

describe('keys', () => {
  it('go by character, and by place where the layout is not Latin', () => {
    expect(pressedKey(press('a', { code: 'KeyQ' }))).toBe('A');
    expect(pressedKey(press('ㅁ', { code: 'KeyA' }))).toBe('A');
    expect(pressedKey(press('ф', { code: 'KeyA' }))).toBe('A');
  });
  it('match with the modifiers they name', () => {
    expect(matches(press('a'), 'A')).toBe(true);
    expect(matches(press('a', { ctrlKey: true }), 'A')).toBe(false);
    expect(matches(press('A', { shiftKey: true }), 'A')).toBe(false);
    expect(matches(press('Z', { ctrlKey: true, shiftKey: true }), 'Ctrl+Shift+Z')).toBe(true);
    expect(matches(press('z', { ctrlKey: true }), 'Ctrl+Shift+Z')).toBe(false);
    expect(matches(press('?', { shiftKey: true }), '?')).toBe(true);
    expect(matches(press('+', { ctrlKey: true, shiftKey: true }), 'Ctrl++')).toBe(true);
    expect(matches(press('ArrowRight', { shiftKey: true }), 'Shift+ArrowRight')).toBe(true);
    expect(matches(press('ArrowRight', { shiftKey: true }), 'ArrowRight')).toBe(false);
  });
  it('are shown one cap each', () => {
    expect(keyLabels('Ctrl+Shift+Z')).toEqual(['Ctrl', 'Shift', 'Z']);
    expect(keyLabels('ArrowUp ArrowDown')).toEqual(['↑', '↓']);
    expect(keyLabels('Ctrl++')).toEqual(['Ctrl', '+']);
  });
});

describe('palette', () => {
  it('finds by part and by first consonants', () => {
    expect(matchOf('rej', 'Reject with a reason')).toEqual({ start: 0, end: 3 });
    expect(choseong('거절')).toBe('ㄱㅈ');
    expect(matchOf('ㄱㅈ', '모두 거절')).toEqual({ start: 3, end: 5 });
    expect(pinyinInitials('导出 A')).toBe('dc A');
    expect(matchOf('sz', '打开设置')).toEqual({ start: 2, end: 4 });
    expect(matchOf('xyz', 'Reject')).toBeNull();
  });
});

it('a filter by generator offers models, rules and the files that brought questions', () => {
  const job = (kind: Job['kind'], title: string, settings: Job['settings']): Job => ({ kind, title, settings }) as Job;
  const sources = [{ path: '/data/squad/dev.json' }, { title: 'pasted' }];
  expect(
    generatorsOf([
      job('generate', 'LALM', { generator: 'lalm' }),
      job('import', 'dev.json', { sources, options: { questionsAs: 'candidates' } }),
      job('import', 'refs.json', { sources: [{ path: 'refs.json' }], options: { questionsAs: 'references' } }),
    ]),
  ).toEqual([
    { id: 'lalm', name: 'LALM' },
    { id: 'import:dev.json', name: 'dev.json' },
    { id: 'import:pasted', name: 'pasted' },
  ]);
});
