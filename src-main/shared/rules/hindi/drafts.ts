import { hindiClauses, type HindiClause } from './clause.ts';
import { markedPhrases } from './marked.ts';
import { stops, type Asked } from './phrase.ts';
import { called, counts, definition, existence, manner, object, passive, purpose, sequels, times } from './plain.ts';
import { pointing } from './words.ts';
import type { Draft, RuleSentence } from '../types.ts';

/**
 * Hindi: inside one clause the answer's phrase is replaced where it stands; the case marker after it decides the question
 * word and stays where the word takes one. An object without a marker is asked for with क्या, with which the verb agrees.
 */
export function hindiDrafts({ text }: RuleSentence): Draft[] {
  const plain = text
    .replace(/[।|.!\s]+$/u, '')
    .replace(/\((?:[^()]*)\)|\[[^\]]*\]/gu, (note) => ' '.repeat(note.length));
  const drafts: Draft[] = [];
  for (const clause of hindiClauses(plain)) {
    const put = (found: Asked): void => {
      const draft = written(plain, clause, found);
      if (draft !== null) drafts.push(draft);
    };
    sequels(clause).forEach(put);
    // A clause of saying is not whole without what was said.
    if (clause.content !== null || saying.test(clause.tokens.at(-1)?.text ?? '')) continue;
    markedPhrases(clause).forEach(put);
    times(plain, clause).forEach(put);
    counts(plain, clause).forEach(put);
    manner(clause).forEach(put);
    object(clause).forEach(put);
    passive(clause).forEach(put);
    existence(clause).forEach(put);
    called(clause).forEach(put);
    purpose(clause).forEach(put);
    definition(clause).forEach(put);
  }
  return drafts;
}

function written(text: string, clause: HindiClause, found: Asked): Draft | null {
  const question =
    `${text.slice(clause.start, found.start)} ${found.asked} ${found.tail ?? text.slice(found.end, clause.end)}`
      .replace(/\s+/gu, ' ')
      .replace(/\s+([,;:])/gu, '$1')
      .replace(/(?<=\d|[०-९])\s?,\s(?=[\d०-९]{2,3}(?![\d०-९]))/gu, ',')
      .replace(/^[\s,;:]+|[,;:\s]+$/gu, '');
  const words = question.split(' ').length;
  if (
    words < (found.rule === 'definition' ? 3 : 4) ||
    words > 24 ||
    /["“”‘]|(?:^|\s)'|'(?:\s|$)/u.test(question.replace(/'[^']*'|“[^”]*”|"[^"]*"|‘[^’]*’/gu, ''))
  )
    return null;
  const first = question.split(' ')[0] ?? '';
  // What is left says too little: "किसके लिए होना चाहिए".
  if (
    words < 6 &&
    /^(?:किस|किन)/u.test(first) &&
    /^(?:marked|pair|relation|recipient|inside|whose|which)$/u.test(found.rule)
  )
    return null;
  if (pointing.has(first) || stops.has(first) || /^(?:कर|करके|लेकर)$/u.test(first)) return null;
  if (/किसमें,|किस पर,|कहाँ,|किसने,/u.test(question)) return null;
  return { text: `${question}?`, rule: found.rule, score: found.score - clause.cost, answer: found.answer };
}

const saying = /^(?:कहा|लिखा|बताया|पूछा|कहते|कहता|लिखते|बोला|बोले)$/u;

/** The passage's subject is not used: a Hindi sentence that begins with a pronoun is left alone. */
export function hindiTopic(): string | null {
  return null;
}
