import { joins } from '../../spans/korean.ts';
import { finalOf } from './endings.ts';

/** Words that tie a sentence to the one before, left out at a clause's start. */
const lead =
  /^(?:그러나|그리고|하지만|또한|또|따라서|그래서|그러므로|결국|이에 따라|이에|특히|한편|그런데|이후에|이후|그러고나서|그 후|그 뒤|그 이후|이듬해|다만|즉|반면에|반면|더불어|이어서|이어|게다가|더욱이|실제로|예를 들어|예컨대|당시|현재|같은 날|같은 해|그와 동시에|거기에다|이 때문에|때문에|그 결과|이로 인해|이를 통해|이 때|이때|그때|이날|그해|아울러|심지어|물론|사실|이와 함께|이와 같이|이처럼|나아가|마침내|앞서|그 중|그중|이 중|이 과정에서|그 과정에서|그럼에도|그럼에도 불구하고|그렇지만|그 외에|이 외에|이 밖에),?\s+/u;
const pronoun = /^(?:그는|그가|그녀는|그녀가|이는|이것은|그것은|이곳은|그곳은)\s/u;
const owner = /^(?:그의|그녀의)\s/u;
const pointing =
  /^(?:이들은|그들은|이들이|그들이|이러한|이런|그런|그러한|이를|그를|그녀를|여기|거기|여기서|거기서|이것이|그것이|이것을|그것을|나는|내가|저는|제가|우리는|우리가|우리의|나의|내|너는|당신은|이와|그와|이에게|그에게|이로|그로|다음은|아래는|위와|이같은|이에|또한)\s/u;
const demonstrative = /^(?:이|그|해당|동|본)\s/u;
/** A past form before a connective ending ends a statement of its own. */
const linked = /(?<stem>[가-힣]*(?<last>[가-힣]))(?:고|으며|으나|지만|는데|으므로|기 때문에)(?=,?\s)/gu;
const fragment =
  /^\S+(?:[했됐었았였하되가오보]다가|지만|는데|면서|으나|라고|다고|라며|다며|려고|도록|으며|했고|였고|았고|었고|하고|되고|하며|되며|자),?\s/u;
const subjectMark =
  /(?<word>\S*\S(?<!에|에서|으로|[가-힣]로|까지|부터|처럼|만|에게|보다))(?<mark>은|는|이|가|께서)(?=[\s,])/gu;
const notSubject =
  /^(?:또는|혹은|있는|없는|하는|되는|같은|많은|않는|않은|모든|높은|작은|큰|좋은|나은|젊은|짧은|넓은|받는|가는|오는|사는|나오는|때는|데는|것이|수가|수는|적이|바가)$/u;

/** A statement in 다 that one clause makes; `offset` is its place in the sentence, `lead` a subject put before it. */
export type KoreanClause = { text: string; offset: number; lead: string; cost: number };

/** Cuts a sentence where a past form is linked to the next statement; each clause ends in 다 and has its subject. */
export function koreanClauses(sentence: string, topic: string | null): KoreanClause[] {
  const text = sentence.replace(/[.。!\s]+$/u, '');
  const clauses: KoreanClause[] = [];
  let start = 0;
  let shared: string | null = null;
  const add = (end: number, stemEnd: number, ending: string): void => {
    const made = framed(text.slice(start, stemEnd) + ending, start, shared ?? topic, shared !== null);
    shared ??= sharedSubject(text.slice(start, stemEnd));
    if (made !== null) clauses.push(made);
    start = end;
  };
  for (const match of text.matchAll(linked)) {
    const last = match.groups?.last ?? '';
    const past = finalOf(last) === 20;
    if (!past || match.index + match[0].length - start < 14) continue;
    const stemEnd = match.index + (match.groups?.stem ?? '').length;
    // A verb inside a quotation or a bracket ends no clause.
    if (openQuote(text.slice(start, stemEnd))) continue;
    const end =
      match.index + match[0].length + (/^,?\s*/u.exec(text.slice(match.index + match[0].length))?.[0].length ?? 0);
    add(end, stemEnd, '다');
  }
  add(text.length, text.length, '');
  return clauses;
}

/** Whether a quotation or a bracket is still open at the text's end. */
export function openQuote(text: string): boolean {
  const count = (marks: RegExp): number => (text.match(marks) ?? []).length;
  return count(/[“‘《〈「『(（]/gu) > count(/[”’》〉」』)）]/gu) || count(/"/gu) % 2 === 1;
}

function framed(statement: string, from: number, subject: string | null, own: boolean): KoreanClause | null {
  let cut = 0;
  for (let taken = 0; taken < 2; taken += 1) cut += lead.exec(statement.slice(cut))?.[0].length ?? 0;
  const text = statement.slice(cut);
  const offset = from + cut;
  if (pointing.test(text) || fragment.test(text) || text.length < 8) return null;
  const cost = from === 0 ? 0 : 0.03;
  const shown = pronoun.exec(text) ?? owner.exec(text);
  if (shown !== null) {
    if (subject === null) return null;
    const mark = shown[0].includes('의') ? '의' : topicMark(subject);
    return {
      text: text.slice(shown[0].length),
      offset: offset + shown[0].length,
      lead: `${subject}${mark} `,
      cost: cost + 0.06,
    };
  }
  if (demonstrative.test(text)) return { text, offset, lead: '', cost: cost + 0.14 };
  if (hasSubject(text)) return { text, offset, lead: '', cost };
  if (subject === null) return { text, offset, lead: '', cost: cost + 0.45 };
  return { text, offset, lead: `${subject}${topicMark(subject)} `, cost: cost + (own ? 0.05 : 0.12) };
}

/** 은 after a final consonant, 는 after a vowel. */
export function topicMark(noun: string): string {
  return finalOf(noun.at(-1) ?? '') === 0 ? '는' : '은';
}

function hasSubject(text: string): boolean {
  for (const match of text.matchAll(subjectMark)) if (!notSubject.test(match[0])) return true;
  return false;
}

/** The noun phrase before 은 or 는, for the clauses that follow. */
function sharedSubject(text: string): string | null {
  for (const match of text.matchAll(subjectMark)) {
    const mark = match.groups?.mark ?? '';
    if ((mark !== '은' && mark !== '는') || notSubject.test(match[0])) continue;
    const words = text
      .slice(0, match.index)
      .trimEnd()
      .split(' ')
      .filter((word) => word !== '');
    let first = words.length;
    while (first > 0 && words.length - first < 3 && joins(words[first - 1] ?? '')) first -= 1;
    const subject = [...words.slice(first), match.groups?.word ?? '']
      .join(' ')
      .replace(/\([^()]*\)/gu, '')
      .trim();
    return subject.length < 2 || /^(?:그|그녀|이|이것|그것|이들|그들|나|저|우리|이곳)$|[,"'”’)]/u.test(subject)
      ? null
      : subject;
  }
  return null;
}
