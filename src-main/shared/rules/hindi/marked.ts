import type { Token } from '../../spans/patterns.ts';
import type { HindiClause } from './clause.ts';
import { type Phrase, stops, notNoun, phraseBefore, textOf, month, type Asked } from './phrase.ts';
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
    const shown = demonstrative.has(words[0] ?? '') && words.length > 2 && /^(?:में|पर|से|को|तक)$/u.test(marker);
    if (words.some((word, at) => notNoun.test(word) || (demonstrative.has(word) && !(shown && at === 0)))) continue;
    if (/^[\d०-९]/u.test(words[0] ?? '')) continue;
    if (words.some((word) => month.test(word) || /^(?:मुझ|तुम|हम)$/u.test(word))) continue;
    if (
      /^(?:भी|ही|तो|अधिक|कम|ज्यादा|पहले|आगे|दूर|लेकर|सहित|अलग|बाहर|भरा|भरे|मौजूद|स्थित|उपस्थित|उपलब्ध|होने|होनेवाले|आने|जाने|रहने|बने|बनी)$/u.test(
        tokens[index + 1]?.text ?? '',
      )
    )
      continue;
    // A longer list ("क, ख और ग को") would lose its last part only.
    if (/^(?:और|या|तथा|एवं|,)$/u.test(tokens[phrase.first - 1]?.text ?? '') && phrase.first > 1) continue;
    const asked = phrase.pair
      ? askPair(tokens, index, marker)
      : (askOwner(tokens, index, phrase, marker) ?? askMarked(tokens, index, phrase, marker));
    if (asked === null || (shown && asked.rule !== 'which')) continue;
    if (!sureStart(tokens, phrase, index, asked.rule)) continue;
    const end = tokens[index + asked.taken];
    if (end === undefined || index + asked.taken >= tokens.length - 1) continue;
    found.push({
      start: start.start,
      end: end.end,
      asked: asked.asked,
      answer: { start: start.start, end: asked.answerEnd ?? last.end },
      rule: asked.rule,
      // The phrase that pointed outside is the one asked for.
      score:
        (shown ? 0.1 : 0) +
        asked.score -
        Math.max(0, index - phrase.first - 4) * 0.03 -
        (phrase.first === 0 ? 0 : 0.02),
    });
  }
  return found;
}

const numberWord =
  /^(?:एक|दो|तीन|चार|पाँच|पांच|छः|छह|सात|आठ|नौ|दस|ग्यारह|बारह|पंद्रह|बीस|पच्चीस|तीस|चालीस|पचास|साठ|सत्तर|अस्सी|नब्बे|सौ|हजार|लाख|करोड़)$/u;

/**
 * Two nouns at the clause's start may be its subject and then the phrase ("संविधान लोगों के लिए"). Only an adjective, a
 * name or a marker that the subject itself takes make it one phrase.
 */
function sureStart(tokens: readonly Token[], phrase: Phrase, index: number, rule: string): boolean {
  const head = tokens[index - 1]?.text ?? '';
  if (numberWord.test(head)) return false;
  if (phrase.first > 0 || index - phrase.first < 2 || /^(?:agent|byAgent|pair)$/u.test(rule)) return true;
  const first = tokens[phrase.first]?.text ?? '';
  const linked = tokens.slice(phrase.first, index).some((token) => /^(?:के|की)$/u.test(token.text));
  return (
    (linked && index - phrase.first === 3) || /(?:ीय|िक|ित|पूर्ण|वान|े|ी|श्री|डॉ)$/u.test(first) || personHead.test(head)
  );
}

type AskedMarker = { asked: string; taken: number; rule: string; score: number; answerEnd?: number };

/** "मंदिर के आँगन में" asks whose yard it is: the head stays, its owner is asked for. */
function askOwner(tokens: readonly Token[], index: number, phrase: Phrase, marker: string): AskedMarker | null {
  if (phrase.first === phrase.head || !/^(?:में|पर|से|को)$/u.test(marker)) return null;
  const link = tokens[phrase.head - 1]?.text ?? '';
  const owner = tokens[phrase.head - 2];
  const head = textOf(tokens, phrase.head, index);
  if (owner === undefined || !/^(?:के|की)$/u.test(link) || index - phrase.head > 2) return null;
  if (
    relation.has(tokens[phrase.head]?.text ?? '') ||
    relation.has(tokens[index - 1]?.text ?? '') ||
    relation.has(owner.text)
  )
    return null;
  if (/(?:ने|ना)$/u.test(owner.text) || /(?:ने|ना)$/u.test(head)) return null;
  const place = placeHead.test(owner.text) && !personHead.test(owner.text);
  return {
    asked: `${place ? `कहाँ ${link}` : `किस${link}`} ${head} ${marker}`,
    taken: 0,
    rule: 'whose',
    score: 0.72,
    answerEnd: owner.end,
  };
}

/** "क और ख को" asks in the plural. */
function askPair(tokens: readonly Token[], index: number, marker: string): AskedMarker | null {
  const asked = new Map([
    ['ने', 'किसने'],
    ['को', 'किन्हें'],
    ['से', 'किनसे'],
    ['में', 'किनमें'],
    ['द्वारा', 'किनके द्वारा'],
  ]).get(marker);
  const next = tokens[index + 1]?.text ?? '';
  if (marker === 'के' && afterGenitive.has(next))
    return { asked: `किनके ${next}`, taken: 1, rule: 'relation', score: 0.76 };
  if (asked === undefined || relation.has(tokens[index - 1]?.text ?? '')) return null;
  return { asked, taken: 0, rule: 'pair', score: marker === 'ने' || marker === 'द्वारा' ? 0.84 : 0.68 };
}

/** A noun after an adjective or in the plural is a common one: "किस प्रभाव से", "किन विद्वानों को". */
function askKind(tokens: readonly Token[], index: number, phrase: Phrase, marker: string): AskedMarker | null {
  const head = tokens[index - 1]?.text ?? '';
  const first = tokens[phrase.first]?.text ?? '';
  if (phrase.first !== phrase.head || index - phrase.head < 2 || !/^(?:में|पर|से|को|तक)$/u.test(marker)) return null;
  if (placeHead.test(head) && !/ों$/u.test(head)) return null;
  const plural = /ों$/u.test(head);
  const kind = demonstrative.has(first) || /(?:ीय|िक|ित|पूर्ण|वान|े|ी)$/u.test(first);
  return plural || kind
    ? { asked: `${plural ? 'किन' : 'किस'} ${head} ${marker}`, taken: 0, rule: 'which', score: 0.74 }
    : null;
}

function askMarked(tokens: readonly Token[], index: number, phrase: Phrase, marker: string): AskedMarker | null {
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
  const kind = askKind(tokens, index, phrase, marker);
  if (kind !== null) return kind;
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
