import english from '../../resources/locales/en.errors.json' with { type: 'json' };
import type { Failure } from './contract/types.ts';
import { AsklabError, type ErrorCode } from './errors.ts';

/** Reasons that the page has a sentence for in each language: `error.<code>.<reason>`. */
export type Told = Extract<keyof typeof english, `error.${ErrorCode}.${string}`>;

/** The failure of a key: in English for the command line, with its reason and values for a window in any language. */
export function told(key: Told, values: Record<string, string | number> = {}): AsklabError {
  const [, code, reason = ''] = key.split('.');
  const message = english[key].replace(/\{(\w+)\}/gu, (_, name: string) => String(values[name] ?? ''));
  return new AsklabError(code as ErrorCode, message, { reason, ...values });
}

/** Why the system refused a file, as it says it in every language: its code where it has one. */
export function systemCode(error: unknown): string {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error instanceof Error ? error.message : String(error);
}

/** What is known of a failure, its lists as one text. */
export function failureOf(error: unknown): Failure {
  const message = error instanceof Error ? error.message : String(error);
  const { code, details } = error as { code?: unknown; details?: unknown };
  if (typeof code !== 'string' || typeof details !== 'object' || details === null)
    return { code: 'internal', message, details: {} };
  const plain = Object.entries(details as Record<string, Failure['details'][string] | string[]>).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value] as const,
  );
  return { code, message, details: Object.fromEntries(plain) };
}
