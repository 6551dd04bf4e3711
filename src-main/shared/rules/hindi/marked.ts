import type { Token } from '../../spans/patterns.ts';
import type { HindiClause } from './clause.ts';
import { stops, notNoun, phraseBefore, textOf, month, type Asked } from './phrase.ts';
import { demonstrative, personHead, placeHead, relation, sortNoun } from './words.ts';

/** Phrases with a case marker or a postposition. */
export function markedPhrases({ tokens }: HindiClause): Asked[] {
  const found: Asked[] = [];
  for (const [index, token] of tokens.entries()) {
    const marker = token.text;
    if (!/^(?:ने|को|में|पर|से|का|की|के|द्वारा|तक)$/u.test(marker)) continue;
    const phrase = phraseBefore(tokens, index);
    if (phrase === null || index - phrase.first > 8) continue;
    const start = tokens[phrase.first];
    const last = tokens[index - 1];
    if (start === undefined || last === undefined) continue;
    const words = textOf(tokens, phrase.first, index).split(' ');
    if (words.some((word) => notNoun.test(word) || demonstrative.has(word)) || /^[\d०-९]/u.test(words[0] ?? ''))
      continue;
    if (words.some((word) => month.test(word) || /^(?:मुझ|तुम|हम)$/u.test(word))) continue;
    if (/^(?:भी|ही|तो|अधिक|कम|ज्यादा|पहले|आगे|दूर|लेकर|सहित|अलग|बाहर|भरा|भरे)$/u.test(tokens[index + 1]?.text ?? ''))
      continue;
    // A list ("क, ख और ग को") would lose its last part only.
    if (/^(?:और|या|तथा|एवं|,)$/u.test(tokens[phrase.first - 1]?.text ?? '') && phrase.first > 1) continue;
    const asked = askMarked(tokens, index, phrase, marker);
    if (asked === null) continue;
    const end = tokens[index + asked.taken];
    if (end === undefined || index + asked.taken >= tokens.length - 1) continue;
    found.push({
      start: asked.from === undefined ? start.start : asked.from,
      end: end.end,
      asked: asked.asked,
      answer: { start: start.start, end: last.end },
      rule: asked.rule,
      score: asked.score - Math.max(0, index - phrase.first - 4) * 0.03 - (phrase.first === 0 ? 0 : 0.02),
    });
  }
  return found;
}

type AskedMarker = { asked: string; taken: number; rule: string; score: number; from?: number };

function askMarked(
  tokens: readonly Token[],
  index: number,
  phrase: { head: number; first: number },
  marker: string,
): AskedMarker | null {
  const head = tokens[index - 1]?.text ?? '';
  const next = tokens[index + 1]?.text ?? '';
  const person = personHead.test(head);
  const place = placeHead.test(head);
  const own = index - phrase.head;
  if (/^[\d०-९]/u.test(head) || relation.has(head)) return null;
  // "वालमेर शहर में" asks for the town: the noun stays.
  const sort = sortNoun.test(head) && own > 1 && own === index - phrase.first ? head : null;
  const infinitive = /(?:ने|ना)$/u.test(head) && !/(?:थाने|खाने|पुराने|जमाने|ज़माने)$/u.test(head);
  if (infinitive) return null;
  if (sort !== null && /^(?:ने|को|में|पर|से|का|की|के|तक)$/u.test(marker))
    return { asked: `किस ${sort} ${marker}`, taken: 0, rule: 'which', score: 0.88 };
  switch (marker) {
    case 'ने':
      return { asked: 'किसने', taken: 0, rule: 'agent', score: 0.9 };
    case 'द्वारा':
      return { asked: 'किसके द्वारा', taken: 0, rule: 'byAgent', score: 0.84 };
    case 'में':
      return place
        ? { asked: 'कहाँ', taken: 0, rule: 'place', score: 0.84 }
        : { asked: 'किसमें', taken: 0, rule: 'inside', score: own > 2 ? 0.5 : 0.58 };
    case 'पर':
      return {
        asked: place ? 'कहाँ' : 'किस पर',
        taken: 0,
        rule: place ? 'place' : 'marked',
        score: place ? 0.82 : 0.66,
      };
    case 'से':
      return place
        ? { asked: 'कहाँ से', taken: 0, rule: 'place', score: 0.8 }
        : { asked: 'किससे', taken: 0, rule: 'marked', score: person ? 0.74 : 0.6 };
    case 'को':
      return { asked: 'किसे', taken: 0, rule: 'recipient', score: person ? 0.8 : 0.66 };
    case 'तक':
      return place ? { asked: 'कहाँ तक', taken: 0, rule: 'place', score: 0.74 } : null;
    default:
      return genitive(marker, next, person);
  }
}

const afterGenitive = new Map<string, number>([
  ['द्वारा', 0.88],
  ['लिए', 0.76],
  ['लिये', 0.76],
  ['साथ', 0.8],
  ['कारण', 0.8],
  ['अनुसार', 0.86],
  ['पास', 0.8],
  ['विरुद्ध', 0.84],
  ['प्रति', 0.72],
  ['नेतृत्व', 0.86],
  ['पक्ष', 0.74],
  ['समर्थन', 0.7],
]);

function genitive(marker: string, next: string, person: boolean): AskedMarker | null {
  if (marker === 'के') {
    const score = afterGenitive.get(next);
    if (score !== undefined)
      return { asked: `किसके ${next}`, taken: 1, rule: next === 'द्वारा' ? 'byAgent' : 'relation', score };
    if (relation.has(next)) return null;
  }
  if (stops.has(next) || relation.has(next) || !/^\p{L}/u.test(next)) return null;
  return person ? { asked: `किस${marker}`, taken: 0, rule: 'whose', score: 0.68 } : null;
}
