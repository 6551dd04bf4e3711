import { IntlMessageFormat } from 'intl-messageformat';
import type { Failure, Language } from '../../src-main/shared/contract/types.ts';
import en from '../../resources/locales/en.json';
import enCampaigns from '../../resources/locales/en.campaigns.json';
import enErrors from '../../resources/locales/en.errors.json';
import enEvaluation from '../../resources/locales/en.evaluation.json';
import enProblems from '../../resources/locales/en.problems.json';
import enRounds from '../../resources/locales/en.rounds.json';
import enScreens from '../../resources/locales/en.screens.json';
import fr from '../../resources/locales/fr.json';
import frCampaigns from '../../resources/locales/fr.campaigns.json';
import frErrors from '../../resources/locales/fr.errors.json';
import frEvaluation from '../../resources/locales/fr.evaluation.json';
import frProblems from '../../resources/locales/fr.problems.json';
import frRounds from '../../resources/locales/fr.rounds.json';
import frScreens from '../../resources/locales/fr.screens.json';
import hi from '../../resources/locales/hi.json';
import hiCampaigns from '../../resources/locales/hi.campaigns.json';
import hiErrors from '../../resources/locales/hi.errors.json';
import hiEvaluation from '../../resources/locales/hi.evaluation.json';
import hiProblems from '../../resources/locales/hi.problems.json';
import hiRounds from '../../resources/locales/hi.rounds.json';
import hiScreens from '../../resources/locales/hi.screens.json';
import ko from '../../resources/locales/ko.json';
import koCampaigns from '../../resources/locales/ko.campaigns.json';
import koErrors from '../../resources/locales/ko.errors.json';
import koEvaluation from '../../resources/locales/ko.evaluation.json';
import koProblems from '../../resources/locales/ko.problems.json';
import koRounds from '../../resources/locales/ko.rounds.json';
import koScreens from '../../resources/locales/ko.screens.json';
import zh from '../../resources/locales/zh.json';
import zhCampaigns from '../../resources/locales/zh.campaigns.json';
import zhErrors from '../../resources/locales/zh.errors.json';
import zhEvaluation from '../../resources/locales/zh.evaluation.json';
import zhProblems from '../../resources/locales/zh.problems.json';
import zhRounds from '../../resources/locales/zh.rounds.json';
import zhScreens from '../../resources/locales/zh.screens.json';

export type Locale = Language;
export type Key =
  | keyof typeof en
  | keyof typeof enCampaigns
  | keyof typeof enErrors
  | keyof typeof enEvaluation
  | keyof typeof enProblems
  | keyof typeof enRounds
  | keyof typeof enScreens;
export type Values = Record<string, string | number | boolean | Date | null | undefined>;

const messages: Record<Locale, Record<string, string>> = {
  en: { ...en, ...enCampaigns, ...enErrors, ...enEvaluation, ...enProblems, ...enRounds, ...enScreens },
  zh: { ...zh, ...zhCampaigns, ...zhErrors, ...zhEvaluation, ...zhProblems, ...zhRounds, ...zhScreens },
  ko: { ...ko, ...koCampaigns, ...koErrors, ...koEvaluation, ...koProblems, ...koRounds, ...koScreens },
  fr: { ...fr, ...frCampaigns, ...frErrors, ...frEvaluation, ...frProblems, ...frRounds, ...frScreens },
  hi: { ...hi, ...hiCampaigns, ...hiErrors, ...hiEvaluation, ...hiProblems, ...hiRounds, ...hiScreens },
};

/** Digits stay Latin in every language: keys, scores and offsets are read across languages. */
export const tags: Record<Locale, string> = {
  en: 'en-GB',
  zh: 'zh-CN',
  ko: 'ko-KR',
  fr: 'fr-FR',
  hi: 'hi-IN-u-nu-latn',
};
const compiled: Record<string, IntlMessageFormat> = {};

export function isKey(key: string): key is Key {
  return key in messages.en;
}

/** The text of a key in a language. */
export function message(language: Locale, key: Key, values?: Values): string {
  const source = messages[language][key] ?? messages.en[key] ?? key;
  if (!source.includes('{')) return source;
  const id = `${language} ${key}`;
  const format = (compiled[id] ??= new IntlMessageFormat(source, tags[language], undefined, { ignoreTag: true }));
  return String(format.format(values));
}

/** What a person is told about a failure: the sentence of its reason, else of its code, else its own. */
export function failureMessage(language: Locale, { code, message: own, details }: Failure): string {
  const key = [`error.${code}.${String(details['reason'])}`, `error.${code}`].find(isKey);
  return key === undefined ? own : message(language, key, { message: own, ...details });
}
