import type { Draft, RuleSentence } from '../types.ts';

/** Korean: the answer's phrase is replaced where it stands and the sentence's last verb takes its question ending. */
const lead =
  /^(?:그러나|그리고|하지만|또한|또|따라서|그래서|그러므로|결국|이에|특히|한편|그런데|이후|그러고나서|그 후|이듬해|다만|즉|반면|더불어|이어|게다가|실제로|예를 들어|당시|현재),?\s+/u;
const pronoun =
  /^(?:그는|그가|그녀는|그녀가|이는|이것은|그것은|이들은|그들은|이곳은|이 때|그의|그녀의|이러한|이런|이를|그를|여기|이|그|비록 이들이|그들이|이들이)\s/u;
const adjectives =
  /(?:크|작|많|적|높|낮|같|좋|길|짧|넓|좁|깊|강하|약하|중요하|필요하|가능하|다르|유명하|비슷하|가깝|멀|어렵|쉽)$/u;
const units =
  '명|개국|개월|개|킬로미터|미터|센티미터|킬로그램|km²|㎢|km|cm|mm|kg|t|톤|m|세|살|회|차례|번|년간|년 동안|시간|분|초|척|권|종|마리|점|표|위|층|곳|가구|대|편|경기|골|승|쪽|가지|석|단계|일간|대륙|팀|장';
const placeHead =
  /(?:시|도|군|구|국|섬|역|동|읍|면|학교|대학교|대학|병원|공항|경기장|궁|산|강|항|지역|도시|시장|마을|교회|공원|본사|서울|부산|미국|영국|일본|중국|독일|프랑스|러시아|캐나다|런던|파리|뉴욕|도쿄|유럽|아시아|평양|하와이|스페인|이탈리아|쿠바|한국|조선|베이징|세계)$/u;
const notPlace =
  /^(?:이|그|저|여기|거기|앞|뒤|위|아래|가운데|중|후|면|과정|상황|상태|입장|점|관점|의미|차원|측면|분야|부분|곳|데|이곳|그곳|해|때|사이|속|안|밖|하|상|서)$/u;
const categories =
  /(?:기록|대회|시위|정책|제도|국경|조직|단체|회사|학교|지역|도시|사건|법|영화|노래|작품|책|역할|직책|상|메달|부대|정부|내각|기관|시설|기술|언어|종교|음식|방법|이론|개념|계획|조약|협정|사업|산업|국가|나라|권리|시스템|프로그램|서비스|임무|활동|운동|연구|기능|장비|무기|작전|선거|회의|직위|관계|효과|영향)$/u;
const personVerb =
  /(?:태어났|말했|주장했|말하였|주장하였|사망했|사망하였|결혼했|결혼하였|졸업했|졸업하였|취임했|취임하였|임명되|입단했|입단하였|죽었|살았|썼|지었|밝혔|비판했|비판하였|설립했|설립하였|창립했|발명했|발명하였|발견했|발견하였|작곡|연출|감독|지휘|물러났|제안했|제안하였|이끌었|선출되|당선)/u;
const personName =
  /(?:왕|대통령|감독|선수|장군|박사|교수|의원|목사|총리|황제|장관|사장|회장|작가|화가|배우|총장|대위|대령|국왕|태자|공주|후작|공작|제독)$/u;

/** The passage's subject: the first phrase with 은 or 는. */
export function koreanTopic(first: string): string | null {
  const found = /^((?:[^\s,.]+\s){0,2}[^\s,.()]*?)(?:\([^)]*\))?(?:은|는)\s/u.exec(first.replace(/\([^)]*\)/gu, ''));
  const topic = found?.[1]?.trim() ?? '';
  return topic.length < 2 ||
    /^(?:그|이|저|이것|그것|하지만|또|당시|현재)$|(?:에서|에|하|되|로|한|된|의)$/u.test(topic) ||
    /^\d/u.test(topic)
    ? null
    : topic;
}

/** Drafts for one Korean sentence. */
export function koreanDrafts({ text, topic }: RuleSentence): Draft[] {
  const drafts: Draft[] = [];
  const end = text.replace(/[.。!\s]+$/u, '').length;
  const spots = [
    ...dates(text),
    ...counts(text),
    ...places(text),
    ...subjects(text),
    ...objects(text),
    ...quoted(text),
    ...reasons(text),
    ...copulas(text),
  ];
  for (const spot of spots) {
    const window = frame(text, spot, topic);
    if (window === null) continue;
    const body = spot.copula
      ? window.lead + text.slice(window.start, spot.start) + spot.asked
      : asQuestion(window.lead + text.slice(window.start, spot.start) + spot.asked + text.slice(spot.end, end));
    if (body === null) continue;
    const tidy = body
      .replace(/\([^()]*\)/gu, '')
      .replace(/\s+/gu, ' ')
      .replace(/\s+,/gu, ',')
      .trim();
    if (!tidy.includes(spot.asked.trim().split(' ')[0] ?? '')) continue;
    const wordsUsed = tidy.split(' ').length;
    if (wordsUsed < 3 || wordsUsed > 20) continue;
    const score =
      spot.score - window.cost - Math.max(0, wordsUsed - 9) * 0.02 - (tidy.match(/,/gu) ?? []).length * 0.05;
    drafts.push({
      text: `${tidy}?`,
      rule: spot.rule,
      score,
      answer: { start: spot.start, end: spot.start + spot.answerLength },
    });
  }
  return drafts;
}

type Spot = {
  start: number;
  end: number;
  answerLength: number;
  asked: string;
  rule: string;
  score: number;
  copula?: boolean;
};

function spotsOf(
  text: string,
  find: RegExp,
  make: (match: RegExpExecArray) => Omit<Spot, 'start' | 'end'> | null,
): Spot[] {
  const spots: Spot[] = [];
  for (const match of text.matchAll(find)) {
    const made = make(match);
    if (made !== null) spots.push({ ...made, start: match.index, end: match.index + match[0].length });
  }
  return spots.slice(0, 2);
}

function dates(text: string): Spot[] {
  const full = spotsOf(
    text,
    /(?<![\d~-])((?:기원전 |서기 )?\d{3,4}년(?: \d{1,2}월(?: \d{1,2}일)?)?)(에서|에는|에도|에|부터|까지)?(?=[\s,])(?! (?:초|말|중반|대|전|후|동안|간)(?:$|[\s에의부]))/gu,
    (match) => {
      const date = match[1] ?? '';
      const particle = match[2] ?? '';
      if (particle === '에서' || particle === '에도') return null;
      const onlyYear = /\d년$/u.test(date);
      if (particle === '부터' || particle === '까지')
        return { asked: `언제${particle}`, answerLength: date.length, rule: 'date', score: 0.88 };
      if (particle === '')
        return onlyYear
          ? { asked: '몇 년', answerLength: date.length, rule: 'year', score: 0.74 }
          : { asked: '언제', answerLength: date.length, rule: 'date', score: 0.8 };
      return { asked: onlyYear ? '몇 년에' : '언제', answerLength: date.length, rule: 'date', score: 0.93 };
    },
  );
  return full;
}

function counts(text: string): Spot[] {
  const numbers = spotsOf(
    text,
    new RegExp(
      `(?<![\\d.,제~–-]|에서 )(?:약 )?(\\d[\\d,.]*(?:만|억|천|조)?(?: ?\\d[\\d,]*(?:만|천)?)?) ?(${units})(?=[가-힣\\s,]|$)(?!대|째|차|월|도|세[가는의와])`,
      'gu',
    ),
    (match) => ({
      asked: `몇 ${match[2] ?? ''}`,
      answerLength: match[0].length,
      rule: 'count',
      score: /^(?:위|번|점|대|장)$/u.test(match[2] ?? '') ? 0.72 : 0.86,
    }),
  );
  const money = spotsOf(
    text,
    /(?<![\d.,])(?:약 )?\d[\d,.]*(?:만|억|천|조)? ?(?:\d+(?:만|억|천)? ?)?(?:원|달러|유로|엔|파운드)(?=을|를|의|에|로|이|가|\s)/gu,
    (match) => ({ asked: '얼마', answerLength: match[0].length, rule: 'money', score: 0.84 }),
  );
  return [
    ...numbers,
    ...money.map((spot) => fixParticle(text, spot)),
    ...spotsOf(text, /(?<![\d.~–-]|에서 )\d[\d.]* ?(?:%|퍼센트)/gu, (match) => ({
      asked: '몇 %',
      answerLength: match[0].length,
      rule: 'percent',
      score: 0.84,
    })),
  ];
}

/** 얼마 ends in a vowel, so 을, 이, 은, 으로 after it change. */
function fixParticle(text: string, spot: Spot): Spot {
  const particle = /^(?:을|이|은|으로)(?=\s)/u.exec(text.slice(spot.end))?.[0];
  if (particle === undefined) return spot;
  const other: Record<string, string> = { 을: '를', 이: '가', 은: '는', 으로: '로' };
  return { ...spot, end: spot.end + particle.length, asked: spot.asked + (other[particle] ?? particle) };
}

function phraseStart(text: string, headStart: number): number | null {
  // Nouns in a row and 의 phrases belong to the phrase; a verb's modifier before it makes its start unsure.
  let start = headStart;
  for (let taken = 0; taken < 4; taken += 1) {
    const before = /([^\s]+)\s$/u.exec(text.slice(0, start))?.[1];
    if (before === undefined || /[,.]$/u.test(before)) return start;
    if (
      /(?:은|는|이|가|을|를|에|에서|로|으로|와|과|도|에게|부터|까지|며|고|여|아|어|해|서|만|지|게|후|때|면|나|히|년|월|일|라고|다고)$/u.test(
        before,
      ) &&
      !/의$/u.test(before)
    ) {
      return /(?:하는|되는|있는|없는|했던|같은|않은|많은|큰|작은|높은|받은|지은|좋은|인|한|된|던|할|될|린|른|난|든|본)$/u.test(
        before,
      )
        ? null
        : start;
    }
    if (
      /(?:한|된|던|할|될|인|린|른|난|든|본|친|진|간|온|운|긴|킨|낸|쓴|산|준)$/u.test(before) &&
      !/(?:인|한|산|진|운|간)$/u.test(before.slice(0, -1) === '' ? 'x' : '')
    )
      return null;
    start -= before.length + 1;
  }
  return null;
}

function places(text: string): Spot[] {
  return spotsOf(text, /(?<=^|\s)([가-힣A-Za-z0-9·]+?)에서(?:는)?(?=\s)/gu, (match) => {
    const head = match[1] ?? '';
    if (notPlace.test(head) || !/[가-힣]/u.test(head) || /[을를]$/u.test(head)) return null;
    const place = placeHead.test(head);
    const start = phraseStart(text, match.index);
    const length = head.length;
    if (/(?:대회|경기|전투|회의|올림픽|선거|사건|작품|영화|책|논문|연설|인터뷰|전쟁|시즌|리그|조사)$/u.test(head))
      return {
        asked: `어떤 ${/(?:대회|경기|전투|회의|올림픽|선거|사건|작품|영화|책|논문|연설|인터뷰|전쟁|시즌|리그|조사)$/u.exec(head)?.[0] ?? ''}에서`,
        answerLength: length,
        rule: 'event',
        score: start === match.index ? 0.8 : 0.5,
      };
    return place && start !== null
      ? { asked: '어디에서', answerLength: length, rule: 'place', score: start === match.index ? 0.84 : 0.66 }
      : null;
  }).map((spot) => widen(text, spot));
}

/** Moves a spot's start to its phrase's start, so that no modifier is left before the question word. */
function widen(text: string, spot: Spot): Spot {
  const start = phraseStart(text, spot.start);
  if (start === null || start === spot.start) return spot;
  return { ...spot, answerLength: spot.answerLength + spot.start - start, start };
}

function subjects(text: string): Spot[] {
  return spotsOf(text, /(?<=^|, )((?:[가-힣A-Za-z0-9·]+ ){0,2}[가-힣A-Za-z0-9·]{2,})(은|는|이|가) /gu, (match) => {
    const subject = match[1] ?? '';
    if (
      pronoun.test(`${subject}${match[2] ?? ''} `) ||
      /(?:은|는|이|가|을|를|에|서|로|고|며|면|지만|데|에게|한|된|하|되|때|까지|후)\s|(?:하|되|있|없|않|것|이|그|때|였|았|었|했|같|많|우리)$/u.test(
        `${subject}`,
      ) ||
      subject.split(' ').some((word) => /(?:는|한|된|던|을|를|에|의)$/u.test(word))
    )
      return null;
    const verb = text.slice(match.index + match[0].length);
    const person = personName.test(subject) || personVerb.test(verb.slice(-14));
    if (person && !/(?:회|당|사|팀|국|군|법|부|위원회|정부|대학|학교)$/u.test(subject))
      return { asked: '누가 ', answerLength: subject.length, rule: 'who', score: 0.82 };
    return null;
  });
}

function objects(text: string): Spot[] {
  return spotsOf(text, /(?<=^|\s)([가-힣A-Za-z0-9·]{2,})(을|를)(?=\s)/gu, (match) => {
    const head = match[1] ?? '';
    if (/(?:것|수|줄|바|이|점|중|등|때|음|기)$/u.test(head) || /^\d/u.test(head)) return null;
    const start = phraseStart(text, match.index);
    if (start === null) return null;
    const last = /^\s\S+[.]?$/u.test(text.slice(match.index + match[0].length));
    if (start === match.index)
      return {
        asked: '무엇을',
        answerLength: head.length,
        rule: 'what',
        score: last ? 0.8 : /^\s\S+(?:\s\S+){0,2}[.]?$/u.test(text.slice(match.index + match[0].length)) ? 0.7 : 0.55,
      };
    return { asked: `어떤 ${head}${match[2] ?? ''}`, answerLength: head.length, rule: 'which', score: 0.5 };
  }).flatMap((spot) => {
    if (spot.rule === 'what') return [spot];
    const wide = widen(text, spot);
    const modifier = text.slice(wide.start, spot.start).trim();
    const head = text.slice(spot.start, spot.start + spot.answerLength);
    return modifier.length < 2 ||
      /[,]|(?:께|여|어|히|며|이후|동안|중|각각|함께|모두|직접|다시)$/u.test(modifier) ||
      !categories.test(head)
      ? []
      : [{ ...wide, answerLength: modifier.length, score: 0.78 }];
  });
}

function quoted(text: string): Spot[] {
  return spotsOf(
    text,
    /[‘“"'《〈<「]([^’”"'》〉>」]{2,24})[’”"'》〉>」](이라는|라는|이라고|라고|을|를|이|가|은|는|의)(?=\s)/gu,
    (match) => {
      const particle = match[2] ?? '';
      const change: Record<string, string> = {
        이라는: '무엇이라는',
        라는: '무엇이라는',
        이라고: '무엇이라고',
        라고: '무엇이라고',
        을: '무엇을',
        를: '무엇을',
        이: '무엇이',
        가: '무엇이',
        은: '무엇이',
        는: '무엇이',
        의: '무엇의',
      };
      return {
        asked: change[particle] ?? '무엇',
        answerLength: match[0].length - particle.length,
        rule: 'quoted',
        score: 0.74,
      };
    },
  );
}

function reasons(text: string): Spot[] {
  return spotsOf(text, /(?<=^|\s)([가-힣A-Za-z0-9·]+) 때문에(?=[\s,]),?/gu, (match) => {
    const head = match[1] ?? '';
    const start = phraseStart(text, match.index);
    if (/[기는은]$/u.test(head) || start !== match.index) return null;
    return { asked: '무엇 때문에', answerLength: head.length, rule: 'reason', score: 0.84 };
  });
}

/** "X는 … Y이다": asks what X is. */
function copulas(text: string): Spot[] {
  const plain = text.replace(/[.。\s]+$/u, '');
  const found = /^((?:\S+\s){0,3}?\S*?)(?:\([^)]*\))?(은|는)\s(.{6,}?)(?:이다|다)$/u.exec(plain);
  if (found === null || !isCopula(plain)) return [];
  const head = (found[1] ?? '').replace(/\([^)]*\)/gu, '');
  if (/[,]|[이가]\s/u.test(head) || /(?:하|되|있|없|에서|에|로|한|된|의|때)$/u.test(head) || head.length < 2) return [];
  const restStart = plain.indexOf(found[3] ?? '', (found[1] ?? '').length);
  const predicate = found[3] ?? '';
  const person =
    /(?:선수|가수|배우|정치인|작가|감독|학자|장군|왕|화가|의사|군인|교수|인물|사람|기업인|무관|문신|황제|언론인|음악가)$/u.test(
      predicate.replace(/이$/u, ''),
    );
  return [
    {
      start: restStart,
      end: plain.length,
      answerLength: predicate.length,
      asked: person ? '누구인가' : '무엇인가',
      rule: 'definition',
      score: 0.86,
      copula: true,
    },
  ];
}

function isCopula(plain: string): boolean {
  if (/이다$/u.test(plain)) return !/(?:보이다|높이다|줄이다|쓰이다)$/u.test(plain);
  const before = plain.charAt(plain.length - 2);
  return finalOf(before) === 0 && !adjectives.test(plain.slice(0, -1)) && !/(?:하|되|니|르|이|지|크)다$/u.test(plain);
}

type Frame = { start: number; lead: string; cost: number };

function frame(text: string, spot: Spot, topic: string | null): Frame | null {
  let start = lead.exec(text)?.[0].length ?? 0;
  let cost = 0;
  if (spot.start < start) return null;
  // A long sentence keeps only the clause with the answer, if that clause names its subject.
  if (text.split(' ').length > 16) {
    const cuts = [...text.matchAll(/(?:고|며|으나|지만|는데|면서|아서|어서|하여|였고|었고),?\s/gu)]
      .map((match) => match.index + match[0].length)
      .filter((cut) => cut <= spot.start);
    const cut = cuts
      .reverse()
      .find((place) => /^(?:\S+\s){0,3}?\S+(?:은|는|이|가)\s/u.test(text.slice(place, spot.start + 1)));
    if (cut !== undefined && cut > start) {
      start = cut;
      cost = 0.08;
    }
  }
  const found = pronoun.exec(text.slice(start));
  if (found !== null) {
    const word = found[0].trim();
    const ownTopic = /^(?:그는|그가|그녀는|그녀가|이는|이것은|그것은|이곳은)$/u.test(word) && topic !== null;
    if (!ownTopic || start + found[0].length > spot.start) return { start, lead: '', cost: cost + 0.35 };
    const particle = finalOf(topic.at(-1) ?? '') === 0 ? '는 ' : '은 ';
    return { start: start + found[0].length, lead: `${topic}${particle}`, cost: cost + 0.06 };
  }
  const rest = text.slice(start);
  const hasSubject = /(?:^|\s)\S+(?:은|는|이|가|께서)[\s,]/u.test(
    rest.slice(0, spot.start - start) + (spot.rule === 'who' ? ' 가 ' : '') + text.slice(spot.end),
  );
  if (!hasSubject) {
    if (topic === null) return { start, lead: '', cost: cost + 0.3 };
    return { start, lead: `${topic}${finalOf(topic.at(-1) ?? '') === 0 ? '는' : '은'} `, cost: cost + 0.12 };
  }
  return { start, lead: '', cost };
}

function finalOf(syllable: string): number {
  const code = syllable.codePointAt(0) ?? 0;
  return code >= 0xac00 && code <= 0xd7a3 ? (code - 0xac00) % 28 : -1;
}

/** Gives a statement in 다 its question ending, or null where the ending is not one this rule knows. */
export function asQuestion(statement: string): string | null {
  const text = statement.trim();
  if (!text.endsWith('다')) return null;
  const stem = text.slice(0, -1);
  const last = stem.charAt(stem.length - 1);
  const code = last.codePointAt(0) ?? 0;
  const final = finalOf(last);
  if (/니$/u.test(stem) && finalOf(stem.charAt(stem.length - 2)) === 17) return `${stem}까`;
  if (final === 20 || /(?:있|없|였)$/u.test(stem)) return `${stem}는가`;
  if (/는$/u.test(stem) && stem.length > 1) return `${stem}가`;
  if (final === 4) return `${stem.slice(0, -1)}${String.fromCharCode(code - 4)}는가`;
  if (/아니$/u.test(stem)) return `${stem.slice(0, -1)}닌가`;
  if (/이$/u.test(stem) && !/(?:보|높|줄|쓰)이$/u.test(stem)) return `${stem.slice(0, -1)}인가`;
  if (adjectives.test(stem)) {
    if (final > 0) return `${stem}은가`;
    return final === 0 ? `${stem.slice(0, -1)}${String.fromCharCode(code + 4)}가` : null;
  }
  if (final === 0 && !/[하되르지]$/u.test(stem)) return `${stem}인가`;
  if (/하$/u.test(stem)) return `${stem.slice(0, -1)}한가`;
  return null;
}
