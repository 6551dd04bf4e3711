import { matchPatterns } from './patterns.ts';
import type { FoundSpan, SpanPattern } from './types.ts';

const months = '(?:January|February|March|April|May|June|July|August|September|October|November|December)';
const year = '(?:1[0-9]{3}|20[0-9]{2})';
const numberWord =
  '(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|eighteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:-\\p{Ll}+)?';
const scale = '(?:\\s(?:hundred|thousand|million|billion|trillion))?';
const about = '(?:(?:about|approximately|around|over|more than|less than|nearly|almost|at least|up to|some)\\s)?';
const name = "\\p{Lu}[\\p{L}\\p{N}’'.&-]*(?<![.,])";
const inside = '(?:of|the|de|la|von|van|der|du|al|and|&|for)';
const stop =
  'the|a|an|of|in|on|at|to|for|from|with|by|as|into|onto|over|under|after|before|during|since|until|between|among|through|about|against|without|within|and|or|but|nor|so|yet|if|than|that|which|who|whom|whose|where|when|while|because|although|though|is|are|was|were|be|been|being|has|have|had|do|does|did|can|could|will|would|may|might|must|should|shall|not|no|it|its|he|she|they|them|his|her|their|this|these|those|there|we|our|you|your|i|my|him|also|then|very|more|most|such|each|both|all|many|some|any|only|other|same';
const content = `(?!(?:${stop})\\b)[\\p{L}\\p{N}][\\p{L}\\p{N}’'-]*`;

const patterns: SpanPattern[] = [
  {
    kind: 'time',
    score: 0.9,
    find: new RegExp(
      `\\b(?:(?:early|late|mid)[ -])?(?:${months}\\s(?:\\d{1,2}(?:st|nd|rd|th)?,?\\s)?${year}|\\d{1,2}\\s${months}(?:\\s${year})?|${months}\\s\\d{1,2}(?!\\d)|${year}s?(?![\\d,%-]))(?:\\s(?:BC|BCE|AD))?|\\bthe\\s(?:early\\s|late\\s|mid-)?(?:\\d{1,2}(?:st|nd|rd|th)|${numberWord}|nineteenth|eighteenth|seventeenth|sixteenth|twentieth)\\scentur(?:y|ies)`,
      'gud',
    ),
  },
  {
    kind: 'number',
    score: 0.86,
    find: /(?:US)?[$€£]\d[\d,.]*(?:\s(?:million|billion|trillion))?|\d[\d,.]*\s?(?:%|percent|per cent)/dgu,
  },
  {
    kind: 'number',
    score: 0.82,
    find: new RegExp(
      `\\b${about}(?:\\d[\\d,]*(?:\\.\\d+)?|${numberWord}|dozens of|hundreds of|thousands of)${scale}(?=\\s(?!(?:${stop}|BC|AD)\\b)\\p{Ll})(?:\\s(?:miles|kilometres|kilometers|km|metres|meters|feet|years|days|months|weeks|hours|minutes|people|tons|acres|degrees|times)\\b)?`,
      'gud',
    ),
  },
  { kind: 'title', score: 0.8, find: /[“"](?<answer>[^“”"]{3,60})[”"]/dgu },
  {
    kind: 'reason',
    score: 0.84,
    find: /\b(?:because(?: of)?|due to|owing to|so that|in order to|as a result of)\s(?<answer>[^,;.]{8,90})/dgu,
  },
  { kind: 'manner', score: 0.7, find: /\bby\s(?<answer>\p{Ll}+ing\s[^,;.]{6,70})/dgu },
  {
    kind: 'thing',
    score: 0.55,
    find: new RegExp(
      `\\b(?:(?:the|a|an|its|his|her|their)\\s)?${content}(?:\\s${content}){0,3}(?:\\sof\\s(?:the\\s)?${content}(?:\\s${content})?)?`,
      'gud',
    ),
  },
];

const names = new RegExp(`(?:${name})(?:\\s(?:(?:${inside}\\s){0,2}${name}))*`, 'gu');
const weekday = new RegExp(`^(?:${months}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)$`, 'u');
const opener =
  /^(?:The|A|An|In|On|At|By|For|From|With|As|After|Before|During|Since|Until|While|When|If|He|She|It|They|We|I|You|His|Her|Its|Their|Our|My|This|These|Those|That|There|However|But|And|Or|So|Although|Though|Because|Many|Most|Some|Several|Other|Another|All|Both|Each|Every|One|Two|Three|What|Which|Who|Why|How|Not|No|To|Of|Under|Over|Between|Among|According|Also|Then|Thus|Today|Later|Once|Only|Even|Such|Despite|Unlike|Like|Through|Within|Without|About|Around|Following|More|Much|Other|Others|Early|Modern|New|First|Second|Finally)$/u;
const placeBefore = /\b(?:in|at|near|from|to|into|across|throughout|outside|around|toward|towards|of)\s(?:the\s)?$/u;
const organisation =
  /\b(?:University|College|School|Company|Corporation|Inc|Party|Army|Navy|Act|Church|Council|Committee|Commission|Union|Court|Museum|Institute|Association|League|Club|Bank|Treaty|War|Battle|Bowl|Festival|Theatre|Railway|Games|Cup|Series|Network|Records|Studios?|Society|Group|Agency|Department|Revolution|Movement|Program|Project|Award|Prize|Empire|Dynasty)\b/u;
const geography =
  /\b(?:River|Lake|Mountains?|Island|Islands|Street|Park|Bridge|City|County|State|Republic|Kingdom|Valley|Coast|Sea|Ocean|Desert|Forest|Airport|Bay|Hill|Square|Castle|Palace|Africa|America|Asia|Europe|England|France|Germany|China|India|Japan|London|Paris|California|York|Australia|Poland|Kenya|Scotland|Ireland|Canada|Russia|Italy|Spain)\b/u;
const personBefore =
  /(?:\b(?:President|King|Queen|Emperor|General|Pope|Prince|Princess|Governor|Professor|Captain|Sir|Lord|Dr\.|Mr\.|Mrs\.|son|daughter|wife|brother|named|by)\s)$/u;

/** English: capitals show names; what stands between function words is a noun phrase. */
export function englishSpans(sentence: string): FoundSpan[] {
  return [...matchPatterns(sentence, patterns).flatMap((span) => sure(sentence, span)), ...nameSpans(sentence)];
}

function nameSpans(sentence: string): FoundSpan[] {
  const found: FoundSpan[] = [];
  for (const match of sentence.matchAll(names)) {
    let start = match.index;
    let text = match[0];
    const first = text.split(' ')[0] ?? '';
    if (opener.test(first)) {
      if (first === text) continue;
      const cut = /^\S+\s(?:\p{Ll}+\s)*/u.exec(text)?.[0].length ?? 0;
      start += cut;
      text = text.slice(cut);
    }
    text = text.replace(/['’]s?$/u, '');
    const single = !text.includes(' ');
    if (weekday.test(text) || text.length < 3 || (single && start === 0)) continue;
    const before = sentence.slice(0, start);
    const words = text.split(' ').length;
    const kind = organisation.test(text)
      ? 'name'
      : geography.test(text) || (placeBefore.test(before) && !/\bof\s$/u.test(before))
        ? 'place'
        : personBefore.test(before) || (!single && words <= 3 && /^(?:\p{Lu}[\p{Ll}’'-]+|\p{Lu}\.)(?:\s|$)/u.test(text))
          ? 'person'
          : 'name';
    found.push({ start, end: start + text.length, kind, score: single ? 0.74 : 0.86 });
  }
  return found;
}

/** Keeps a noun phrase that has a determiner or two words, no capital name in it, and no verb form at its end. */
function sure(sentence: string, span: FoundSpan): FoundSpan[] {
  if (span.kind !== 'thing') return [span];
  const text = sentence.slice(span.start, span.end);
  const words = text.split(' ');
  const last = words.at(-1) ?? '';
  if (words.length < 2 || words.length > 7 || /(?:ly|ing|ed|[a-z]{4,}s?es)$/u.test(last) || /\d/u.test(text)) return [];
  const before = sentence.slice(0, span.start);
  const determined = /^(?:the|a|an|its|his|her|their)\s/u.test(text);
  const introduced = determined || /\b(?:is|are|was|were|by|for|with|into|called|as|of|in|from|on|to)\s$/u.test(before);
  if (/^(?:taken|held|laid|found|made|given|known|seen|\p{Ll}+ed|particular|addition|fact|general|order)\b/u.test(text))
    return [];
  const verbInside = words.some((word, index) => index > 0 && /(?:ed|ly)$/u.test(word));
  const object = /\b(?:is|are|was|were|by|for|with|into|called|as|of|\p{Ll}+ed|\p{Ll}+s)\s$/u.test(before);
  return [
    {
      ...span,
      score:
        span.score +
        (determined ? 0.06 : 0) -
        (introduced ? 0 : 0.1) +
        (object ? 0.08 : 0) -
        (verbInside ? 0.15 : 0) -
        (span.start === 0 ? 0.05 : 0),
    },
  ];
}
