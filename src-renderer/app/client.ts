import type { Client } from '../../src-main/shared/contract/define.ts';
import type { Contract } from '../../src-main/shared/contract/index.ts';
import { connect, type Connection } from '../../src-main/shared/ipc/client.ts';
import type { Port } from '../../src-main/shared/ipc/frames.ts';

let connection: Connection<Contract> | null = null;

/** The engine's services as the contract describes them. Usable once `useConnection` was called. */
export const engine = new Proxy({} as Client<Contract>, {
  get: (_, service: keyof Contract) => {
    if (connection === null) throw new Error('The page has no port to the engine yet.');
    return connection.call[service];
  },
});

export function onEvent(
  name: 'changed' | 'job' | 'progress' | 'bulk' | 'failed',
  listener: (payload: unknown) => void,
): () => void {
  if (connection === null) throw new Error('The page has no port to the engine yet.');
  return connection.on(name, listener);
}

/** Connects the page to any port: the app's MessagePort, or one in memory for tests. */
export function usePort(port: Port): void {
  connection = connect<Contract>(port);
}

export function fromMessagePort(port: MessagePort): Port {
  return {
    postMessage: (frame) => port.postMessage(frame),
    onMessage: (listener) => {
      port.addEventListener('message', (event) => listener(event.data));
      port.start();
    },
  };
}
