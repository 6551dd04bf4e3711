export {
  errorText,
  fileSize,
  formatDate,
  formatDuration,
  formatNumber,
  formatTime,
  isToday,
  languageName,
  locales,
  t,
} from './i18n.svelte.ts';
export type { Key } from './i18n.svelte.ts';
