import type { Failure, Language, Passage, Problem } from '../../src-main/shared/contract/types.ts';
import { failureOf } from '../../src-main/shared/told.ts';
import { failureMessage, isKey, message, tags, type Key, type Locale, type Values } from './messages.ts';

export const locales: { value: Locale; label: string }[] = [
  { value: 'en', label: 'English' },
  { value: 'zh', label: '中文' },
  { value: 'ko', label: '한국어' },
  { value: 'fr', label: 'Français' },
  { value: 'hi', label: 'हिन्दी' },
];

let locale = $state<Locale>('en');

export function setLocale(next: Locale): void {
  locale = next;
  if (typeof document !== 'undefined') document.documentElement.lang = next;
}

/** The text of a key in the interface language; reading it in a template follows a language switch. */
export function t(key: Key, values?: Values): string {
  return message(locale, key, values);
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

export function formatMonth(at: number): string {
  return new Intl.DateTimeFormat(tags[locale], { month: 'short', year: 'numeric' }).format(at);
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

/** A language as a sentence names it: French writes it small there. */
export function languageInSentence(language: Language): string {
  return new Intl.DisplayNames(tags[locale], { type: 'language' }).of(language) ?? language;
}

/** A language that stands for itself, in a row or a menu. */
export function languageName(language: Language): string {
  const name = languageInSentence(language);
  return name.charAt(0).toLocaleUpperCase(tags[locale]) + name.slice(1);
}

/** "English, Chinese and Hindi", as the interface language joins them. */
export function languageList(languages: readonly Language[]): string {
  return new Intl.ListFormat(tags[locale], { type: 'conjunction' }).format(languages.map(languageInSentence));
}

/** How long a passage is: characters of Chinese, words of other languages. */
export function lengthText({ language, words }: Pick<Passage, 'language' | 'words'>): string {
  return t(language === 'zh' ? 'review.characters' : 'review.words', { count: words });
}

/** Short parts after each other, with the comma of the interface language. */
export function listed(parts: readonly string[]): string {
  return parts.join(t('ui.comma'));
}

/** Sentences after each other, with the space of the interface language between them. */
export function sentences(parts: readonly [string, ...string[]]): string {
  return parts.reduce((before, next) => t('ui.sentences', { before, next }));
}

/** "Paused: 3", with the colon of the interface language. */
export function labelled(label: string, text: string): string {
  return t('ui.labelled', { label, text });
}

/** Why a row or passage is left out; in English where it was told before reasons had keys. */
export function problemText({ key, values, reason }: Pick<Problem, 'key' | 'values' | 'reason'>): string {
  if (key === undefined || !isKey(key)) return reason;
  const { language } = values ?? {};
  return t(key, {
    ...values,
    ...(typeof language === 'string' && { language: languageInSentence(language as Language) }),
  });
}

export function failureText(failure: Failure): string {
  return failureMessage(locale, failure);
}

/** What a person is told about a failure. */
export function errorText(error: unknown): string {
  if (error instanceof Error && 'code' in error) return failureText(failureOf(error));
  return error instanceof Error ? error.message : String(error);
}
