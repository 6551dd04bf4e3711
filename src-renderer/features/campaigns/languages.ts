import type { Language } from '../../../src-main/shared/contract/types.ts';

export const languages: readonly Language[] = ['en', 'zh', 'ko', 'fr', 'hi'];

/** A language put into a list or taken out, the list in the usual order. */
export function toggled(list: readonly Language[], language: Language): Language[] {
  return languages.filter((one) => (one === language ? !list.includes(one) : list.includes(one)));
}
