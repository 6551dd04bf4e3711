import { describe, expect, it } from 'vitest';
import { chooseQuestions, type Proposal } from '../../../src-main/engine/generate/choose.ts';
import { hasBrokenForm } from '../../../src-main/engine/generate/brokenForm.ts';
import { questionFaults, unknownWords } from '../../../src-main/engine/generate/faults.ts';
import type { Language } from '../../../src-main/shared/text/language.ts';

const text =
  'The town built a stone bridge in 1891. It stands near the old university. Anna Weber wrote the first report.';
const passage = { text, language: 'en' as const };
const span = (part: string): { start: number; end: number } => {
  const start = text.indexOf(part);
  return { start, end: start + part.length };
};
const proposal = (question: string, change: Partial<Proposal> = {}): Proposal => ({
  text: question,
  raw: question,
  focus: { start: 0, end: 38 },
  answer: null,
  score: -1,
  rank: 0,
  ...change,
});
const texts = (chosen: readonly Proposal[]): string[] => chosen.map((one) => one.text);

describe('the faults of a question', () => {
  it.each<[Language, string, string, string | null, string]>([
    ['en', text, 'The town built a stone bridge in 1891?', null, 'noQuestionForm'],
    ['en', text, 'What did the town build in 1891', null, 'unfinished'],
    ['en', text, 'What stone bridge was built?', 'stone bridge', 'containsAnswer'],
    ['en', text, 'Qui a construit le pont de pierre dans la ville ?', null, 'wrongLanguage'],
    ['en', text, ', what did the town build?', null, 'oddBeginning'],
    ['en', text, 'What was the old what was the old report?', null, 'repeated'],
    ['en', text, 'Where did the town build a stonuni?', null, 'unknownWords'],
    ['zh', '小镇在一八九一年建造了一座石桥。', '小镇建造了一座石桥？', null, 'noQuestionForm'],
    ['zh', '小镇在一八九一年建造了一座石桥。', '小镇什么时候建造了一座石桥？', '石桥', 'containsAnswer'],
    ['ko', '마을은 1891년에 돌다리를 지었다.', ', 마을은 언제 돌다리를 지었는가?', null, 'oddBeginning'],
    ['ko', '마을은 1891년에 돌다리를 지었다.', '마을은 언제 돌다리를 지었는가?', '돌다리', 'containsAnswer'],
    ['ko', '마을은 1891년에 돌다리를 지었다.', '마을은 돌다리를 지었는가?', '1891년', 'namesNoGap'],
    ['ko', '마을은 1891년에 돌다리를 지었다.', '마을은?', null, 'brokenForm'],
    ['hi', 'नगर ने 1891 में पत्थर का पुल बनाया।', 'नगर ने पत्थर का पुल बनाया?', null, 'noQuestionForm'],
    ['fr', 'La ville a construit un pont en 1891.', 'La ville a construit un pont ?', null, 'noQuestionForm'],
  ])('%s: %s | %s', (language, source, question, answer, fault) => {
    expect(questionFaults(question, { text: source, language }, answer)).toContain(fault);
  });

  it.each<[Language, string, string, string | null]>([
    ['en', text, 'When did the town build a bridge of stone?', '1891'],
    ['en', text, 'Who wrote the first report?', 'Anna Weber'],
    ['en', text, 'What is the other building near?', 'he'],
    ['zh', '小镇在一八九一年建造了一座石桥。', '小镇在什么时候建造了石桥？', '一八九一年'],
    ['ko', '마을은 1891년에 돌다리를 지었다.', '마을은 언제 돌다리를 지었는가?', '1891년'],
    ['hi', 'नगर ने 1891 में पत्थर का पुल बनाया।', 'नगर ने पत्थर का पुल कब बनाया?', '1891'],
    ['fr', 'La ville a construit un pont en 1891.', 'Quand la ville a-t-elle construit un pont ?', '1891'],
  ])('%s: none that is grave in %s | %s', (language, source, question, answer) => {
    const faults = questionFaults(question, { text: source, language }, answer);
    expect(faults.filter((fault) => fault !== 'unknownWords' && fault !== 'copied')).toEqual([]);
  });

  it('knows forms of a word, common question words and numbers', () => {
    expect(unknownWords('Which universities stand near the bridges of 1891?', passage)).toEqual([]);
    expect(unknownWords('Who wrote the repoversity?', passage)).toEqual(['repoversity']);
  });
});

describe('broken forms', () => {
  it.each<[Language, string]>([
    ['ko', '그는 대회에서는가?'],
    ['ko', '팀은 공식적으로 사과와 해명는가?'],
    ['ko', '선수는 2군으로 내려가기도는가?'],
    ['ko', '여기서 나폴레옹은?'],
    ['zh', '孙休逝世什么？'],
    ['hi', 'किसे में चार स्तर हैं?'],
    ['hi', 'किसके का अंतर है?'],
    ['zh', '还有一些公民什麼？'],
  ])('%s: %s', (language, question) => expect(hasBrokenForm(question, language)).toBe(true));

  it.each<[Language, string]>([
    ['ko', '마을은 언제 다리를 지었는가?'],
    ['ko', '이 책은 무엇을 설명하는가?'],
    ['ko', '그가 태어난 곳은?'],
    ['ko', '누가 다리를 지었습니까?'],
    ['zh', '齿河盗龙属于什么？'],
    ['hi', 'यह किसके द्वारा किया जाता है?'],
    ['hi', 'पुल किसने बनाया?'],
    ['zh', '这座桥叫什么？'],
    ['zh', '谁建造了这座桥？'],
    ['en', 'What did the town build?'],
  ])('%s: none in %s', (language, question) => expect(hasBrokenForm(question, language)).toBe(false));
});

describe('choosing', () => {
  it('takes the first sound proposal of a sentence, whatever its score', () => {
    const chosen = chooseQuestions(
      [
        proposal('The town built a stone bridge?', { score: -0.1, rank: 0 }),
        proposal('What did the town build?', { score: -0.9, rank: 1 }),
      ],
      [],
      passage,
      1,
    );
    expect(texts(chosen)).toEqual(['What did the town build?']);
  });

  it('lets answers and sentences take turns and puts the least faulty first', () => {
    const chosen = chooseQuestions(
      [
        proposal('When did the townuni build a bridge?', { answer: span('1891'), score: -0.2 }),
        proposal('In which year was a bridge built there?', { answer: span('1891'), rank: 1, score: -0.3 }),
        proposal('Who wrote the first report?', { answer: span('Anna Weber'), focus: span('Anna Weber'), score: -0.8 }),
        proposal('What stands near the university?', { focus: span('It stands'), score: -0.5 }),
      ],
      [],
      passage,
      3,
    );
    expect(texts(chosen)).toEqual([
      'In which year was a bridge built there?',
      'What stands near the university?',
      'Who wrote the first report?',
    ]);
  });

  it('leaves out near-duplicates of siblings and of questions that stand already', () => {
    const chosen = chooseQuestions(
      [
        proposal('Who wrote the first report?', { rank: 0 }),
        proposal('Who wrote the first  report ?', { rank: 1 }),
        proposal('What did the town build in 1891?', { rank: 2 }),
        proposal('What did the town build?', { rank: 3 }),
      ],
      ['What did the town build in 1891?'],
      passage,
      5,
    );
    expect(texts(chosen).filter((one) => one.startsWith('Who'))).toHaveLength(1);
    expect(texts(chosen)).not.toContain('What did the town build in 1891?');
  });

  it('keeps one faulty proposal, the least faulty, rather than none', () => {
    const statements = [
      proposal(', the town built a bridge?', { rank: 0 }),
      proposal('The town built a bridge?', { rank: 1 }),
    ];
    expect(texts(chooseQuestions(statements, [], passage, 5))).toEqual(['The town built a bridge?']);
    expect(chooseQuestions([], [], passage, 5)).toEqual([]);
  });

  it('keeps the order of proposals without scores, and gives the same result for the same input', () => {
    const rules = ['What did the town build?', 'Who wrote the first report?', 'Where does it stand?'].map(
      (question, rank) => proposal(question, { score: null, rank, focus: { start: rank * 30, end: rank * 30 + 9 } }),
    );
    const chosen = texts(chooseQuestions(rules, [], passage, 3));
    expect(chosen).toEqual(texts(rules));
    expect(texts(chooseQuestions(rules, [], passage, 3))).toEqual(chosen);
  });
});
