export {
  errorText,
  failureText,
  fileSize,
  formatDate,
  formatDifference,
  formatDuration,
  formatNumber,
  formatTime,
  isToday,
  labelled,
  languageList,
  languageName,
  listed,
  locales,
  problemText,
  t,
} from './i18n.svelte.ts';
export type { Key } from './messages.ts';
