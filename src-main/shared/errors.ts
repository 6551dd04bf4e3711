/** Closed set of failures that cross a process border; each has a message in every interface language. */
export const errorCodes = [
  'invalid-input',
  'not-found',
  'no-project',
  'read-only',
  'project-damaged',
  'project-newer',
  'project-foreign',
  'project-locked',
  'file-unreadable',
  'format-unknown',
  'disk-full',
  'write-failed',
  'leakage',
  'package-refused',
  'model-refused',
  'inference-died',
  'cancelled',
  'unknown-method',
  'internal',
] as const;
export type ErrorCode = (typeof errorCodes)[number];

/** An expected failure: `message` says what happened, what was kept and what to do. */
export class AsklabError extends Error {
  readonly code: ErrorCode;
  readonly details: Record<string, string | number | boolean | null>;

  constructor(code: ErrorCode, message: string, details: Record<string, string | number | boolean | null> = {}) {
    super(message);
    this.name = 'AsklabError';
    this.code = code;
    this.details = details;
  }
}
