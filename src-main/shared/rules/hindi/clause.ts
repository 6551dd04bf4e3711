import { tokensOf, type Token } from '../../spans/patterns.ts';
import { demonstrative, dependent, isFinite, isPerfective, joining, lead, pointing, surelyFinite } from './words.ts';

/** One clause that ends in its verb: its tokens, and what it costs a question to be made from it. */
export type HindiClause = {
  tokens: Token[];
  start: number;
  end: number;
  cost: number;
  /** What follows कि right after the clause: the content of saying or knowing. */
  content: { start: number; end: number } | null;
  /** What follows क्योंकि right after the clause. */
  cause: { start: number; end: number } | null;
};

/** Cuts a sentence into clauses that can stand alone; dependent and pronoun-led ones are left out. */
export function hindiClauses(text: string): HindiClause[] {
  const from = lead.exec(text)?.[0].length ?? 0;
  const tokens = tokensOf(text).filter((token) => token.start >= from);
  const clauses: HindiClause[] = [];
  let first = 0;
  for (let at = 0; at <= tokens.length; at += 1) {
    const token = tokens[at];
    const boundary = token === undefined || /^[,;:—–]$/u.test(token.text) || joining.has(token.text);
    const previous = tokens[at - 1];
    if (!boundary || previous === undefined || at - first < 3) continue;
    const ends =
      token === undefined ? isFinite(previous.text) || isPerfective(previous.text) : surelyFinite.test(previous.text);
    if (!ends) continue;
    const clause = alone(tokens.slice(first, at), first > 0);
    if (clause !== null) clauses.push(withSequel(clause, text, tokens, at));
    first = at;
    while (first < tokens.length && /^[,;:—–]$/u.test(tokens[first]?.text ?? '')) first += 1;
    const word = tokens[first]?.text ?? '';
    if (joining.has(word) && !dependent.has(word)) first += 1;
    at = Math.max(at, first);
  }
  return clauses;
}

function alone(tokens: Token[], later: boolean): HindiClause | null {
  let own = tokens;
  while (own[0] !== undefined && !/[\p{L}\p{N}]/u.test(own[0].text) && !/^[“‘"'(]$/u.test(own[0].text))
    own = own.slice(1);
  const first = own[0];
  const last = own.at(-1);
  if (first === undefined || last === undefined || own.length < 4 || own.length > 30) return null;
  if (dependent.has(first.text) || pointing.has(first.text)) return null;
  const words = own.map((token) => token.text);
  if (
    words.some(
      (word) => dependent.has(word) || (/^(?:कि|परन्तु|परंतु|लेकिन|किन्तु|हूँ|हूं|हुए|[.?!:;/])$/u.test(word) && word !== 'हुए'),
    )
  )
    return null;
  // A finite verb before the end belongs to a clause that no mark cuts off.
  if (words.some((word, at) => /^(?:है|हैं|था|थे|थी|थीं|होगा|होगी)$/u.test(word) && at < words.length - 1)) return null;
  if (last.text === 'की' && !words.includes('ने')) return null;
  if (/^(?:ने|को|में|से|के|का|पर)$/u.test(last.text)) return null;
  const points = words.filter((word) => pointing.has(word)).length;
  const shows = words.filter((word) => demonstrative.has(word)).length;
  const marks = words.filter((word) => /^[,;:()]$/u.test(word)).length;
  return {
    tokens: own,
    start: first.start,
    end: last.end,
    cost: points * 0.25 + shows * 0.1 + (later ? 0.06 : 0) + marks * 0.07 + Math.max(0, own.length - 14) * 0.012,
    content: null,
    cause: null,
  };
}

function withSequel(clause: HindiClause, text: string, tokens: readonly Token[], at: number): HindiClause {
  let next = at;
  while (/^[,;—–]$/u.test(tokens[next]?.text ?? '')) next += 1;
  const token = tokens[next];
  let begin = tokens[next + 1];
  if (begin?.text === ',') begin = tokens[next + 2];
  if (token === undefined || begin === undefined) return clause;
  const range = { start: begin.start, end: text.length };
  if (token.text === 'कि') return { ...clause, content: range };
  return token.text === 'क्योंकि' ? { ...clause, cause: range } : clause;
}
