import { stopEndsAfter } from './abbreviations.ts';
import type { Language } from './language.ts';
import type { Span } from './span.ts';

export type { Span } from './span.ts';

const closers = '"\'”’»』」】》〉）)]］｣';
const brackets: Record<string, string> = { '(': ')', '（': '）', '[': ']', '［': '］', '【': '】' };
const longestBracket = 240;
/** What may end a sentence, or open a bracket in which nothing does. */
const turningPoints = /[\n(（[［【。！？｡।॥|.!?…‥]/gu;

/**
 * Splits a text into sentences. The rule:
 * a blank line always ends one; `。！？｡` and the dandas `।` `॥` end one; `.` `!` `?` and `…` end one before white space
 * or the end of the text, unless a lower-case letter, a comma or a similar mark goes on, or the stop belongs to an
 * abbreviation, an initial, a number or a list number. In Chinese, Korean and Hindi a stop between two letters of the
 * script also ends one, since texts leave the space out (in Chinese only if the text has no full-width stop); so does, in
 * English and French, a mark between a lower-case word and a capitalised one. Closing quotes and brackets (in French with the space before »)
 * stay with the sentence they close, and so do marks that stand alone on the line; marks inside a bracket do not count. A semicolon, full-width or not, never ends one.
 * Spans are trimmed, in order, never overlap, and leave only white space uncovered.
 */
export function splitSentences(text: string, language: Language): Span[] {
  const spans: Span[] = [];
  let start = 0;
  let position = 0;
  const cut = (end: number): void => {
    pushTrimmed(spans, text, start, end);
    start = end;
    position = end;
  };
  for (;;) {
    turningPoints.lastIndex = position;
    const found = turningPoints.exec(text);
    if (!found) break;
    position = found.index;
    const character = found[0];
    if (character === '\n') {
      const blank = /^\n[^\S\n]*\n\s*/u.exec(text.slice(position, position + 200));
      if (blank) {
        cut(position + blank[0].length);
        continue;
      }
    }
    const closing = brackets[character];
    if (closing !== undefined) {
      position = afterBracket(text, position, closing);
      continue;
    }
    const end = sentenceEnd(text, position, start, language);
    if (end > position) cut(end);
    else position = -end;
  }
  pushTrimmed(spans, text, start, text.length);
  return spans;
}

function pushTrimmed(spans: Span[], text: string, start: number, end: number): void {
  let from = start;
  let to = end;
  while (from < to && /\s/u.test(text.charAt(from))) from += 1;
  while (to > from && /\s/u.test(text.charAt(to - 1))) to -= 1;
  if (to <= from) return;
  const last = spans.at(-1);
  const alone = !/[\p{L}\p{N}]/u.test(text.slice(from, to));
  const beside = last !== undefined && !text.slice(last.end, from).includes('\n');
  // Marks without a letter belong to the sentence beside them, be it before or after.
  if (beside && (alone || !/[\p{L}\p{N}]/u.test(text.slice(last.start, last.end)))) last.end = to;
  else spans.push({ start: from, end: to });
}

function afterBracket(text: string, position: number, closing: string): number {
  const end = text.indexOf(closing, position + 1);
  if (end < 0 || end - position > longestBracket) return position + 1;
  return text.slice(position, end).includes('\n\n') ? position + 1 : end + 1;
}

/** The end of the sentence whose mark stands at `position`; otherwise the negated place to go on from. */
function sentenceEnd(text: string, position: number, start: number, language: Language): number {
  const character = text.charAt(position);
  const strong = '。！？｡।॥'.includes(character) || (language === 'hi' && character === '|');
  const weak = '.!?…‥'.includes(character);
  if (!strong && !weak) return -(position + 1);
  let after = position + 1;
  while (after < text.length && '。！？｡।॥.!?…‥'.includes(text.charAt(after))) after += 1;
  const marks = text.slice(position, after);
  after = skipClosers(text, after, language);
  const rest = text.slice(after, after + 80);
  const next = rest.trimStart();
  const spaced = next === '' || rest !== next;
  if (/^[,，、;；:：]/u.test(next)) return -after;
  const isStop = marks === '.';
  if (strong) return /^[\p{Ll}]/u.test(next) && spaced ? -after : after;
  if (!spaced) return endsUnspaced(text, position, next, language) ? after : -(position + marks.length);
  if (next === '') return after;
  if (/^\p{Ll}/u.test(next.replace(/^["'“‘«(\s]+/u, ''))) return -after;
  if (/^(?:…|\.{3}|……)/u.test(marks) && language === 'zh') return -after;
  if (!isStop) return after;
  const before = text.slice(Math.max(start, position - 24), position);
  const word = /([\p{L}\p{M}\p{N}.-]*)\s?$/u.exec(before)?.[1] ?? '';
  if (language === 'hi' && /^[\d०-९]+\s$/u.test(before.slice(-(word.length + 1)))) return -after;
  const listNumber = /^\d{1,3}$/u.test(word) && text.slice(start, position).trim() === word;
  if (listNumber) return -after;
  const nextWord = /^["'“‘«(\s]*([\p{L}\p{M}]*)/u.exec(next)?.[1] ?? '';
  if (word !== '' && after === position + 1 && !stopEndsAfter(word, nextWord, language)) return -after;
  return after;
}

function skipClosers(text: string, from: number, language: Language): number {
  let after = from;
  for (;;) {
    const rest = text.slice(after, after + 12);
    const reference = /^\[(?:\d{1,3}|\p{Ll}{1,2}|(?:note|nb)\s?\d{1,2})\]/u.exec(rest);
    const spacedClose = language === 'fr' ? /^[ \u00a0\u202f]?»/u.exec(rest) : null;
    if (reference) after += reference[0].length;
    else if (spacedClose) after += spacedClose[0].length;
    else if (rest !== '' && closers.includes(rest.charAt(0))) after += 1;
    else return after;
  }
}

/** Whether a mark with no space after it still ends a sentence: only between letters of an unspaced or loose script. */
function endsUnspaced(text: string, position: number, next: string, language: Language): boolean {
  const before = text.charAt(position - 1);
  const mark = text.charAt(position);
  if (mark === '…' || mark === '‥') return false;
  if (language === 'zh')
    return mark === '.' ? han(before) && han(next) && !text.includes('。') : han(before) || han(next);
  if (language === 'ko')
    return /\p{Script=Hangul}/u.test(before) && /^(?:["'“‘]?\p{Script=Hangul}|[A-Z]\s?:)/u.test(next);
  // "let him go?The room": a lower-case word before, a capitalised word after.
  if (language === 'en' || language === 'fr')
    return (
      (mark === '.' ? /\p{Ll}{3}$/u : /\p{Ll}{2}$/u).test(text.slice(Math.max(0, position - 3), position)) &&
      /^["“‘«]?\p{Lu}\p{Ll}/u.test(next)
    );
  if (language === 'hi')
    return (
      /[\p{Script=Devanagari}]/u.test(before) && /^\p{Script=Devanagari}{2,}/u.test(next) && !shortWord(text, position)
    );
  return false;
}

function shortWord(text: string, position: number): boolean {
  const word = /[\p{L}\p{M}.]*$/u.exec(text.slice(Math.max(0, position - 24), position))?.[0] ?? '';
  return word.length < 4 || word.includes('.');
}

function han(text: string): boolean {
  return /^["'“‘]?\p{Script=Han}/u.test(text);
}
