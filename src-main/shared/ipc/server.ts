import { z } from 'zod';
import type { Handlers, Services } from '../contract/define.ts';
import { AsklabError } from '../errors.ts';
import type { Port, WireError } from './frames.ts';

const incoming = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id: z.number().int(),
    service: z.string(),
    method: z.string(),
    input: z.unknown(),
  }),
  z.object({ type: z.literal('cancel'), id: z.number().int() }),
]);

export interface Server {
  /** Sends an event to the other side. */
  emit(name: string, payload: unknown): void;
}

/** Answers calls on `port`; a frame or input that does not parse is refused with `invalid-input` and its reason. */
export function serve<S extends Services>(
  port: Port,
  services: S,
  handlers: Handlers<S>,
  onInternalError: (error: unknown) => void = () => undefined,
): Server {
  const running = new Map<number, AbortController>();

  async function answer(frame: Extract<z.infer<typeof incoming>, { type: 'call' }>): Promise<void> {
    const controller = new AbortController();
    running.set(frame.id, controller);
    try {
      const value = await dispatch(services, handlers, frame.service, frame.method, frame.input, controller.signal);
      port.postMessage({ type: 'ok', id: frame.id, value: value ?? null });
    } catch (error) {
      if (!(error instanceof AsklabError)) onInternalError(error);
      port.postMessage({ type: 'error', id: frame.id, error: toWireError(error) });
    } finally {
      running.delete(frame.id);
    }
  }

  port.onMessage((message) => {
    const frame = incoming.safeParse(message);
    if (!frame.success) {
      const id = (message as { id?: unknown } | null)?.id;
      if (typeof id !== 'number') return;
      const error: WireError = { code: 'invalid-input', message: z.prettifyError(frame.error), details: {} };
      return port.postMessage({ type: 'error', id, error });
    }
    if (frame.data.type === 'cancel') running.get(frame.data.id)?.abort();
    else void answer(frame.data);
  });
  return { emit: (name, payload) => port.postMessage({ type: 'event', name, payload }) };
}

/** Parses the input by the contract and runs the handler. Also the CLI's way in. */
export async function dispatch<S extends Services>(
  services: S,
  handlers: Handlers<S>,
  service: string,
  method: string,
  input: unknown,
  signal: AbortSignal,
): Promise<unknown> {
  const contract = Object.hasOwn(services, service) ? services[service] : undefined;
  const definition = contract && Object.hasOwn(contract, method) ? contract[method] : undefined;
  if (!definition) throw new AsklabError('unknown-method', `No method ${service}.${method}.`);
  const parsed = definition.input.safeParse(input);
  if (!parsed.success) {
    const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))].join(', ');
    throw new AsklabError('invalid-input', z.prettifyError(parsed.error), { reason: 'values', fields });
  }
  const handler = handlers[service]?.[method];
  if (!handler) throw new AsklabError('unknown-method', `No handler for ${service}.${method}.`);
  return handler(parsed.data as never, { signal });
}

export function toWireError(error: unknown): WireError {
  if (error instanceof AsklabError) return { code: error.code, message: error.message, details: error.details };
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal', message, details: {} };
}
