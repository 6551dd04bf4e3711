import type { Draft, RuleSentence } from '../types.ts';
import { koreanClauses, openQuote, type KoreanClause } from './clause.ts';
import { asQuestion } from './endings.ts';
import { copulas, counts, dates, objects, places, quoted, reasons, subjects, type Spot } from './spots.ts';

/** The passage's subject: the first phrase with 은 or 는. */
export function koreanTopic(first: string): string | null {
  const found = /^((?:[^\s,.]+\s){0,2}[^\s,.()]*?)(?:\([^)]*\))?(?:은|는)\s/u.exec(first.replace(/\([^)]*\)/gu, ''));
  const topic = found?.[1]?.trim() ?? '';
  return topic.length < 2 ||
    /^(?:그|이|저|이것|그것|하지만|또|당시|현재|우리|나|이들|그들|그녀)$|(?:에서|에|하|되|로|한|된|의|있|없|같|많)$/u.test(
      topic,
    ) ||
    /^(?:\d|이\s|그\s|이러한|그러나|하지만|또한|따라서)/u.test(topic)
    ? null
    : topic;
}

/**
 * Drafts for one Korean sentence: inside one clause the answer's phrase is replaced where it stands, and the clause's verb
 * takes its question ending. A time at the clause's start moves behind the subject.
 */
export function koreanDrafts({ text, topic }: RuleSentence): Draft[] {
  const drafts: Draft[] = [];
  for (const clause of koreanClauses(text, topic)) {
    const part = clause.text;
    const spots = [
      ...dates(part),
      ...counts(part),
      ...places(part),
      ...subjects(part),
      ...objects(part),
      ...quoted(part),
      ...reasons(part),
      ...copulas(part),
    ];
    const why = whyQuestion(clause);
    if (why !== null) drafts.push(why);
    for (const spot of spots) {
      const draft = written(clause, spot);
      if (draft !== null) drafts.push(draft);
    }
  }
  return drafts;
}

function written(clause: KoreanClause, spot: Spot): Draft | null {
  const { text } = clause;
  const before = text.slice(0, spot.start);
  if (!/^(?:quoted|title)$/u.test(spot.rule) && openQuote(before)) return null;
  const moved =
    before === '' && clause.lead === '' && /^(?:date|year)$/u.test(spot.rule) ? behindSubject(spot, text) : null;
  const front = spot.rule === 'who' && before === '' ? '' : clause.lead;
  const statement = moved ?? `${front}${before}${spot.asked}${text.slice(spot.end)}`;
  const body = spot.copula === true ? `${clause.lead}${before}${spot.asked}` : asQuestion(statement);
  if (body === null) return null;
  const tidy = body
    .replace(/\([^()]*\)/gu, '')
    .replace(/\s+/gu, ' ')
    .replace(/\s+,/gu, ',')
    .trim();
  if (
    !tidy.includes(spot.asked.trim().split(' ')[0] ?? '') ||
    /["'“”‘’]/u.test(tidy.replace(/"[^"]*"|'[^']*'|“[^”]*”|‘[^’]*’/gu, ''))
  )
    return null;
  const words = tidy.split(' ').length;
  if (words < (spot.rule === 'definition' ? 2 : 3) || words > 18) return null;
  const answerStart = clause.offset + spot.start + (spot.answerStart ?? 0);
  const commas = (tidy.match(/,/gu) ?? []).length;
  return {
    text: `${tidy}?`,
    rule: spot.rule,
    score: spot.score - clause.cost - Math.max(0, words - 9) * 0.02 - commas * 0.05,
    answer: { start: answerStart, end: answerStart + spot.answerLength },
  };
}

/** "A기 때문에 B" asks why B, with the subject of B, or that of A where B has none. */
function whyQuestion({ text, offset, lead, cost }: KoreanClause): Draft | null {
  const found = /^(?<cause>[^"'“‘]{4,60}?기) 때문에,? (?<effect>.+)$/u.exec(text);
  const cause = found?.groups?.cause ?? '';
  const effect = found?.groups?.effect ?? '';
  const own = /^(?:[^\s,]+\s){0,2}?[^\s,]+(?:은|는|이|가)\s/u.exec(effect)?.[0];
  const shared = /^(?:[^\s,]+\s){0,2}?[^\s,]+(?:은|는)\s/u.exec(cause)?.[0] ?? (lead === '' ? undefined : lead);
  const subject = own ?? shared;
  if (found === null || subject === undefined || /(?:한|된|던|하는|되는|있는|없는)\s/u.test(subject)) return null;
  const body = asQuestion(`${subject}왜 ${own === undefined ? effect : effect.slice(own.length)}`);
  const words = body?.split(' ').length ?? 0;
  if (body === null || words < 4 || words > 16) return null;
  return {
    text: `${body.replace(/\([^()]*\)/gu, '').replace(/\s+/gu, ' ')}?`,
    rule: 'reason',
    score: 0.88 - cost - Math.max(0, words - 9) * 0.02,
    answer: { start: offset, end: offset + cause.length },
  };
}

/** "1648년에 정성공은 …" → "정성공은 몇 년에 …". */
function behindSubject(spot: Spot, text: string): string | null {
  const rest = text.slice(spot.end).replace(/^,?\s+/u, '');
  const subject = /^(?:[^\s,]+\s){0,3}?[^\s,]*[^\s,에서로지부까터](?:은|는)\s/u.exec(rest);
  if (
    subject === null ||
    /(?:한|된|던|하는|되는|있는|없는|하고|하여|에서|(?<!마|가|노)을|를)\s/u.test(
      subject[0].trimEnd().split(' ').slice(0, -1).join(' ') + ' ',
    )
  )
    return null;
  return `${subject[0]}${spot.asked} ${rest.slice(subject[0].length)}`;
}
