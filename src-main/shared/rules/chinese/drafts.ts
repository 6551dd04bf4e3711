import type { Span } from '../../text/span.ts';
import { chineseParts, statementOf, type Part, type Statement } from './clause.ts';
import { patterns, sortOf } from './patterns.ts';
import { inScript, isPerson, pointing, simplified } from './words.ts';
import type { Draft, RuleSentence } from '../types.ts';

/**
 * Chinese: the answer's span is replaced where it stands, inside one statement with its subject in front. Patterns read
 * the sentence in simplified characters; the question keeps the passage's own and writes its question word in them.
 */
/** The passage's subject: what stands before 是 or a bracket in its first sentence. */
export function chineseTopic(first: string): string | null {
  const found =
    /^[“《「]?([^，。：（()《》“”「」\s是为為在於于\d]{2,14})[”》」]?\s?(?:（[^）]*）|\([^)]*\)|，|是|为|為|位于|位於)/u.exec(
      first,
    );
  const topic = found?.[1] ?? null;
  if (topic === null) return null;
  const folded = simplified(topic).text;
  return pointing.test(folded) ||
    /(?:时|后|中|下|前|年|月|日|间|上|了|的|据|说)$|^(?:在|从|据|根据|由于|随着|当|有|男|女|经|问|如|如果|因)/u.test(
      folded,
    )
    ? null
    : topic;
}

/** Drafts for one Chinese sentence. */
export function chineseDrafts({ text: original, topic, index: sentence }: RuleSentence): Draft[] {
  const { text, traditional } = simplified(original);
  if (
    /[某×]|x{2}/iu.test(text) ||
    /^[“"「]|[男女问答]：|[？?]/u.test(text) ||
    /[我你您咱]/u.test(text.replace(/“[^”]*”|「[^」]*」|自我/gu, ''))
  )
    return [];
  const parts = chineseParts(text);
  const drafts: Draft[] = [];
  const push = (question: string, rule: string, score: number, answer: Span): void => {
    const draft = written(question, rule, score, answer);
    if (draft !== null) drafts.push(draft);
  };
  for (const pattern of patterns) {
    for (const match of text.matchAll(pattern.find)) {
      const [start, stop] = match.indices?.groups?.answer ?? [0, 0];
      const asked = typeof pattern.ask === 'string' ? pattern.ask : pattern.ask(text.slice(start, stop), match);
      if (asked === null || stop <= start) continue;
      const index = parts.findIndex((part) => part.start <= start && start < part.end);
      const part = parts[index];
      if (part === undefined) continue;
      const answer = { start, end: stop };
      const word = inScript(asked, traditional);
      if (/^(?:date|year|century)$/u.test(pattern.rule)) {
        const moved = timeQuestion(text, original, parts, index, answer, word, topic);
        if (moved !== null) push(moved.question, pattern.rule, pattern.score - moved.cost, answer);
        continue;
      }
      const [from, to] = match.indices?.groups?.whole ?? [start, stop];
      if (/^(?:count|few|object|year|date)$/u.test(pattern.rule) && insideQuote(text, start)) continue;
      if (/^(?:count|few)$/u.test(pattern.rule) && text.slice(stop, part.end).includes('《')) continue;
      const statement = statementOf(text, original, parts, index, topic);
      if (statement === null || stop > statement.end || start < statement.start) continue;
      if (
        statement.lead === '' &&
        part.subject !== null &&
        start < part.subject.end &&
        !/^(?:count|few|title)$/u.test(pattern.rule)
      )
        continue;
      push(
        statement.lead + original.slice(statement.start, from) + word + original.slice(to, statement.end),
        pattern.rule,
        pattern.score - statement.cost,
        answer,
      );
    }
  }
  for (const [index, part] of parts.entries()) {
    const statement = statementOf(text, original, parts, index, topic);
    if (statement === null) continue;
    subjectQuestion(text, original, part, statement, traditional, push);
    definition(text, parts, index, statement, traditional, sentence === 0, push);
    reason(text, original, parts, index, topic, traditional, push);
  }
  return drafts;
}

type Push = (question: string, rule: string, score: number, answer: Span) => void;

function written(question: string, rule: string, score: number, answer: Span): Draft | null {
  const tidy = question
    .replace(/（[^（）]*）|\([^()]*\)/gu, '')
    .replace(/\[[^\]]*\]/gu, '')
    .replace(/\s+(?=\p{Script=Han})|(?<=\p{Script=Han})\s+/gu, '')
    .replace(/[，,。；;、：:！!？?\s]+$/u, '')
    .trim();
  const folded = simplified(tidy).text;
  if (
    tidy.length < 6 ||
    tidy.length > 52 ||
    /(?:时|后|中|下|前|以来|及|和|与|的|在|于|而|但|称|认为|表示|指出|说|到|至|达|名义|身份|方式|为由|理由)$/u.test(
      folded,
    )
  )
    return null;
  if (/^(?:的|了|和|与|及|等|而|并|或|则|也|都|就|才|又|却)/u.test(folded) || /“[^”]*$|^[^“]*”|《[^》]*$/u.test(tidy))
    return null;
  if ((folded.match(/谁|什么|哪|多少|几/gu) ?? []).length > 1) return null;
  const commas = (tidy.match(/[，；：]/gu) ?? []).length;
  return { text: `${tidy}？`, rule, score: score - Math.max(0, tidy.length - 26) * 0.006 - commas * 0.03, answer };
}

/** The time moves behind the subject: "1964年，杜县失去…" → "杜县在哪一年失去…". */
function timeQuestion(
  text: string,
  original: string,
  parts: readonly Part[],
  index: number,
  answer: Span,
  word: string,
  topic: string | null,
): { question: string; cost: number } | null {
  const part = parts[index];
  if (part === undefined) return null;
  const ahead = part.time !== null && answer.start < part.time.end;
  const alone = !part.states && text.slice(part.from, part.end).length <= answer.end - answer.start + 3;
  const host = alone ? index + 1 : index;
  const clause = parts[host];
  const statement = statementOf(text, original, parts, host, topic);
  if (clause === undefined || statement === null) return null;
  if (alone || ahead) {
    if (ahead && !alone && !/^(?:在|于|公元)?\D{0,4}\d/u.test(text.slice(part.from, answer.start + 1))) return null;
    if (
      ahead &&
      part.time !== null &&
      /(?:起|后|前|间|期间|至今)[，,]?$/u.test(text.slice(part.time.start, part.time.end))
    )
      return null;
    const predicate = original.slice(clause.predicate, clause.end).replace(/^(?:就|便|则|才|又|即|還|还)/u, '');
    if (/^(?:在|於|于)?[^，]{0,3}\d{4}年/u.test(predicate) || predicate.length < 3) return null;
    const subject = statement.lead === '' ? statement.subject : statement.lead;
    return { question: `${subject}在${word}${predicate}`, cost: statement.cost };
  }
  if (answer.start < statement.start || answer.end > statement.end) return null;
  if (statement.lead === '' && clause.subject !== null && answer.start < clause.subject.end) return null;
  const before = original.slice(statement.start, answer.start);
  const joined = /(?:在|於|于|自|从|從|到|至)$/u.test(before);
  // A year with nothing before it deep in the predicate belongs to a noun ("2012年方案").
  if (!joined && answer.start > clause.predicate) return null;
  const inner = joined ? before : `${before}在`;
  return {
    question: statement.lead + inner + word + original.slice(answer.end, statement.end),
    cost: statement.cost + 0.02,
  };
}

/** Who or which did it: a person's name, or a name that ends in what it is. */
function subjectQuestion(
  text: string,
  original: string,
  part: Part,
  statement: Statement,
  traditional: boolean,
  push: Push,
): void {
  const { subject } = part;
  if (subject === null || statement.lead !== '') return;
  const words = text.slice(subject.start, subject.end).replace(/（[^（）]*）|\([^()]*\)/gu, '');
  const predicate = text.slice(part.predicate, part.end);
  if (
    predicate.length < 6 ||
    /^(?:是|为|也|都|还|则|又|均|仍|不|没有|的|原名|本名|简称|又称|位于|出生|生于|毕业)/u.test(predicate)
  )
    return;
  const person = isPerson(words);
  const asked = person ? '谁' : sortOf(words, '');
  if (asked === '' || words.length > 14) return;
  const before = original.slice(statement.start, subject.start);
  push(
    `${before}${inScript(asked, traditional)}${original.slice(part.predicate, part.end)}`,
    person ? 'who' : 'which',
    person ? 0.86 : 0.84,
    subject,
  );
}

const ofKind =
  /^(?:是|为)(?<kind>一(?:种|个|位|名|座|部|条|所|家|支|本|款|项|类|首|只|颗|片|套|场|次|档|间|艘|张|枚|组|批|份|道|尊|块|处)[^。；]{3,})$/u;
const anyKind =
  /^(?:是|为)(?<kind>(?:一(?!直|起|样)|中国|美国|英国|法国|德国|日本|世界|位于|由|指|著名|现代|古代|台湾|香港|(?!如此|非常|十分|不|这|很|最)[^，。是]{1,12}的)[^。；]{3,})$/u;

/** "X是一种Y": asks what or who X is. */
function definition(
  text: string,
  parts: readonly Part[],
  index: number,
  statement: Statement,
  traditional: boolean,
  opens: boolean,
  push: Push,
): void {
  const part = parts[index];
  if (
    part === undefined ||
    (part.subject !== null && statement.lead !== '' && !pointing.test(text.slice(part.subject.start)))
  )
    return;
  if (index > (opens ? 1 : 0)) return;
  let tail = text.slice(part.predicate).replace(/[。！]$/u, '');
  let at = part.predicate;
  // "X（…），是一种Y" leaves its verb to the next part.
  const found = (opens ? anyKind : ofKind).exec(tail.slice(0, 120));
  if (found === null || text.slice(part.predicate, part.end).length < 6) return;
  if (tail.length > 120) tail = tail.slice(0, 120);
  at += 1;
  const { subject } = statement;
  if (
    subject.length > 16 ||
    subject.length < 2 ||
    /[也都均就则却不并还曾]$|(?:原因|目的|结果|特点|问题|之一)$/u.test(simplified(subject).text)
  )
    return;
  const kind = (found.groups?.kind ?? '').split(/[，；]/u)[0] ?? '';
  const person =
    isPerson(simplified(subject).text) ||
    /(?:家|员|手|师|学者|人物|皇帝|总统|教授|演员|将军|导演|歌手|作家)$/u.test(kind);
  push(
    `${subject}是${inScript(person ? '谁' : '什么', traditional)}`,
    'definition',
    0.84 - statement.cost - (index > 0 ? 0.12 : 0),
    { start: at, end: Math.min(text.length, at + (found.groups?.kind ?? '').length) },
  );
}

/** "由于A，B": asks why B. */
function reason(
  text: string,
  original: string,
  parts: readonly Part[],
  index: number,
  topic: string | null,
  traditional: boolean,
  push: Push,
): void {
  const cause = parts[index - 1];
  const effect = parts[index];
  if (cause === undefined || effect === undefined) return;
  const found = /^(?<own>[^，因由]{2,12})?(?:因为|由于|因(?!此|而|特网))(?<cause>[^，]{3,40})$/u.exec(
    text.slice(cause.from, cause.end),
  );
  if (
    found === null ||
    /(?:下|时|后|中|前|上|起见|为由)$|而(?:得名|[^，]{1,4})$/u.test(text.slice(cause.from, cause.end))
  )
    return;
  const statement = statementOf(text, original, parts, index, topic);
  if (statement === null) return;
  if (effect.subject === null && /^[把将被]/u.test(text.slice(effect.predicate))) return;
  const own = found.groups?.own;
  const subject =
    own !== undefined && statement.lead === '' && effect.subject === null
      ? original.slice(cause.from, cause.from + own.length)
      : statement.lead === ''
        ? statement.subject
        : statement.lead;
  const answerStart = cause.end - (found.groups?.cause ?? '').length;
  const predicate = original.slice(effect.predicate, effect.end).replace(/^(?:所以|因此|故|便|就|遂|而|才)/u, '');
  if (pointing.test(simplified(subject).text) || predicate.length < 3) return;
  push(`${subject}${inScript('为什么', traditional)}${predicate}`, 'reason', 0.86 - statement.cost, {
    start: answerStart,
    end: cause.end,
  });
}

function insideQuote(text: string, position: number): boolean {
  const before = text.slice(0, position);
  return (before.match(/[《“「]/gu) ?? []).length > (before.match(/[》”」]/gu) ?? []).length;
}
