import { IntlMessageFormat } from 'intl-messageformat';
import type { Language, Problem } from '../../src-main/shared/contract/types.ts';
import en from '../../resources/locales/en.json';
import enCampaigns from '../../resources/locales/en.campaigns.json';
import enEvaluation from '../../resources/locales/en.evaluation.json';
import enProblems from '../../resources/locales/en.problems.json';
import enRounds from '../../resources/locales/en.rounds.json';
import enScreens from '../../resources/locales/en.screens.json';
import fr from '../../resources/locales/fr.json';
import frCampaigns from '../../resources/locales/fr.campaigns.json';
import frEvaluation from '../../resources/locales/fr.evaluation.json';
import frProblems from '../../resources/locales/fr.problems.json';
import frRounds from '../../resources/locales/fr.rounds.json';
import frScreens from '../../resources/locales/fr.screens.json';
import hi from '../../resources/locales/hi.json';
import hiCampaigns from '../../resources/locales/hi.campaigns.json';
import hiEvaluation from '../../resources/locales/hi.evaluation.json';
import hiProblems from '../../resources/locales/hi.problems.json';
import hiRounds from '../../resources/locales/hi.rounds.json';
import hiScreens from '../../resources/locales/hi.screens.json';
import ko from '../../resources/locales/ko.json';
import koCampaigns from '../../resources/locales/ko.campaigns.json';
import koEvaluation from '../../resources/locales/ko.evaluation.json';
import koProblems from '../../resources/locales/ko.problems.json';
import koRounds from '../../resources/locales/ko.rounds.json';
import koScreens from '../../resources/locales/ko.screens.json';
import zh from '../../resources/locales/zh.json';
import zhCampaigns from '../../resources/locales/zh.campaigns.json';
import zhEvaluation from '../../resources/locales/zh.evaluation.json';
import zhProblems from '../../resources/locales/zh.problems.json';
import zhRounds from '../../resources/locales/zh.rounds.json';
import zhScreens from '../../resources/locales/zh.screens.json';

export type Locale = Language;
export type Key =
  | keyof typeof en
  | keyof typeof enCampaigns
  | keyof typeof enEvaluation
  | keyof typeof enProblems
  | keyof typeof enRounds
  | keyof typeof enScreens;
export type Values = Record<string, string | number | boolean | Date | null | undefined>;

export const locales: { value: Locale; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '中文' },
  { value: 'ko', label: '한국어' },
  { value: 'fr', label: 'Français' },
  { value: 'hi', label: 'हिन्दी' },
];

const messages: Record<Locale, Record<string, string>> = {
  en: { ...en, ...enCampaigns, ...enEvaluation, ...enProblems, ...enRounds, ...enScreens },
  zh: { ...zh, ...zhCampaigns, ...zhEvaluation, ...zhProblems, ...zhRounds, ...zhScreens },
  ko: { ...ko, ...koCampaigns, ...koEvaluation, ...koProblems, ...koRounds, ...koScreens },
  fr: { ...fr, ...frCampaigns, ...frEvaluation, ...frProblems, ...frRounds, ...frScreens },
  hi: { ...hi, ...hiCampaigns, ...hiEvaluation, ...hiProblems, ...hiRounds, ...hiScreens },
};

/** Digits stay Latin in every language: keys, scores and offsets are read across languages. */
const tags: Record<Locale, string> = { en: 'en-GB', zh: 'zh-CN', ko: 'ko-KR', fr: 'fr-FR', hi: 'hi-IN-u-nu-latn' };

let locale = $state<Locale>('en');
const compiled: Record<string, IntlMessageFormat> = {};

export function setLocale(next: Locale): void {
  locale = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

/** The text of a key in the interface language; reading it in a template follows a language switch. */
export function t(key: Key, values?: Values): string {
  return message(locale, key, values);
}

export function message(language: Locale, key: Key, values?: Values): string {
  const source = messages[language][key] ?? messages.en[key] ?? key;
  if (!source.includes('{')) return source;
  const id = `${language} ${key}`;
  const format = (compiled[id] ??= new IntlMessageFormat(source, tags[language], undefined, { ignoreTag: true }));
  return String(format.format(values));
}

const numberFormats = new Map<string, Intl.NumberFormat>();
/** Formats are kept: making one costs more than a row of the page. */
function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  const known = numberFormats.get(key) ?? new Intl.NumberFormat(tags[locale], options);
  numberFormats.set(key, known);
  return known;
}

export function formatNumber(value: number, digits = 0): string {
  // 'negative': what rounds to nothing has no sign.
  return decimal(value, digits, 'negative');
}

/** A difference: with its sign, unless it rounds to nothing. */
export function formatDifference(value: number, digits: number): string {
  return decimal(value, digits, 'exceptZero');
}

function decimal(value: number, digits: number, signDisplay: 'negative' | 'exceptZero'): string {
  const options = { maximumFractionDigits: digits, minimumFractionDigits: digits, signDisplay };
  return numberFormat(options).format(value).replace('-', '−');
}

export function fileSize(bytes: number): string {
  return bytes < 1e6
    ? t('file.kilobytes', { size: formatNumber(bytes / 1e3, 1) })
    : t('file.megabytes', { size: formatNumber(bytes / 1e6, 1) });
}

export function formatDate(at: number): string {
  return new Intl.DateTimeFormat(tags[locale], { day: 'numeric', month: 'short' }).format(at);
}

export function formatTime(at: number): string {
  return new Intl.DateTimeFormat(tags[locale], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(at);
}

export function isToday(at: number): boolean {
  return new Date(at).toDateString() === new Date().toDateString();
}

export function formatDuration(seconds: number): string {
  if (seconds < 60) return unit(Math.max(1, Math.round(seconds)), 'second');
  if (seconds < 5400) return unit(Math.round(seconds / 60), 'minute');
  return unit(Math.round(seconds / 3600), 'hour');
}

function unit(value: number, name: 'second' | 'minute' | 'hour'): string {
  return numberFormat({ style: 'unit', unit: name, unitDisplay: 'short' }).format(value);
}

export function languageName(language: Language): string {
  return new Intl.DisplayNames(tags[locale], { type: 'language' }).of(language) ?? language;
}

/** "English, Chinese and Hindi", as the interface language joins them. */
export function languageList(languages: readonly Language[]): string {
  return new Intl.ListFormat(tags[locale], { type: 'conjunction' }).format(languages.map(languageName));
}

/** Short parts after each other, with the comma of the interface language. */
export function listed(parts: readonly string[]): string {
  return parts.join(t('ui.comma'));
}

/** "Paused: 3", with the colon of the interface language. */
export function labelled(label: string, text: string): string {
  return t('ui.labelled', { label, text });
}

/** Why a row or passage is left out; in English where it was told before reasons had keys. */
export function problemText({ key, values, reason }: Problem): string {
  if (key === undefined || !(key in messages.en)) return reason;
  const { language } = values ?? {};
  return t(key as Key, {
    ...values,
    ...(typeof language === 'string' && { language: languageName(language as Language) }),
  });
}

/** What a person is told about a failure. */
export function errorText(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const reason = 'details' in error ? (error.details as { reason?: unknown }).reason : undefined;
    const exact = `error.${error.code}.${String(reason)}`;
    if (exact in messages.en) return t(exact as Key);
    const key = `error.${error.code}`;
    if (key in messages.en) return t(key as Key, { message: error.message });
  }
  return error instanceof Error ? error.message : String(error);
}
