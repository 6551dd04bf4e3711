import type { Token } from '../../spans/patterns.ts';
import { auxiliary, demonstrative, dependent, isPerfective, joining, pointing, relation, stem } from './words.ts';

/** A phrase of the clause and what takes its place; `start` to `end` is replaced, the answer is named apart. */
export type Asked = {
  start: number;
  end: number;
  asked: string;
  answer: { start: number; end: number };
  rule: string;
  score: number;
  /** Put in place of the tail after `end`. */
  tail?: string;
};

/** Case markers and small words, none of which stands in a noun phrase. */
export const stops = new Set('ने को से में पर का की के तक द्वारा भी ही और या तथा एवं न नहीं है हैं था थे थी'.split(' '));
/** Words that make a phrase no answer. */
export const notNoun =
  /^(?:अपने|अपनी|अपना|कुछ|कोई|किसी|सब|सभी|कई|अन्य|बहुत|अधिक|सबसे|केवल|सिर्फ|दोनों|स्वयं|खुद|हर|प्रत्येक|आगे|पीछे|तुरन्त|तुरंत|हुए|हुई|तब|ही|अर्थात|अर्थात्|यानी|सन्|सन|वाले|निःशुल्क|नि:शुल्क|कभी|कभी-कभी|प्रतिदिन|सर्वप्रथम|मुख्यतः|दुर्भाग्य|सौभाग्य|पिछले|अगले|अन्तिम|अंतिम|करीब|मूल|कारण|संभव|सीधे|इसीलिए|इसलिए|कम|ज्यादा|दूसरे|पहले|बाद|आदि|इत्यादि|सर्वप्रथम|आज|कल|अब|फिर|वाले|वाली|वाला|जैसे|अनेक|अधिकांश|मात्र)$/u;

/** A noun phrase by its tokens: `head` begins its own words, `first` what का, की, के joins to it; `pair` is "क और ख". */
export type Phrase = { head: number; first: number; pair: boolean };

/** Tokens of the noun phrase that ends before `marker`: `head` its own words, `first` with what का, की, के joins to it. */
export function phraseBefore(tokens: readonly Token[], marker: number): Phrase | null {
  const head = wordsBefore(tokens, marker);
  if (head === marker || marker - head > 4) return null;
  let first = head;
  const link = tokens[first - 1]?.text ?? '';
  if (/^(?:का|की|के)$/u.test(link)) {
    // "का" stands before a noun in the direct case: that noun's phrase is over, and where this one begins is not sure.
    if (link === 'का' && marker < tokens.length && stops.has(tokens[marker]?.text ?? '')) return null;
    const owner = wordsBefore(tokens, first - 1);
    if (owner === first - 1 || first - 1 - owner > 3) return null;
    first = owner;
  }
  const before = tokens[first - 1]?.text ?? '';
  if (/^(?:का|की|के)$/u.test(before) || pointing.has(before) || demonstrative.has(before) || notNoun.test(before))
    return null;
  if (/^(?:भी|ही)$/u.test(before)) return null;
  // People in the direct case before the head are the sentence's subject, not a part of this phrase.
  const inner = tokens.slice(head, marker - 1).map((token) => token.text);
  if (inner.some((word) => /^(?:लोग|छात्र|शिक्षक|किसान|सरकार|व्यक्ति|सदस्य|अधिकारी|बच्चे|स्त्रियाँ)$/u.test(word))) return null;
  const pair = pairStart(tokens, first);
  return pair === null ? { head, first, pair: false } : { head: pair, first: pair, pair: true };
}

/** Where "क और" before a phrase begins, or null: a list of two is asked for as one. */
function pairStart(tokens: readonly Token[], first: number): number | null {
  if (!/^(?:और|तथा|एवं|व)$/u.test(tokens[first - 1]?.text ?? '')) return null;
  const start = wordsBefore(tokens, first - 1);
  const before = tokens[start - 1]?.text ?? '';
  return start === first - 1 || first - 1 - start > 3 || /^(?:,|और|तथा|एवं|का|की|के)$/u.test(before) ? null : start;
}

function wordsBefore(tokens: readonly Token[], end: number): number {
  let first = end;
  while (first > 0 && end - first < 5) {
    const word = tokens[first - 1]?.text ?? '';
    if (
      stops.has(word) ||
      !/^[\p{L}\p{N}]/u.test(word) ||
      joining.has(word) ||
      dependent.has(word) ||
      pointing.has(word)
    )
      break;
    if (/(?:कर|करके|होकर|ते|ता)$/u.test(word) && end - first > 0) break;
    if (relation.has(word) && /^(?:के|की)$/u.test(tokens[first - 2]?.text ?? '')) break;
    first -= 1;
  }
  return first;
}

/** The words of some tokens. */
export function textOf(tokens: readonly Token[], from: number, to: number): string {
  return tokens
    .slice(from, to)
    .map((token) => token.text)
    .join(' ');
}

/** Where the verb group at the clause's end begins. */
export function verbStart(tokens: readonly Token[]): number {
  let at = tokens.length - 1;
  while (at > 1 && stem.has(tokens[at - 1]?.text ?? '') && auxiliary.has(tokens[at]?.text ?? '')) at -= 1;
  while (
    at > 0 &&
    auxiliary.has(tokens[at]?.text ?? '') &&
    (auxiliary.has(tokens[at - 1]?.text ?? '') ||
      isPerfective(tokens[at - 1]?.text ?? '') ||
      /(?:ता|ती|ते|कर|ने)$/u.test(tokens[at - 1]?.text ?? '')) &&
    !stops.has(tokens[at - 1]?.text ?? '')
  )
    at -= 1;
  return at;
}

/** Names of months. */
export const month =
  /^(?:जनवरी|फरवरी|मार्च|अप्रैल|मई|जून|जुलाई|अगस्त|सितंबर|सितम्बर|अक्टूबर|अक्तूबर|नवंबर|नवम्बर|दिसंबर|दिसम्बर|डिसम्बर)/u;
