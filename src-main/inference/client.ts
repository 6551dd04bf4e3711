/** Talks to the inference process over any message port; used by the engine and the command line. */
import {
  replyFrame,
  type GenerationResult,
  type InferenceInput,
  type InferenceMethod,
  type InferenceOutput,
  type RequestFrame,
} from '../shared/inference.ts';
import { cancelledError, InferenceError, type ErrorDetails, type InferenceErrorCode } from './errors.ts';

export { InferenceError };

/** Electron's MessagePortMain and utilityProcess, a Node child's port and a test's pair all fit. */
export interface ClientPort {
  postMessage(message: RequestFrame): void;
  /** MessagePortMain holds its messages until this is called. */
  start?(): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
  on(event: 'close' | 'exit', listener: (...details: unknown[]) => void): unknown;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly onItem?: (item: GenerationResult) => void;
  readonly onProgress?: (done: number, total: number) => void;
}

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: InferenceError) => void;
  readonly options: CallOptions;
  readonly dispose: () => void;
}

export class InferenceClient {
  private readonly port: ClientPort;
  private readonly pending = new Map<number, Pending>();
  private nextId = 1;
  private dead: InferenceError | null = null;

  constructor(port: ClientPort) {
    this.port = port;
    port.on('message', (message) => this.receive(message));
    const died = (...details: unknown[]): void => this.fail(typeof details[0] === 'number' ? details[0] : null);
    port.on('close', died);
    port.on('exit', died);
    port.start?.();
  }

  /** Rejects with an InferenceError; 'inference-died' when the process ended, 'cancelled' after the signal's abort. */
  call<M extends InferenceMethod>(
    method: M,
    params: InferenceInput<M>,
    options: CallOptions = {},
  ): Promise<InferenceOutput<M>> {
    if (this.dead) return Promise.reject(this.dead);
    if (options.signal?.aborted) return Promise.reject(cancelledError());
    const id = this.nextId++;
    return new Promise<InferenceOutput<M>>((resolve, reject) => {
      const abort = (): void => this.port.postMessage({ kind: 'cancel', id });
      options.signal?.addEventListener('abort', abort, { once: true });
      // The process answers `method` with that method's output (shared/inference.ts).
      const settle = resolve as (value: unknown) => void;
      this.pending.set(id, {
        resolve: settle,
        reject,
        options,
        dispose: () => options.signal?.removeEventListener('abort', abort),
      });
      this.port.postMessage({ kind: 'call', id, method, params });
    });
  }

  private receive(message: unknown): void {
    const data = typeof message === 'object' && message !== null && 'data' in message ? message.data : message;
    const frame = replyFrame.safeParse(data);
    if (!frame.success || frame.data.kind === 'ready') return;
    const reply = frame.data;
    const pending = this.pending.get(reply.id);
    if (!pending) return;
    if (reply.kind === 'item') pending.options.onItem?.(reply.item);
    else if (reply.kind === 'progress') pending.options.onProgress?.(reply.done, reply.total);
    else {
      this.pending.delete(reply.id);
      pending.dispose();
      if (reply.kind === 'ok') pending.resolve(reply.value);
      else
        pending.reject(
          new InferenceError(
            reply.error.code as InferenceErrorCode,
            reply.error.message,
            reply.error.details as ErrorDetails,
          ),
        );
    }
  }

  private fail(exitCode: number | null): void {
    if (this.dead) return;
    this.dead = new InferenceError(
      'inference-died',
      'The inference process ended unexpectedly. Finished questions are kept; start the generation again.',
      { exitCode },
    );
    for (const pending of this.pending.values()) {
      pending.dispose();
      pending.reject(this.dead);
    }
    this.pending.clear();
  }
}
