import { cutClause, organisation, subjectKind, type Clause } from './clause.ts';
import { baseOfPast, baseOfPresent, isAuxiliary, isPluralPresent } from './verbs.ts';
import { sortOf } from './sorts.ts';
import type { Draft, RuleSentence } from '../types.ts';

/** English: subjects give "Who" or "What" and the verb; other spans move to the front, with inversion or do-support. */
const lead =
  /^(?:However|But|And|Or|So|Thus|Therefore|Moreover|Furthermore|Additionally|Nevertheless|Nonetheless|Also|Then|Meanwhile|Finally|Eventually|Instead|Similarly|Likewise|Hence|Still|Yet|In addition|As a result|For example|For instance|On the other hand|In fact|In particular|Indeed|Consequently|Subsequently|Later|Afterwards|Today|Overall|In contrast|By contrast|In general|Generally|Specifically|At the same time|Of course|Again|Besides|Accordingly|Interestingly|Notably|Traditionally|Originally|Initially|Currently|Typically|Usually|Perhaps|Because of this|Despite this|As such|At this time|In turn|In response|After that|Since then|In some cases|In many cases|First|Second|Third),?\s+/u;
const months = '(?:January|February|March|April|May|June|July|August|September|October|November|December)';
const year = '(?:1[0-9]{3}|20[0-9]{2})';
const date = `(?:(?:early |late |mid-)?(?:${months}\\s(?:\\d{1,2}(?:st|nd|rd|th)?,?\\s)?${year}|\\d{1,2}\\s${months}\\s${year}|${year}|${months}\\s\\d{1,2})|the (?:early |late |mid-)?(?:1[0-9]|20)[0-9]0s|the (?:early |late |mid-)?\\d{1,2}(?:st|nd|rd|th) century)`;
const openingTime = new RegExp(`^((?:In|On|By|During|Around|Since|From|At|After|Until)\\s${date})(?:,)?\\s`, 'u');
const openingPhrase =
  /^(?:In|On|By|During|At|After|Under|For|From|With|Within|Among|Unlike|Like|Despite|Following|According to|Throughout|Before|Along|Through|Between|Over|Across|Near|Outside|As of)\s[^,;:]{3,60},\s(?!(?:and|or|but|which|who|where)\b)/u;

/** The passage's subject: what stands before its first verb. */
export function englishTopic(first: string): string | null {
  return cutClause(first.replace(lead, ''), null)?.subject ?? null;
}

/** Drafts for one English sentence. */
export function englishDrafts({ text, topic }: RuleSentence): Draft[] {
  const body = text.replace(/\[[^\]]*\]/gu, (note) => ' '.repeat(note.length)).replace(/[.!?;:\s]+$/u, '');
  if (/^["“(]/u.test(body) || /\?["”]?$/u.test(text.trim())) return [];
  return statements(body).flatMap(({ part, offset }) =>
    statementDrafts(part, topic).map((draft) => ({
      ...draft,
      score: draft.score - (offset > 0 ? 0.05 : 0),
      answer: draft.answer === null ? null : { start: draft.answer.start + offset, end: draft.answer.end + offset },
    })),
  );
}

/** A sentence's statements: what follows a semicolon, or a comma and a conjunction with a new subject, stands alone too. */
function statements(body: string): { part: string; offset: number }[] {
  const found: { part: string; offset: number }[] = [];
  let start = 0;
  for (const match of body.matchAll(
    /;\s(?:however, )?|,\s(?:and|but|while|whereas)\s(?=(?:[Tt]he|\p{Lu}[\p{L}’'-]+)\s)/gu,
  )) {
    found.push({ part: body.slice(start, match.index), offset: start });
    start = match.index + match[0].length;
  }
  found.push({ part: body.slice(start), offset: start });
  return found.map(({ part, offset }) => ({ part: part.charAt(0).toUpperCase() + part.slice(1), offset }));
}

function statementDrafts(body: string, topic: string | null): Draft[] {
  const drafts: Draft[] = [];
  let from = lead.exec(body)?.[0].length ?? 0;
  const opening = openingTime.exec(body.slice(from));
  if (opening !== null) {
    const phrase = opening[1] ?? '';
    const rest = body.slice(from + opening[0].length);
    const clause = cutClause(rest.charAt(0).toUpperCase() + rest.slice(1), topic);
    if (clause !== null && !/^(?:From|After|By|Until|Since)/u.test(phrase))
      front(drafts, 'When', clause, trimmed(clause.rest), 'when', 0.92, from, phrase.length);
    from += opening[0].length;
  } else from += openingPhrase.exec(body.slice(from))?.[0].length ?? 0;
  fronted(drafts, body.slice(from), from, topic);
  const main = body.slice(from);
  const clause = cutClause(main.charAt(0).toUpperCase() + main.slice(1), topic);
  if (clause === null) return drafts;
  const usesTopic = !main.toLowerCase().startsWith(clause.subject.toLowerCase());
  const offset = from + main.length - clause.rest.length;
  if (!usesTopic) subjectQuestion(drafts, clause, from);
  definition(drafts, clause, offset);
  when(drafts, clause, offset);
  where(drafts, clause, offset);
  count(drafts, clause, offset);
  object(drafts, clause, offset);
  agent(drafts, clause, offset);
  because(drafts, clause, offset);
  return usesTopic ? drafts.map((draft) => ({ ...draft, score: draft.score - 0.06 })) : drafts;
}

function trimmed(text: string): string {
  const plain = text.replace(/\s*\([^()]*\)/gu, '').replace(/\s+/gu, ' ');
  const cuts = [
    ...plain.matchAll(
      /,\s(?:which|who|where|and|but|so|with|while|when|although|though|as|including|such|because|making|after|before|whose|often|especially|\p{L}+ing|\p{L}+ed|not|then|in|or|since|both|for|until)\b|;|\s[—–-]\s|—|:\s|\s(?:because|although|while|whereas)\s|\s(?:and|but)\s(?=(?:he|she|it|they|was|were|had|is|are|has|the \w+ (?:was|is|were))\b)/gu,
    ),
  ];
  const place = cuts.find((match) => match.index > 14);
  return (place === undefined ? plain : plain.slice(0, place.index)).replace(/[,\s]+$/u, '').trim();
}

function push(drafts: Draft[], question: string, rule: string, score: number, start: number, length: number): void {
  const tidy = question
    .replace(/\s+/gu, ' ')
    .replace(/\s,/gu, ',')
    .replace(/[,\s]+$/u, '')
    .trim();
  const count = tidy.split(' ').length;
  if (
    count < 4 ||
    count > 26 ||
    /\s(?:&|of|the|a|an|and|to|by|with|for|at|from|as|than|or|its|their|his|her|which|that|who|was|were|is|are)$/u.test(
      tidy,
    ) ||
    /\b(?:he|she|they|his|her|their|its|this|these|it|that is)\b/u.test(tidy.split(' ').slice(0, 4).join(' '))
  )
    return;
  const commas = (tidy.match(/,/gu) ?? []).length;
  const short = count < 5 ? 0.04 : 0;
  drafts.push({
    text: `${tidy}?`,
    rule,
    score: score - short - Math.max(0, count - 14) * 0.02 - commas * 0.05,
    answer: { start, end: start + length },
  });
}

function lower(subject: string): string {
  return subject
    .replace(
      /^(?:The|A|An|His|Her|Its|Their|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Several|Many|Some|Most|Newly|Other|New|Early|Additional|Further|Both|All|Each|Successive|Renewed|Executive|Dynamic|Representatives|Examples|Changes)\s/u,
      (head) => head.toLowerCase(),
    )
    .replace(/^\p{Lu}\p{Ll}+s$/u, (word) => word.toLowerCase());
}

/** Question word, auxiliary, subject, and the rest; lexical verbs take do. */
function front(
  drafts: Draft[],
  question: string,
  clause: Clause,
  rest: string,
  rule: string,
  score: number,
  start: number,
  length: number,
): void {
  const subject = lower(clause.subject);
  if (
    isAuxiliary(clause.verb) &&
    !(
      /^(?:has|have|had)$/u.test(clause.verb) &&
      !/^(?:(?:also|not|often|since|long|already|never|recently|always|now|\w+ly)\s)?(?:\w+ed|been|become|made|taken|given|\w+n|had|won|led|held|built|found|kept|left|lost|met|put|set|sold|sent|said|told|brought|bought|come)\b/u.test(
        rest,
      )
    )
  ) {
    push(drafts, `${question} ${clause.verb} ${subject} ${rest}`, rule, score, start, length);
    return;
  }
  const past = clause.verb === 'had' ? 'have' : baseOfPast(clause.verb);
  const plural = clause.verb === 'have' || isPluralPresent(clause.verb);
  const base = past ?? baseOfPresent(clause.verb) ?? (plural ? clause.verb : null);
  if (base === null) return;
  const helper = past !== null ? 'did' : plural ? 'do' : 'does';
  push(drafts, `${question} ${helper} ${subject} ${base} ${rest}`, rule, score - 0.02, start, length);
}

function subjectQuestion(drafts: Draft[], clause: Clause, from: number): void {
  const { subject, verb, person } = clause;
  if (/^(?:A|An|There|Two|Three|Four|Five|Six|\d)/u.test(subject)) return;
  if (!person && !/\s/u.test(subject) && !organisation.test(subject)) return;
  if (
    /\b(?:earliest|latest|first|last|largest|rather|same|latter|former|most|least)$/u.test(subject) ||
    /\b(?:include|includes|is|are|was|were|of|the)$|^(?:what|that|where|not\sonly)\b/u.test(trimmed(clause.rest))
  )
    return;
  const copula = /^(?:is|are|was|were)$/u.test(verb);
  if (copula && /^(?:a|an|the|not|also|one)\b/u.test(clause.rest)) {
    if (person || !/^the\s(?:largest|first|most|only|main|oldest|second|capital|highest|last)/u.test(clause.rest))
      return;
  }
  if (clause.plural && !person && !copula && /^(?:have|do)$/u.test(verb)) return;
  // "Neutrophils are phagocytes" would need another verb form than "What is".
  if (
    /^(?:are|were)$/u.test(verb) &&
    !person &&
    sortOf(subject) === null &&
    !/^(?:(?:\w+ly|also|not|often|usually|now|then|still|most)\s){0,2}(?:\w+(?:ed|en|wn|ght|nd|lt|ne)|in|on|at|of|under|part|open|made|put|set|led|built|sold|kept|lost|able|due|present|common|important|similar|available)\b/u.test(
      clause.rest,
    )
  )
    return;
  const sort = person ? null : sortOf(subject);
  if (person && isPluralPresent(verb)) return;
  const score =
    (person ? 0.86 : sort === null ? 0.72 : 0.82) -
    (/\b(?:it|they|he|she|their|his|her|its)\b/u.test(clause.rest) ? 0.08 : 0) -
    (copula && !/^\w+ed\b/u.test(clause.rest) ? 0.06 : 0);
  // "Who" and "What" take the singular.
  const personal =
    sort !== null
      ? verb
      : verb
          .replace(/^are$/u, 'is')
          .replace(/^were$/u, 'was')
          .replace(/^have$/u, 'has');
  push(
    drafts,
    `${person ? 'Who' : sort === null ? 'What' : `Which ${sort}`} ${personal} ${trimmed(clause.rest)}`,
    person ? 'who' : sort === null ? 'what' : 'which',
    score,
    from,
    subject.length,
  );
}

/** "was designed by Ida Marsh": by whom, with the preposition left at the end for things. */
function agent(drafts: Draft[], clause: Clause, offset: number): void {
  if (!/^(?:is|are|was|were|has|have|had)$/u.test(clause.verb)) return;
  const found =
    /^(?<deed>(?:been\s)?(?:\p{Ll}+ly\s|also\s|first\s)?(?:\p{Ll}+ed|built|written|made|led|held|given|taken|found|founded|known|won|chosen|drawn|driven|sung|shot|struck|taught|run|sold|owned|set))\sby\s(?<agent>(?:the\s|a\s)?[^,;:()]*?)(?=$|[,;:(]|\s(?:in|on|at|to|for|from|with|as|because|when|that|which|who|after|before|during|while|and|but|until|since|where|under|\p{Ll}+ing)\s)/u.exec(
      clause.rest,
    );
  const by = found?.groups?.agent ?? '';
  const deed = found?.groups?.deed ?? '';
  if (
    found === null ||
    by.split(' ').length > 6 ||
    by.length < 3 ||
    /^(?:\d|\p{Ll}+ing\b|about|nearly|more|the time|means|default|law)/u.test(by)
  )
    return;
  const after = trimmed(clause.rest.slice(found[0].length));
  const tail = /^(?:in|on|at|for|from|during|to)\s/u.test(after) && after.split(' ').length < 9 ? after : '';
  const person =
    subjectKind(by.charAt(0).toUpperCase() + by.slice(1), '').person ||
    (/^\p{Lu}\p{Ll}+$/u.test(by) && !organisation.test(by));
  const start = offset + clause.rest.indexOf(by, deed.length);
  front(
    drafts,
    person ? 'By whom' : 'By what',
    clause,
    `${deed} ${tail}`.trimEnd(),
    'byAgent',
    person ? 0.84 : 0.7,
    start,
    by.length,
  );
}

function definition(drafts: Draft[], clause: Clause, offset: number): void {
  if (
    !/^(?:is|was)$/u.test(clause.verb) ||
    !/^(?:an?|one of|the\s(?:\p{Ll}+\s){0,2}(?:study|science|process|capital|name|branch|art|practice|ability|use|act|science|language|ruler|founder|author|leader|city|river|country|part|seat|home|birthplace|site))\s/u.test(
      clause.rest,
    ) ||
    /^(?:an?|the)\s\w+\s(?:that|of which)\b/u.test(clause.rest)
  )
    return;
  if (clause.subject.split(' ').length < 2 && !clause.person && clause.subject.length < 4) return;
  push(
    drafts,
    `${clause.person ? 'Who' : 'What'} ${clause.verb} ${lower(clause.subject)}`,
    'definition',
    0.82 + (clause.subject.split(' ').length > 2 ? 0.04 : 0),
    offset,
    clause.rest.length,
  );
}

function when(drafts: Draft[], clause: Clause, offset: number): void {
  const found = new RegExp(
    `(?:^|\\s)((?:in|on|around|during)\\s${date})(?=$|[\\s,])(?!\\s(?:and|to|edition|census|film|season))`,
    'u',
  ).exec(clause.rest);
  if (found === null) return;
  const phrase = found[1] ?? '';
  const before = clause.rest.slice(0, found.index);
  if (/[;:]|,\s|\b(?:that|which|who|when|because|after|before|since|until|while|where)\b/u.test(before)) return;
  const after = clause.rest.slice(found.index + found[0].length);
  const tail = /^\s(?:to|by|at|with|for|in|from|under|as)\s/u.test(after)
    ? trimmed(after)
        .slice(0, 70)
        .replace(/\s\S*$/u, (end) => (trimmed(after).length > 70 ? '' : end))
    : '';
  front(
    drafts,
    'When',
    clause,
    `${before.replace(/\([^)]*\)/gu, '').trim()} ${tail.trim()}`.trim(),
    'when',
    0.9,
    offset + clause.rest.indexOf(phrase, found.index),
    phrase.length,
  );
}

function where(drafts: Draft[], clause: Clause, offset: number): void {
  const found =
    /(?:^|\s)((?:in|at|near)\s(?:the\s)?(?:[A-Z][\p{L}.'’-]+)(?:(?:,?\s|\s(?:of|the|and)\s)[A-Z][\p{L}.'’-]+)*)(?=$|[\s,])/u.exec(
      clause.rest,
    );
  if (
    found === null ||
    new RegExp(
      `\\s(?:${months}|English|French|German|Latin|Chinese|Greek|Arabic|God|Earth|World|Christ|Article)`,
      'u',
    ).test(` ${found[1] ?? ''}`)
  )
    return;
  const before = clause.rest.slice(0, found.index);
  if (
    /[,;:]|\b(?:that|which|who|when)\b/u.test(before) ||
    !/(?:born|located|held|built|founded|lived|moved|situated|established|died|opened|met|buried|played|signed|began|live|settled|based|stayed|took place|found|arrived|landed|spent|studied|worked|discovered|taught|raised|fought|filmed|formed|launched|headquartered|erected|introduced|remained|published|published|created)\b/u.test(
      `${clause.verb} ${before}`,
    )
  )
    return;
  front(
    drafts,
    'Where',
    clause,
    before.trim(),
    'where',
    0.85,
    offset + clause.rest.indexOf(found[1] ?? '', found.index),
    (found[1] ?? '').length,
  );
}

const amount =
  '(?:about |approximately |around |over |more than |nearly |almost |some |at least |up to )?(?:\\$|€|£)?(?:\\d[\\d,.]*(?:\\s(?:million|billion|thousand|hundred))?|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|hundreds|thousands)';

function count(drafts: Draft[], clause: Clause, offset: number): void {
  const subjectNumber = new RegExp(`^(${amount})\\s([\\p{Ll}]+(?:\\s[\\p{Ll}]+){0,2}s|people)$`, 'iu').exec(
    clause.subject,
  );
  if (subjectNumber !== null) {
    push(
      drafts,
      `How many ${subjectNumber[2] ?? ''} ${clause.verb} ${trimmed(clause.rest)}`,
      'howMany',
      0.86,
      Math.max(0, offset - clause.verb.length - 2 - clause.subject.length),
      (subjectNumber[1] ?? '').length,
    );
    return;
  }
  const modal = /^(?:can|could|will|would|may|might|must|should)$/u.test(clause.verb) ? '|\\p{Ll}+\\s' : '';
  const found = new RegExp(
    `^((?:\\p{Ll}+ed\\s|been\\s|of\\s${modal})?)(${amount})(%|\\spercent)?\\s((?:\\p{Ll}+\\s){0,2}\\p{Ll}+s(?:\\sof\\s\\p{Ll}+)?|people)(?=$|[\\s,:])`,
    'u',
  ).exec(clause.rest);
  if (
    found === null ||
    /^(?:is|was|are)$/u.test(clause.verb) ||
    (found[2] ?? '').includes('$') ||
    found[3] !== undefined ||
    /^(?:times|years? old|percent)/u.test(found[4] ?? '')
  )
    return;
  const nounPhrase = found[4] ?? '';
  if (/\b(?:of|in|and|to|by|for|at|on|the|as|has|was|is)\b/u.test(nounPhrase)) return;
  const rest = trimmed((found[1] ?? '') + clause.rest.slice(found[0].length));
  front(
    drafts,
    `How many ${nounPhrase}`,
    clause,
    rest,
    'howMany',
    0.88,
    offset + (found[1] ?? '').length,
    (found[2] ?? '').length,
  );
}

const objectPhrase =
  /^((?:(?:the|a|an|his|her|its|their|several|many|some|new)\s|[A-Z])(?:[^,;:()]|,(?=\d))*?)(?=$|,(?!\d)|[;:(]|\s(?:in|on|at|to|for|from|with|by|as|because|when|that|which|who|after|before|during|while|and|but|into|through|against|over|under|between|where|since|than|until|without|within|if|is|was|are|were)\s)/u;

function object(drafts: Draft[], clause: Clause, offset: number): void {
  if (isAuxiliary(clause.verb) && !/^(?:has|had|have)$/u.test(clause.verb)) return;
  const found = objectPhrase.exec(clause.rest);
  if (
    found === null ||
    /^(?:(?:also|not|often|since|long|already|never|recently|always|now|\w+ly)\s)?(?:\w+ed|been|become|made|taken|given|come|gone|won|led|held|built|had)\b/u.test(
      clause.rest,
    )
  )
    return;
  const phrase = (found[1] ?? '').replace(/\s(?:\p{Ll}+ed|known|made|found|given|written|built|held|led)$/u, '');
  const length = phrase.split(' ').length;
  if (
    length > 7 ||
    /[“”"‘]/u.test(phrase) ||
    /^(?:the|a|an|its|his|her|their|many|several)$/iu.test(phrase) ||
    /\b(?:way|time|day|years?|months?|part|place|rise|number|lot)$/u.test(phrase) ||
    new RegExp(`^(?:${months}|the following|the same|a few|the first time)`, 'u').test(phrase)
  )
    return;
  const of = /^(?:became|remained|appeared|seemed|came|went|lived|died|fell|rose|grew|began)$/u.test(clause.verb);
  if (of && clause.verb !== 'became' && clause.verb !== 'began') return;
  const person = subjectKind(phrase, '').person;
  const rest = trimmed(clause.rest.slice(phrase.length))
    .replace(/^(?:and|but|that|which|who|as well|is|was|are|were)\b.*$/u, '')
    .replace(/^,.*$/u, '');
  front(
    drafts,
    person ? 'Who' : 'What',
    clause,
    rest.split(' ').length > 12 ||
      (/^(?:has|have|had)$/u.test(clause.verb) && rest.startsWith('to ')) ||
      rest.startsWith('to be ')
      ? ''
      : rest,
    person ? 'whom' : 'object',
    0.84 - (rest === '' ? 0.03 : 0) - (person ? 0.06 : 0),
    offset,
    phrase.length,
  );
}

/** "Because A, B" asks why B. */
function fronted(drafts: Draft[], body: string, from: number, topic: string | null): void {
  const found = /^Because\s(?<cause>\p{Ll}[^,;:]{8,90}),\s(?<effect>.+)$/u.exec(body);
  const effect = found?.groups?.effect ?? '';
  const cause = found?.groups?.cause ?? '';
  if (found === null) return;
  const clause = cutClause(effect.charAt(0).toUpperCase() + effect.slice(1), topic);
  if (clause === null) return;
  const start = from + body.indexOf(cause);
  front(drafts, 'Why', clause, trimmed(clause.rest), 'why', 0.86, start, cause.length);
}

function because(drafts: Draft[], clause: Clause, offset: number): void {
  const at = clause.rest.search(/,?\s(?:because|due to|in order to|so that)\s/u);
  if (at < 8) return;
  const effect = clause.rest.slice(0, at);
  if (/[;:]|,\s/u.test(effect)) return;
  const cause = clause.rest.slice(at).replace(/^[,\s]+/u, '');
  front(drafts, 'Why', clause, effect, 'why', 0.88, offset + clause.rest.length - cause.length, cause.length);
}
