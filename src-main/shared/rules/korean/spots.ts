import { finalOf, isCopula } from './endings.ts';

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

/** A phrase of a clause and what takes its place; `start` to `end` is replaced, the answer is its first part. */
export type Spot = {
  start: number;
  end: number;
  answerLength: number;
  /** From the spot's start to the answer's, where they differ. */
  answerStart?: number;
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

/** Dates and years. */
export function dates(text: string): Spot[] {
  const full = spotsOf(
    text,
    /(?<![\d~-]|인 )((?:기원전 |서기 )?\d{3,4}년(?: \d{1,2}월(?: \d{1,2}일)?)?)(에서|에는|에도|에|부터|까지)?(?=[\s,])(?! (?:초|말|중반|대|전|후|동안|간)(?:$|[\s에의부]))(?! (?:봄|여름|가을|겨울|상반기|하반기|연말|연초|\d{1,2}월))/gu,
    (match) => {
      const date = match[1] ?? '';
      const particle = match[2] ?? '';
      if (particle === '에서' || particle === '에도') return null;
      const onlyYear = /\d년$/u.test(date);
      if (particle === '부터' || particle === '까지')
        return { asked: `언제${particle}`, answerLength: date.length, rule: 'date', score: 0.88 };
      if (particle === '')
        return onlyYear
          ? {
              // "2008년 월드컵": the year belongs to the noun.
              asked: /^\s\S*(?:대회|월드컵|올림픽|선거|시즌|리그|전쟁|혁명|컵|쿠데타|사건|헌법|예산|판|형|산)/u.test(
                text.slice(match.index + match[0].length),
              )
                ? '몇 년'
                : '몇 년에',
              answerLength: date.length,
              rule: 'year',
              score: 0.78,
            }
          : { asked: '언제', answerLength: date.length, rule: 'date', score: 0.84 };
      return { asked: onlyYear ? '몇 년에' : '언제', answerLength: date.length, rule: 'date', score: 0.93 };
    },
  );
  return full;
}

/** Numbers with their unit, sums of money and shares. */
export function counts(text: string): Spot[] {
  const numbers = spotsOf(
    text,
    new RegExp(
      `(?<![\\d.,제~–-]|에서 |제 |각 |매 |첫 )(?:약 )?(\\d[\\d,.]*(?:만|억|천|조)?(?: ?\\d[\\d,]*(?:만|천)?)?) ?(${units})(?=(?:을|를|이|가|은|는|의|에|으로|로|과|와|도|만|까지|부터|씩|이나|가량|정도|에서|이다|이며|에게|짜리|당|인)?(?:[,\\s]|$))(?! (?:중|가운데|째|전|후|뒤|만에|이후|이내))`,
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

/** Places and events with 에서. */
export function places(text: string): Spot[] {
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

/** People as the subject. */
export function subjects(text: string): Spot[] {
  return spotsOf(text, /(?<=^|, )((?:[가-힣A-Za-z0-9·]+ ){0,2}[가-힣A-Za-z0-9·]{2,})(은|는|이|가) /gu, (match) => {
    const subject = match[1] ?? '';
    if (
      /^(?:그|그녀|이|이것|그것|이들|그들|이곳|여기)$/u.test(subject) ||
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

/** Objects with 을 or 를: the whole phrase, or what modifies a noun that names a sort. */
export function objects(text: string): Spot[] {
  return spotsOf(text, /(?<=^|\s)([가-힣A-Za-z0-9·]{2,})(을|를)(?=\s)/gu, (match) => {
    const head = match[1] ?? '';
    if (
      finalOf(head.at(-1) ?? '') === 20 ||
      /(?:^|\s)(?:이|그|한|두|각|첫|라는|이라는|온|전|현|구|새|옛|대한|\S+라는|\S+다는)\s$/u.test(
        text.slice(0, match.index),
      )
    )
      return null;
    if (/(?:것|수|줄|바|이|점|중|등|때|음|기|말|뜻|채|만큼|데)$/u.test(head) || /^\d/u.test(head)) return null;
    const start = phraseStart(text, match.index);
    if (start === null) return null;
    const last = /^\s\S+[.]?$/u.test(text.slice(match.index + match[0].length));
    if (start === match.index)
      return {
        asked: '무엇을',
        answerLength: head.length,
        rule: 'what',
        score: last ? 0.8 : /^\s\S+(?:\s\S+){0,2}[.]?$/u.test(text.slice(match.index + match[0].length)) ? 0.7 : 0.45,
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
      : [{ ...wide, answerLength: modifier.length, score: 0.7 }];
  });
}

/** The particle's form after another noun; a topic becomes a subject, since what is asked for is no topic. */
function withParticle(noun: string, particle: string): string {
  const closed = finalOf(noun.at(-1) ?? '') > 0;
  if (/^[을를]$/u.test(particle)) return closed ? '을' : '를';
  return particle === '의' ? '의' : closed ? '이' : '가';
}

/** "영화 《도둑들》을" → "어떤 영화를". */
function withSort(text: string, spot: Spot): Spot {
  const sort =
    /(?<=^|\s)(?<noun>(?:미니 |정규 |싱글 |장편 |단편 |독립)?(?:앨범|드라마|영화|소설|노래|만화|게임|책|시집|잡지|논문|뮤지컬|다큐멘터리|예능 프로그램|시트콤|애니메이션|연극|오페라|작품))\s$/u.exec(
      text.slice(0, spot.start),
    );
  const particle = text.charAt(spot.end - 1);
  if (spot.rule !== 'title' || sort === null) return spot;
  const noun = sort.groups?.noun ?? '';
  const start = spot.start - noun.length - 1;
  const shift = spot.start - start;
  return { ...spot, start, answerStart: shift, asked: `어떤 ${noun}${withParticle(noun, particle)}` };
}

/** Quoted words and titles. */
export function quoted(text: string): Spot[] {
  return spotsOf(
    text,
    /(?<=^|\s|른바 )(?:‘(?<a>[^‘’]{2,30})’|“(?<b>[^“”]{2,30})”|"(?<c>[^"]{2,30})"|'(?<d>[^']{2,30})'|《(?<work>[^《》]{1,30})》|〈(?<song>[^〈〉]{1,30})〉|「(?<e>[^「」]{2,30})」)(?<particle>이라는|라는|이라고|라고|을|를|이|가|은|는|의)(?=\s)/gu,
    (match) => {
      const particle = match.groups?.particle ?? '';
      const work = match.groups?.work !== undefined || match.groups?.song !== undefined;
      if (work && /^[을를이가은는의]$/u.test(particle))
        return {
          asked: `어떤 작품${withParticle('작품', particle)}`,
          answerLength: match[0].length - particle.length,
          rule: 'title',
          score: 0.78,
        };
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
  ).map((spot) => withSort(text, spot));
}

/** What stands before 때문에. */
export function reasons(text: string): Spot[] {
  return spotsOf(text, /(?<=^|\s)([가-힣A-Za-z0-9·]+) 때문에(?=[\s,]),?/gu, (match) => {
    const head = match[1] ?? '';
    const start = phraseStart(text, match.index);
    if (/(?:[기는은]|점|것|이유|그|이)$/u.test(head) || start !== match.index) return null;
    return { asked: '무엇 때문에', answerLength: head.length, rule: 'reason', score: 0.84 };
  });
}

/** "X라는 말은 …": what stands before 는 is named by the noun after it and no topic, but for nouns in 라. */
const quotes = /(?<!신|나|페|메|콜|릴|브|그나|기|르|코|소)라$/u;

/** "X는 … Y이다": asks what X is. */
export function copulas(text: string): Spot[] {
  const plain = text.replace(/[.。\s]+$/u, '');
  const found = /^((?:\S+\s){0,3}?\S*?)(?:\([^)]*\))?(은|는)\s(.{6,}?)(?:이다|다)$/u.exec(plain);
  if (found === null || !isCopula(plain)) return [];
  const head = (found[1] ?? '').replace(/\([^)]*\)/gu, '');
  if (
    /[,]|[이가]\s/u.test(head) ||
    /(?:하|되|있|없|에서|에|로|한|된|의|때|은|는|을|던|많|담은|라는|것|점)$/u.test(head) ||
    quotes.test(head) ||
    head.length < 2
  )
    return [];
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
