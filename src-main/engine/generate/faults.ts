/** What is wrong with a proposed question, as far as a rule can see: what proposals are ranked by before their score. */
import { baseOfPast } from '../../shared/rules/english/verbs.ts';
import { normalForm } from '../../shared/text/fingerprint.ts';
import type { Language } from '../../shared/text/language.ts';
import { questionSignals } from '../../shared/text/signals.ts';
import { hasBrokenForm, isVague } from './form/broken.ts';
import { asksForOther, asksWhatItIsNot } from './form/gap.ts';
import { strayShare } from './form/stray.ts';
import { questionVocabulary } from './questionVocabulary.ts';

/** Grave: no question that a person could use. Slight: worse than another one without it. */
export type Fault =
  | 'noQuestionForm'
  | 'unfinished'
  | 'containsAnswer'
  | 'wrongLanguage'
  | 'oddBeginning'
  | 'brokenForm'
  | 'asksForOther'
  | 'namesNoGap'
  | 'vague'
  | 'repeated'
  | 'strays'
  | 'copied'
  | 'unknownWords';

const grave: ReadonlySet<Fault> = new Set([
  'noQuestionForm',
  'unfinished',
  'containsAnswer',
  'wrongLanguage',
  'oddBeginning',
  'brokenForm',
  'asksForOther',
]);

export interface AskedPassage {
  readonly text: string;
  readonly language: Language;
}

/** What a Korean question asks for: an ending alone asks whether, not who or when. */
const koreanGap = /누가|누구|누굴|무엇|무슨|뭐|무얼|뭘|언제|어디|어느|어떤|어떻|어째서|왜|몇|얼마|(?:은|는)\s*\?$/u;

/** Over this share of copied tokens a question is most likely a statement with a question mark; a Hindi one keeps its sentence's order. */
const mostlyCopied = 0.85;
/** Answers shorter than this stand in other words by chance ("he" in "the"). */
const shortAnswer = 3;
/** Above this share of stray words a question says something else than its sentence. */
const mostStray = 0.2;

/** `answer` is the marked text the question was asked for, `sentence` the one it was written from, where it must keep to it. */
export function questionFaults(
  question: string,
  passage: AskedPassage,
  answer: string | null,
  sentence: string | null = null,
): Fault[] {
  const { language } = passage;
  const signals = questionSignals({ question, passage: passage.text, language });
  const faults: Fault[] = [];
  if (!signals.hasQuestionWord) faults.push('noQuestionForm');
  if (signals.unfinished || !signals.endsAsQuestion) faults.push('unfinished');
  if (answer !== null && containsAnswer(question, answer, language)) faults.push('containsAnswer');
  if (signals.scriptMismatch || signals.languageMismatch) faults.push('wrongLanguage');
  if (/^[\p{Pe}\p{Pf}\p{Po}\p{M}]/u.test(question.trim().replace(/^[¿¡"'“«「『《]/u, ''))) faults.push('oddBeginning');
  if (hasBrokenForm(question, language, passage.text)) faults.push('brokenForm');
  if (answer !== null && asksForOther(question, answer, language)) faults.push('asksForOther');
  if (answer !== null && asksWhatItIsNot(question, answer, passage.text, language)) faults.push('namesNoGap');
  if (isVague(question, language)) faults.push('vague');
  if (answer !== null && language === 'ko' && !koreanGap.test(question)) faults.push('namesNoGap');
  if (sentence !== null && strayShare(question, sentence, language) > mostStray) faults.push('strays');
  if (signals.repeatedNgram) faults.push('repeated');
  if (language !== 'hi' && signals.copiedShare > mostlyCopied) faults.push('copied');
  if (unknownWords(question, passage).length > 0) faults.push('unknownWords');
  return faults;
}

export function isSound(faults: readonly Fault[]): boolean {
  return faults.every((fault) => !grave.has(fault));
}

/** Orders questions: any grave fault outweighs all slight ones. */
export function faultWeight(faults: readonly Fault[]): number {
  return faults.reduce((sum, fault) => sum + (grave.has(fault) ? 10 : 1), 0);
}

function containsAnswer(question: string, answer: string, language: Language): boolean {
  const [asked, wanted] = [normalForm(question), normalForm(answer)];
  if (wanted === '') return false;
  if (language === 'zh' || language === 'ko') return asked.replaceAll(' ', '').includes(wanted.replaceAll(' ', ''));
  return wanted.length < shortAnswer ? ` ${asked} `.includes(` ${wanted} `) : asked.includes(wanted);
}

/**
 * Words that are neither in the passage, nor a form of a word there, nor common in questions: most are put together from
 * pieces. Chinese has no word borders and Korean ends its words anew, so only English, French and Hindi are looked at.
 */
export function unknownWords(question: string, passage: AskedPassage): string[] {
  const { language } = passage;
  const common = questionVocabulary[language];
  if (common === null) return [];
  const known = new Set(
    normalForm(passage.text)
      .split(' ')
      .flatMap((word) => forms(word, language)),
  );
  return normalForm(question)
    .split(' ')
    .filter((word) => word !== '' && !/\p{N}/u.test(word))
    .filter((word) => !common.has(word) && forms(word, language).every((form) => !known.has(form)));
}

const endings: Partial<Record<Language, RegExp>> = {
  en: /(?:ations?|ing|ed|es|s|ly|er|d|e|y|ied|ies)$/u,
  fr: /(?:aient|èrent|ées|és|ée|é|ent|er|ait|ant|es|s|e|t|x)$/u,
  hi: /[\p{M}ँं]+$/u,
};

/** A word, its stem and, of an English past, the base. */
function forms(word: string, language: Language): string[] {
  const ending = endings[language];
  const cut = ending ? word.replace(ending, '') : word;
  const base = language === 'en' ? baseOfPast(word) : null;
  return [word, ...(cut.length >= 3 || language === 'hi' ? [cut] : []), ...(base === null ? [] : [base])];
}
