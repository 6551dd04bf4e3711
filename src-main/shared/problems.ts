import english from '../../resources/locales/en.problems.json' with { type: 'json' };
import type { Problem } from './contract/types.ts';

export type ProblemKey = keyof typeof english;

/** Why a row or a passage is left out: in English for the command line and reports, by key for a window in any language. */
export function why(key: ProblemKey, values: Problem['values'] = {}): Pick<Problem, 'reason' | 'key' | 'values'> {
  const reason = english[key].replace(/\{(\w+)(?:, number)?\}/gu, (_, name: string) => String(values[name] ?? ''));
  return { reason, key, values };
}
