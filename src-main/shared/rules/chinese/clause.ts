import type { Span } from '../../text/span.ts';
import { wordSpans } from '../../text/words.ts';
import { adverbial, dependent, lead, notVerb, owned, pointing, predicate } from './words.ts';

/** One stretch between commas, with offsets in the sentence. */
export type Part = Span & {
  /** Where the statement starts, after conjunctions and a time before its subject. */
  from: number;
  subject: Span | null;
  /** Where the predicate begins; the part's end if it has none. */
  predicate: number;
  /** A time before the subject, in the part itself. */
  time: Span | null;
  /** Whether the part makes a statement. */
  states: boolean;
};

const timeAhead =
  /^(?:在|于|自|从|到)?(?:约|大约)?(?:公元前?|西元前?)?(?:\d{1,4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|\d{1,2}月\d{1,2}日|\d{1,2}世纪(?:\d0年代|初|末|中期)?)(?:左右|初|末|底|春|夏|秋|冬|起|后|前|间|期间|时|至今)?[，,]?/u;

/** Cuts a folded sentence at commas outside brackets and titles. */
export function chineseParts(text: string): Part[] {
  const parts: Part[] = [];
  let start = 0;
  let depth = 0;
  for (let at = 0; at <= text.length; at += 1) {
    const letter = text.charAt(at);
    if ('（(《「『“【'.includes(letter) && letter !== '') depth += 1;
    else if ('）)》」』”】'.includes(letter) && letter !== '') depth = Math.max(0, depth - 1);
    const cut =
      at === text.length ||
      (depth === 0 && '，；：。！？;'.includes(letter)) ||
      (letter === ',' && depth === 0 && !/^\d{3}/u.test(text.slice(at + 1)));
    if (!cut) continue;
    if (at > start) parts.push(partOf(text, start, at));
    start = at + 1;
  }
  return parts;
}

function partOf(text: string, start: number, end: number): Part {
  let from = start;
  while (from < end && /[\s“"]/u.test(text.charAt(from))) from += 1;
  from += lead.exec(text.slice(from, end))?.[0].length ?? 0;
  const body = text.slice(from, end);
  const ahead = timeAhead.exec(body);
  const time = ahead === null ? null : { start: from, end: from + ahead[0].length };
  const at = time === null ? from : time.end;
  const rest = text.slice(at, end);
  const plain = rest.replace(/（[^（）]*）|\([^()]*\)|《[^》]*》|“[^”]*”|「[^」]*」/gu, (note) =>
    '〇'.repeat(note.length),
  );
  let first = -1;
  let verbs = 0;
  for (const word of wordSpans(plain, 'zh')) {
    const token = plain.slice(word.start, word.end);
    if (!predicate.has(token)) continue;
    if (first < 0) first = word.start;
    if (!notVerb.has(token)) verbs += 1;
  }
  // "罗纳度1998年率领": the time is no part of the subject.
  const inner =
    first > 0 ? rest.slice(0, first).search(/(?:在|于|自|从|至|到)?(?:约)?(?:公元前?)?\d{1,4}[年月世]/u) : -1;
  if (inner > 0) first = inner;
  const subject = first > 0 ? { start: at, end: at + first } : null;
  const able =
    /^(?:可以|能够|能|会|必须|要)/u.test(rest.slice(Math.max(first, 0))) && end - at - Math.max(first, 0) >= 5;
  const states =
    (verbs > 0 || (first > 0 && able)) && !adverbial.test(body) && !(subject === null && dependent.test(rest));
  return {
    start,
    end,
    from,
    subject: subject !== null && isNoun(text, subject) ? subject : null,
    predicate: first < 0 ? end : at + first,
    time,
    states,
  };
}

/** Whether the words before the predicate can be a subject that stands by itself. */
function isNoun(text: string, subject: Span): boolean {
  const words = text.slice(subject.start, subject.end).replace(/（[^（）]*）|\([^()]*\)/gu, '');
  if (words.length < 2 || words.length > 18 || /^\d+$/u.test(words)) return false;
  return (
    !dependent.test(words) &&
    !/(?:的|和|与|及|了|着|地|得|个|、)$|^(?:的|了|着|第|每|各|所有|全部|一|两|几|会|对|将|被|把|是|使|令|从|向|由|以|于|未|能|可|不|没|也|都|又|仍|则|并|再|先|后|前|至|所|因|经|据|用|有|无|最|曾|需|应|即|而)|(?:年间|年代|时期|期间|世纪|初年|末年|时|年|月|日|后|前|中|内|上|下|里|间|以来|同时|方面|过程|情况|不|所|却|便|亦|就)$/u.test(
      words,
    ) &&
    !/[“”"「」]/u.test(words.replace(/“[^”]*”|「[^」]*」/gu, ''))
  );
}

/** A statement with its subject in front: `lead` stands before `text.slice(start, end)`. */
export type Statement = { lead: string; start: number; end: number; cost: number; subject: string };

/**
 * The statement of one part. A missing subject or a pronoun is taken from an earlier part of the sentence, then from the
 * passage's topic; null where neither is there.
 */
export function statementOf(
  text: string,
  original: string,
  parts: readonly Part[],
  index: number,
  topic: string | null,
): Statement | null {
  const part = parts[index];
  if (part === undefined || !part.states) return null;
  const own = part.subject;
  const ownText = own === null ? '' : text.slice(own.start, own.end);
  const inside = /(?:他|她|它|我|你|您|该|这|此|本)/u.test(
    text
      .slice(part.predicate, part.end)
      .replace(/其他|因此|此外|如此|吉他|本身|基本|日本|根本|版本|本地|本科|成本|资本|标本|剧本/gu, ''),
  )
    ? 0.12
    : 0;
  if (own !== null && !pointing.test(ownText)) {
    if (/我|你|您|这|那|该|此/u.test(ownText)) return null;
    if (owned.test(ownText)) {
      const of = topic === null ? null : `${topic}的${original.slice(own.start, own.end)}`;
      return of === null ? null : { lead: of, start: part.predicate, end: part.end, cost: inside + 0.06, subject: of };
    }
    const before = parts[index - 1];
    // A short time before it says when, and stays: "1964年，…".
    const time =
      before !== undefined &&
      !before.states &&
      /^\D{0,3}\d{2,4}年/u.test(text.slice(before.from, before.end)) &&
      before.end - before.from <= 14;
    return {
      lead: '',
      start: time ? before.from : part.from,
      end: part.end,
      cost: inside + (index > 0 ? 0.03 : 0),
      subject: original.slice(own.start, own.end),
    };
  }
  const rest =
    own !== null && /^其/u.test(ownText) && ownText.length > 1 ? `的${original.slice(own.start + 1, own.end)}` : '';
  if (own !== null && rest === '' && !/^(?:他|她|它|他们|她们|它们|其|该[^的]{0,3}|本[书片剧作校站]?)$/u.test(ownText))
    return null;
  for (let before = index - 1; before >= 0; before -= 1) {
    const earlier = parts[before];
    const subject = earlier?.subject ?? null;
    if (earlier === undefined || subject === null || !earlier.states) continue;
    const words = text.slice(subject.start, subject.end);
    if (pointing.test(words)) break;
    return {
      lead: original.slice(subject.start, subject.end) + rest,
      start: part.predicate,
      end: part.end,
      cost: inside + 0.08,
      subject: original.slice(subject.start, subject.end),
    };
  }
  return topic === null
    ? null
    : {
        lead: topic + rest,
        start: part.predicate,
        end: part.end,
        cost: inside + (own === null ? 0.18 : 0.1),
        subject: topic,
      };
}
