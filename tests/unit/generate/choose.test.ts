import { describe, expect, it } from 'vitest';
import { chooseQuestions, type Proposal } from '../../../src-main/engine/generate/choose.ts';
import { hasBrokenForm, isVague } from '../../../src-main/engine/generate/form/broken.ts';
import { asksForOther, asksWhatItIsNot } from '../../../src-main/engine/generate/form/gap.ts';
import { strayShare } from '../../../src-main/engine/generate/form/stray.ts';
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
    ['zh', '氯化铷是一种卤化物。', '氯化铷\uFFFD是什么？', null, 'brokenForm'],
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

  it('takes a question that copies nearly all of its passage for a statement, but for one in Hindi', () => {
    const copied = (question: string, source: string, language: Language): boolean =>
      questionFaults(question, { text: source, language }, null).includes('copied');
    const english = 'The old town on the hill built a long bridge of white stone in the year';
    expect(copied(`${english} when?`, `${english} 1891.`, 'en')).toBe(true);
    const hindi = 'नगर ने पत्थर का पुराना और लंबा पुल नदी के पास बनाया';
    expect(copied(`${hindi} कब?`, `${hindi}।`, 'hi')).toBe(false);
  });

  it('knows forms of a word, common question words and numbers', () => {
    expect(unknownWords('Which universities stand near the bridges of 1891?', passage)).toEqual([]);
    expect(unknownWords('Who wrote the repoversity?', passage)).toEqual(['repoversity']);
  });
});

describe('what a question says beside its sentence', () => {
  it.each<[Language, string, string]>([
    ['en', 'The town built a stone bridge in 1891.', 'When did the town build a stone bridge?'],
    ['zh', '2001年，上午校获政府拨资在添福路建校。', '上午校哪一年获政府拨资在添福路建校？'],
    ['ko', '1812년 프랑스군이 네만 강을 넘어 원정을 시작했다.', '프랑스군이 언제 네만 강을 넘어 원정을 시작했는가?'],
    ['fr', 'La ville a construit un pont en 1891.', 'Quand est-ce que la ville a construit un pont ?'],
    ['hi', 'नगर ने 1891 में पत्थर का पुल बनाया।', 'नगर ने कब पत्थर का पुल बनाया?'],
  ])('%s: keeps to %s', (language, sentence, question) => expect(strayShare(question, sentence, language)).toBe(0));

  it.each<[Language, string, string]>([
    ['en', 'The line along which they formed was long.', 'Who formed the line along which the line?'],
    ['zh', '日月光为台湾唯一入选评价的企业。', '日月光集团在哪一年台湾唯一入选气候变迁？'],
    ['ko', '프랑스군이 강을 넘어 원정을 시작했다.', '몇 년에 프랑스군이 강을 넘어 원정을 넘어 있는가?'],
    ['hi', 'अरबवासी इस बीमारी को साथ लाए थे।', 'अरबवासी इस बीमारी को किसने प्राप्त हुई?'],
  ])('%s: strays from %s', (language, sentence, question) =>
    expect(strayShare(question, sentence, language)).toBeGreaterThan(0.15),
  );

  it('counts for a question with a score alone: a rule may name the subject for a pronoun', () => {
    const focus = span('It stands near the old university.');
    const asked = ['What does the bridge stand near?', 'What stands near the university?'];
    const from = (score: number | null) =>
      texts(
        chooseQuestions(
          asked.map((question, rank) => proposal(question, { focus, rank, score })),
          [],
          passage,
          1,
        ),
      );
    expect(from(null)).toEqual([asked[0]]);
    expect(from(-1)).toEqual([asked[1]]);
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
    ['zh', '马岛灵猫的体长多少厘米是多少？'],
    ['zh', '谁在什么时候建造了石桥？'],
    ['zh', '中央电视台在什么时候曾引进并于？'],
    ['zh', '玩法：<br>嘉宾需要回答多少题？'],
    ['zh', '希普尚克斯向博物馆遗赠了哪一年？'],
    ['zh', '港古最在行」是什么？'],
    ['en', 'When did the city developed around the settlement?'],
    ['en', 'What does the algorithm provides?'],
    ['en', 'When was France began to rebuild its empire?'],
    ['en', 'When was the university experienced its share of unrest?'],
    ['en', 'Why is the school atmosphere is one of persuasion?'],
    ['en', 'When the bridge was built?'],
    ['en', 'How many diameter are the disks?'],
    ['en', 'Who includes the business Parks Parks?'],
    ['en', 'What is the name of the?'],
    ['en', 'What is [...] for a reason?'],
    ['en', 'What is the name of wealth from "grabbing?'],
    ['fr', 'Quand est-ce que le prolongement de cette ligne jusqu’à la porte ?'],
    ['fr', 'Combien de canal est-ce que la ville possède ?'],
    ['fr', 'Combien de intérêts est-ce que la ville possède ?'],
    ['fr', 'Pourquoi est-ce que un escalier est accolé à la façade ?'],
    ['fr', 'Qu’est-ce qui est la les murs de la ville ?'],
    ['fr', 'Qu’est-ce qui ont porté le projet ?'],
    ['fr', 'Qu’est-ce que la randonnée étaient ?'],
    ['fr', 'Qu’est-ce que la paroi ouest est également modifiée ?'],
    ['fr', 'Pour quelle raison s’il est conscient ?'],
    ['ko', '문제해결 및 한계 돌ᄋ파인가?'],
    ['ko', '그는 대통령을 비판했다. 바샤르인가?'],
    ['ko', '식량은 엄청 무엇을났나?'],
    ['ko', '러시아 무엇을 재개했는가?'],
    ['ko', '누가 언제 다리를 지었는가?'],
    ['ko', '논쟁이 언제 시작된가?'],
    ['ko', '언제 정부에 참여한 소년인가?'],
    ['ko', '누가 의석을 얻은 정당은?'],
    ['ko', '막대기를 무엇으로 제거었는가?'],
    ['ko', '언제 비상사태법의 철폐를 선포었는가?'],
    ['ko', '무엇을 추가하는 것이 가장 논란이했는가?'],
    ['ko', '젖은 표면이 결과들에 무엇을 주 있는가?'],
    ['ko', '네 원수는 몇 명으로 전투를 치렀는?'],
    ['ko', '어떤주의 시대까지 모든 지식을 가리켰는가?'],
    ['ko', '종교 연구는 무엇을 하지는가?'],
    ['hi', 'मैदान सूखे थे क्या है?'],
    ['hi', 'नगर की राजधानी दिल्ली है किसने है?'],
    ['hi', 'यह काम कठिन था कैसे है?'],
    ['hi', 'गाँव का मुखिया किसने है?'],
    ['hi', 'किसने लोग इस सबसे ऊब गए?'],
    ['hi', 'किसके सोचते हैं?'],
    ['hi', 'कितने छात्र कब पढ़ते हैं?'],
    ['hi', 'खेत में क्या उगाए जाते हैं हैं?'],
    ['hi', 'पुल कब बनाया गया गई?'],
    ['hi', 'सूट में एक कपड़ा शामिल होगा क्या है?'],
    ['hi', 'कोयला काम में लाया जाता है किसने?'],
    ['hi', 'कहाँ में कलाओं का महत्त्व था?'],
    ['hi', 'कब १९३१ के आँकड़े उपलब्ध हैं?'],
    ['hi', 'कौन सी द्वारा ध्यान खींचा गया?'],
    ['hi', 'किसे्रजों का शासन कब आया?'],
    ['hi', 'और नगर में क्या हुआ?'],
    ['fr', 'Qu’est-ce que. Cela suggère un lien ?'],
    ['fr', 'Qu’est-ce qui Dickens chassé pour évoquer le monde ?'],
    ['fr', 'Qu’est-ce qui condamnés à vivre dans des logements ?'],
    ['fr', 'Pourquoi est-ce que les temps d’arrêt a faciliter la mise au point ?'],
    ['fr', 'Qu’est-ce qu’une théorie a cependant ?'],
    ['fr', 'Qui est-ce que deux des personnages qu’il a interprétés ?'],
    ['fr', 'En quelle année est-ce que se déplace est décidé à frapper ?'],
    ['fr', 'En quelle année est-ce que c’est enfin le choc ?'],
    ['zh', '2002年12月1日在什么时候正式动工建设？'],
    ['zh', '政治主張從哪一年？'],
    ['zh', '約有多少5%的人曾就診？'],
    ['zh', '幾個由屋大維掃蕩群雄？'],
    ['ko', '"철학"이라는 무엇인가?'],
    ['ko', '사람들이 가가가는가?'],
    ['ko', '마을이 돌다리를 지었는가 무엇인가?'],
    ['ko', '태조로 즉위한 이성계은?'],
    ['ko', '저층부 다음의 주거 시설는?'],
    ['ko', '창덕궁으로 언제 돌아오는 친영였는가?'],
    ['ko', '종교 연구는 무엇을 하지었는가?'],
    ['ko', '위상이 무엇을 복구하기 되었는가?'],
    ['ko', '몇 년에 일본 자료실에서 찾아낸 했는가?'],
    ['ko', '언제 19일에 동의안이 상정됐는가?'],
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
    ['zh', '桥的长度是多少米？'],
    ['zh', '他出生于哪一年？'],
    ['zh', '与石桥相邻的是什么？'],
    ['en', 'What did the town build?'],
    ['en', 'When did the newly elected mayor open the bridge?'],
    ['en', 'What did the people who lived there call it?'],
    ['en', 'How many people live in the town?'],
    ['en', 'When was the bridge built?'],
    ['en', 'Why is the town that is near the bridge known?'],
    ['fr', 'Quand est-ce que la ville a construit le pont ?'],
    ['fr', 'Combien de temps est-ce que le voyage dure ?'],
    ['fr', 'Qui est l’un des plus fidèles amis de Dickens ?'],
    ['fr', 'Qu’est-ce que la ville est devenue ?'],
    ['fr', 'Qu’est-ce que la plupart ont vu ?'],
    ['ko', '이 현상을 무엇이라 하는가?'],
    ['ko', '왕은 누구에게 상을 주었는가?'],
    ['ko', '그는 언제까지 머물 수 있는가?'],
    ['ko', '다리는 어디에 놓여 있는가?'],
    ['ko', '본대는 몇 명 정도인가?'],
    ['hi', 'उनका निधन कब और कहाँ हुआ?'],
    ['hi', 'यह पुल कब बनाया गया था?'],
    ['hi', 'वे कहाँ से आए थे?'],
    ['hi', 'कौन सी नदी में बाढ़ आई थी?'],
    ['fr', 'Qu’est-ce que la ville possède également ?'],
    ['fr', 'Qu’est-ce qui a changé le monde ?'],
    ['fr', 'Qu’est-ce que le peintre qu’elle admire a vendu ?'],
    ['zh', '1931年5月1日发生了什么？'],
    ['zh', '有几个人在从事研究？'],
    ['ko', '왕으로 즉위한 사람은?'],
    ['ko', '그가 세운 나라는?'],
    ['ko', '가장 큰 나라는 무엇인가?'],
    ['ko', '그의 직업은 무엇이었는가?'],
    ['ko', '철학이라는 말은 무엇을 뜻하는가?'],
    ['ko', '그는 언제 의사였는가?'],
    ['hi', 'अरबवासी इस बीमारी को अपने देश से क्या लाए थे?'],
  ])('%s: none in %s', (language, question) => expect(hasBrokenForm(question, language)).toBe(false));
});

describe('what a question asks for', () => {
  it.each<[Language, string, string]>([
    ['en', 'How many motions are decided?', 'the evening'],
    ['en', 'When was the bridge built?', 'Anna Weber'],
    ['fr', 'En quelle année est-ce que le pont ouvre ?', 'le 5 mai'],
    ['zh', '城市在哪一年建桥？', '5月3日'],
    ['zh', '人口占百分之多少？', '44枚'],
    ['ko', '몇 년에 시위가 벌어졌는가?', '5월 29일'],
    ['ko', '몇 명이 살고 있는가?', '5천 원'],
    ['hi', 'कितने लोग आए?', 'जर्मनी'],
  ])('%s: not this: %s %s', (language, question, answer) =>
    expect(asksForOther(question, answer, language)).toBe(true),
  );

  it.each<[Language, string, string]>([
    ['en', 'How many bridges stand there?', 'two'],
    ['en', 'What did the town build?', 'a bridge'],
    ['fr', 'Combien de chauffeurs a-t-on rajoutés ?', 'soixante'],
    ['zh', '城市在哪一年建桥？', '一八九一年'],
    ['ko', '몇 년에 다리를 지었는가?', '1891년 5월'],
    ['ko', '언제 시위가 벌어졌는가?', '5월 29일'],
    ['hi', 'पुल कब बना?', 'सन् १८१८'],
  ])('%s: this: %s %s', (language, question, answer) => expect(asksForOther(question, answer, language)).toBe(false));
});

describe('a question what something is', () => {
  it.each<[Language, string, string, string, boolean]>([
    ['zh', '石桥是一种古老的建筑。', '石桥是什么？', '一种古老的建筑', false],
    ['zh', '石桥由安娜设计，桥头有一座塔。', '石桥是什么？', '一座塔', true],
    ['ko', '다리는 마을의 자랑이다.', '다리는 무엇인가?', '마을의 자랑', false],
    ['ko', '다리는 마을의 역사를 바꾸었다.', '다리는 무엇인가?', '마을의 역사', true],
    ['ko', '다리는 마을의 역사를 바꾸었다.', '다리가 바꾼 것은 무엇인가?', '마을의 역사', false],
    ['en', 'The bridge changed the town.', 'What is the bridge?', 'the town', false],
  ])('%s: %s %s', (language, source, question, answer, wrong) =>
    expect(asksWhatItIsNot(question, answer, source, language)).toBe(wrong),
  );
});

describe('a vague question', () => {
  it.each<[Language, string, string]>([
    ['en', 'What is the name of the town?', 'Which town has a bridge?'],
    ['en', 'When was the church?', 'When was the church built?'],
    ['en', 'What party is governed by the Labor Party?', 'What party governs the town?'],
    [
      'en',
      'Which disobedience is part of civil disobedience today?',
      'What language is the official language of Chile?',
    ],
    ['zh', '在哪一年推出专辑？', '乐队在哪一年推出专辑？'],
    ['ko', '아파트는 무엇인가?', '마을이 지은 것은 무엇인가?'],
    ['fr', 'Quel est le nom de la ville ?', 'Quelle ville possède un pont ?'],
    ['hi', 'यह क्या था?', 'नगर ने क्या बनाया था?'],
  ])('%s: %s gives way to %s', (language, vague, better) => {
    expect(isVague(vague, language)).toBe(true);
    expect(isVague(better, language)).toBe(false);
  });
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
        proposal('In which year did the town build a bridge?', { answer: span('1891'), rank: 1, score: -0.3 }),
        proposal('Who wrote the first report?', {
          answer: span('Anna Weber'),
          focus: span('Anna Weber wrote the first report.'),
          score: -0.8,
        }),
        proposal('What stands near the university?', {
          focus: span('It stands near the old university.'),
          score: -0.5,
        }),
      ],
      [],
      passage,
      3,
    );
    expect(texts(chosen)).toEqual([
      'In which year did the town build a bridge?',
      'What stands near the university?',
      'Who wrote the first report?',
    ]);
  });

  it('gives a turn to the answers whose best question is least faulty, when there are more answers than places', () => {
    const chosen = chooseQuestions(
      [
        proposal('What is the name of the bridge?', { answer: span('1891') }),
        proposal('Who wrote the first report?', {
          answer: span('Anna Weber'),
          focus: span('Anna Weber wrote the first report.'),
        }),
      ],
      [],
      passage,
      1,
    );
    expect(texts(chosen)).toEqual(['Who wrote the first report?']);
  });

  it('leaves out near-duplicates of siblings and of questions that stand already', () => {
    const chosen = chooseQuestions(
      [
        proposal('Who wrote the first report?', { rank: 0, focus: null }),
        proposal('Who wrote the first  report ?', { rank: 1, focus: null }),
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

  it('prefers a question that the rules ask nearly so', () => {
    const draft = 'When did the town build a stone bridge?';
    const asked = ['When did the town stone a bridge?', 'When did the town build a stone bridge?'];
    const chosen = chooseQuestions(
      asked.map((question, rank) => proposal(question, { answer: span('1891'), rank, draft })),
      [],
      passage,
      1,
    );
    expect(texts(chosen)).toEqual([asked[1]]);
  });

  it("asks what the rules agree with in the rules' order, before all that they do not ask", () => {
    const [who, when, other] = [
      'Who wrote the first report?',
      'When was the bridge built?',
      'What did the town build?',
    ];
    const chosen = chooseQuestions(
      [
        proposal(other ?? '', { focus: { start: 0, end: 38 }, score: -0.1 }),
        proposal(who ?? '', { answer: span('Anna Weber'), score: -2, draft: who ?? '' }),
        proposal(when ?? '', { answer: span('1891'), score: -1, draft: when ?? '' }),
      ],
      [],
      passage,
      3,
    );
    expect(texts(chosen)).toEqual([who, when, other]);
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
