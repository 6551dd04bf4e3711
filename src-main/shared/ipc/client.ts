import type { Client, Services } from '../contract/define.ts';
import { AsklabError } from '../errors.ts';
import type { Frame, Port } from './frames.ts';

/** The page's end of the port: `client.call.review.decide(input, { signal })`, `client.on('jobs', listener)`. */
export interface Connection<S extends Services> {
  call: Client<S>;
  on(name: string, listener: (payload: unknown) => void): () => void;
}

export function connect<S extends Services>(port: Port): Connection<S> {
  let lastId = 0;
  const pending = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  const listeners = new Map<string, Set<(payload: unknown) => void>>();

  port.onMessage((message) => {
    const frame = message as Frame;
    if (frame.type === 'event') listeners.get(frame.name)?.forEach((listener) => listener(frame.payload));
    if (frame.type !== 'ok' && frame.type !== 'error') return;
    const call = pending.get(frame.id);
    pending.delete(frame.id);
    if (frame.type === 'ok') call?.resolve(frame.value);
    else call?.reject(new AsklabError(frame.error.code, frame.error.message, frame.error.details));
  });

  function send(service: string, method: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    const id = ++lastId;
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(new AsklabError('cancelled', 'Cancelled.'));
      pending.set(id, { resolve, reject });
      signal?.addEventListener('abort', () => port.postMessage({ type: 'cancel', id }), { once: true });
      port.postMessage({ type: 'call', id, service, method, input });
    });
  }

  const call = new Proxy({} as Client<S>, {
    get: (_, service: string) =>
      new Proxy(
        {},
        {
          get: (__, method: string) => (input: unknown, options?: { signal?: AbortSignal }) =>
            send(service, method, input, options?.signal),
        },
      ),
  });
  return {
    call,
    on(name, listener) {
      const set = listeners.get(name) ?? new Set();
      listeners.set(name, set.add(listener));
      return () => set.delete(listener);
    },
  };
}
