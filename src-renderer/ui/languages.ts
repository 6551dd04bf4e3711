import { language, type Language } from '../../src-main/shared/contract/types.ts';

export const languages: readonly Language[] = language.options;

/** A language put into a list or taken out, the list in the usual order. */
export function toggled(list: readonly Language[], changed: Language): Language[] {
  return languages.filter((one) => (one === changed ? !list.includes(one) : list.includes(one)));
}
