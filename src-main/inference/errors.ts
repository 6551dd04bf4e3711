/** Every way inference can fail that a person can act on. Messages say what to do. */
export type InferenceErrorCode =
  | 'not-a-bundle'
  | 'unknown-version'
  | 'missing-file'
  | 'extra-file'
  | 'wrong-hash'
  | 'wrong-size'
  | 'unsafe-path'
  | 'bad-manifest'
  | 'bad-tensor'
  | 'bad-vocabulary'
  | 'archive-too-large'
  | 'unknown-language'
  | 'no-model'
  | 'device-unavailable'
  | 'invalid-input'
  | 'inference-died'
  | 'cancelled'
  | 'internal';

export type ErrorDetails = Record<string, string | number | boolean | null | string[]>;

/** An error with a closed code; it crosses process borders as {code, message, details}. */
export class InferenceError extends Error {
  readonly code: InferenceErrorCode;
  readonly details: ErrorDetails;

  constructor(code: InferenceErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.name = 'InferenceError';
    this.code = code;
    this.details = details;
  }
}

/** Turns anything thrown into the wire form. */
export function describeError(error: unknown): { code: InferenceErrorCode; message: string; details: ErrorDetails } {
  if (error instanceof InferenceError) return { code: error.code, message: error.message, details: error.details };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, details: {} };
}

/** The error used wherever an AbortSignal stops work. */
export function cancelledError(): InferenceError {
  return new InferenceError('cancelled', 'The generation was cancelled.');
}

/** Throws when `value` is undefined: for indexes that an invariant guarantees. */
export function required<T>(value: T | undefined, what = 'value'): T {
  if (value === undefined) throw new InferenceError('internal', `Missing ${what}.`);
  return value;
}
