import { matchPatterns } from './patterns.ts';
import type { AnswerKind, FoundSpan, SpanPattern } from './types.ts';

const units =
  '명|개국|개월|개|킬로미터|미터|센티미터|킬로그램|km²|㎢|km|cm|mm|kg|t|톤|m|세|살|회|차례|번|년간|년|시간|분|초|척|권|종|마리|점|표|위|층|곳|가구|대|편|경기|골|승|일|원|달러|엔|유로|%|퍼센트|배|도';

const patterns: SpanPattern[] = [
  {
    kind: 'time',
    score: 0.9,
    find: /(?:기원전 |서기 )?\d{3,4}년(?: \d{1,2}월(?: \d{1,2}일)?)?(?!간| 동안| 만)|\d{1,2}월 \d{1,2}일|\d{1,2}세기(?: ?(?:초|말|중반|후반|전반))?|\d{2,4}년대(?: ?(?:초|말|중반|후반))?/dgu,
  },
  {
    kind: 'number',
    score: 0.84,
    find: new RegExp(
      `(?:약 |최대 |최소 )?\\d[\\d,.]*(?:만|억|천|조)?(?: ?\\d[\\d,]*(?:만|천)?)? ?(?:여 ?)?(?:${units})(?![가-힣]{3})`,
      'gud',
    ),
  },
  {
    kind: 'number',
    score: 0.76,
    find: /(?<=^|\s)(?:한|두|세|네|다섯|여섯|일곱|여덟|아홉|열|수백|수천) (?:명|개|차례|가지|번|곳|권|마리|척|대|살|달|해)(?![가-힣]{3})/dgu,
  },
  { kind: 'title', score: 0.82, find: /[‘“"'《〈<「『](?<answer>[^’”"'》〉>」』]{2,30})[’”"'》〉>」』]/dgu },
  { kind: 'reason', score: 0.84, find: /(?<=^|[,.] |[은는이가] )(?<answer>[^,.]{4,60}?) 때문에/dgu },
  { kind: 'reason', score: 0.74, find: /(?<=^|[,.] |[은는이가] )(?<answer>[^,.]{2,40}?[을를]) 위해서?(?=[\s,])/dgu },
];

const particle =
  /(?:에서는|에서도|에서|에게서|에게는|에게|으로부터|로부터|으로서|로서|으로는|으로|이라는|라는|이라고|라고|부터|까지|이나|처럼|보다|에는|에도|은|는|이|가|을|를|의|와|과|도|에|로|만)$/u;
const verbal =
  /(?:[하되](?:는|고|며|여|면|지|게|였|기|자|던|나|니|도록|면서|지만|려고|기로)|한|된|할|될|인|던|않은|않는|있는|없는|있던|같은|위한|대한|의한|통해|위해|따라|따른|대해|의해|관한|으며|면서|지만|아서|어서|해서|여서|하여|되어|고서|자마자|이며|이고|였고|었고|았고|라며|다며|다고|려고|도록|했다|였다|이다|한다|된다|았다|었다)$/u;
const adnominal = /(?:은|는|인|한|된|던|할|될|린|른|난|든|본|친|온|낸|쓴|준|킨)$/u;
const adverb =
  /^(?:또한|또|그리고|그러나|하지만|따라서|그래서|이후|당시|현재|특히|결국|다시|함께|모두|매우|가장|더|약|각각|직접|주로|이미|아직|바로|계속|처음|점차|즉|등|및|혹은|또는|이에|그|이|저|것|수|때|후|중|뒤|전|곳|자신|그녀|그들|우리|이것|그것|이는|그는|그가|그의|그를|이를|이들|그녀는|그녀의|여기|거기|때문|위해|경우|정도|이때|그때|이러한|이런|그런|어떤|다른|모든|여러|많은|대부분|일부)$/u;
const placeHead =
  /(?:시|도|군|구|국|섬|역|동|읍|면|학교|대학교|대학|병원|공항|경기장|궁|산|강|항|지역|도시|시장|마을|교회|공원|본사|서울|부산|런던|파리|뉴욕|도쿄|유럽|아시아|평양|하와이|베이징)$/u;
const personHead =
  /(?:왕|대통령|감독|선수|장군|박사|교수|의원|목사|총리|황제|장관|사장|회장|작가|화가|배우|총장|대위|대령|국왕|태자|공주|후작|공작|제독|의사|기자|교황|신부|시인|왕비|후보|위원장)$/u;

/** Korean: a noun phrase ends in a particle; nouns without one, and phrases in 의, stand before its head. */
export function koreanSpans(sentence: string): FoundSpan[] {
  return [...matchPatterns(sentence, patterns).flatMap((span) => sure(sentence, span)), ...phrases(sentence)];
}

function sure(sentence: string, span: FoundSpan): FoundSpan[] {
  const text = sentence.slice(span.start, span.end);
  if (span.kind === 'reason' && /^(?:그|이) ?$|^(?:이|그)(?:러한|것)?$/u.test(text)) return [];
  return [span];
}

type Word = { text: string; start: number };

function phrases(sentence: string): FoundSpan[] {
  const words: Word[] = Array.from(sentence.matchAll(/\S+/gu), (match) => ({ text: match[0], start: match.index }));
  const found: FoundSpan[] = [];
  for (const [index, word] of words.entries()) {
    const bare = word.text.replace(/\([^)]*\)?/gu, '');
    const ending = /[,.]$/u.test(bare) ? null : particle.exec(bare);
    if (ending === null || ending[0] === '의' || bare !== word.text) continue;
    const noun = bare.slice(0, ending.index);
    if (noun.length < 2 || adverb.test(noun) || verbal.test(bare) || /[을를은는]$/u.test(noun) || /^\d+$/u.test(noun))
      continue;
    if (/(?:것|수|바|줄|데|때문|동안|이후|더라|하|되|있|없|않|같|였|았|었|했|지|기|음|며|고|다|자|면)$/u.test(noun))
      continue;
    let first = index;
    while (first > 0 && index - first < 4 && joins(words[first - 1]?.text ?? '')) first -= 1;
    const start = words[first]?.start ?? word.start;
    const before = words[first - 1]?.text ?? '';
    const modified =
      adnominal.test(before) &&
      !/(?:에서는|으로는|에는)$/u.test(before) &&
      /(?:한|된|던|하는|되는|있는|없는|할|될|인)$/u.test(before);
    const kind = kindOf(noun, ending[0]);
    const words2 = index - first + 1;
    const score =
      (kind === 'thing' ? 0.6 : 0.74) +
      (words2 > 1 ? 0.06 : 0) -
      (modified ? 0.12 : 0) -
      (/^(?:으로|로|와|과|도|에|만|처럼|보다)$/u.test(ending[0]) ? 0.08 : 0) -
      (/적$/u.test(noun) ? 0.3 : 0) +
      (ending[0] === '를' || ending[0] === '을' ? 0.03 : 0);
    found.push({ start, end: word.start + noun.length, kind, score });
  }
  return found;
}

/** Whether a word goes on into the noun after it: a bare noun, or a noun with 의. */
export function joins(text: string): boolean {
  if (/[,.)”’"'》]$/u.test(text) || adverb.test(text) || /^\d[\d,.]*$/u.test(text) || /(?:년|월|일)$/u.test(text))
    return false;
  if (/[가-힣A-Za-z0-9]{2,}의$/u.test(text)) return !/^(?:그|이|그녀|자신|우리|그들)의$/u.test(text);
  return (
    !particle.test(text) &&
    !verbal.test(text) &&
    !adnominal.test(text) &&
    !/(?:고|며|나|내|어|여|아|게|히|서|면|지|다|해|써|후|뒤|채)$/u.test(text)
  );
}

function kindOf(noun: string, ending: string): AnswerKind {
  if (personHead.test(noun) || ending.startsWith('에게')) return 'person';
  if (/^(?:에서|에는|에)/u.test(ending) && placeHead.test(noun)) return 'place';
  return /^[A-Z]/u.test(noun) ? 'name' : 'thing';
}
