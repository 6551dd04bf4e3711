import type { ErrorCode } from '../errors.ts';

/** Everything that may cross the port, a closed set. */
export type Frame =
  | { type: 'call'; id: number; service: string; method: string; input: unknown }
  | { type: 'cancel'; id: number }
  | { type: 'ok'; id: number; value: unknown }
  | { type: 'error'; id: number; error: WireError }
  | { type: 'event'; name: string; payload: unknown };

export interface WireError {
  code: ErrorCode;
  message: string;
  details: Record<string, string | number | boolean | null>;
}

/** The part of a MessagePort (browser, Node or Electron) that the protocol needs. */
export interface Port {
  postMessage(frame: Frame): void;
  onMessage(listener: (frame: unknown) => void): void;
}
