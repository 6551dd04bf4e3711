/** Entry of the engine process. Main sends ports: one to a page, one to the inference process each time it starts. */
import { contract } from '../shared/contract/index.ts';
import type { Frame, Port } from '../shared/ipc/frames.ts';
import { serve, type Server } from '../shared/ipc/server.ts';
import { createEngine } from './engine.ts';

interface ProcessPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown; ports: ProcessPort[] }) => void): void;
  start(): void;
}

const { parentPort } = process as unknown as { parentPort: ProcessPort };
const [userData = '', resources = ''] = process.argv.slice(2);
const pages: Server[] = [];
let waiting: ((port: ProcessPort) => void)[] = [];

const engine = createEngine({
  userData,
  resources,
  emit: (name, payload) => pages.forEach((page) => page.emit(name, payload)),
  inference: () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      parentPort.postMessage({ kind: 'need-inference' });
    }),
});

parentPort.on('message', ({ data, ports }) => {
  const kind = (data as { kind?: string }).kind;
  const port = ports[0];
  if (kind === 'page' && port)
    pages.push(serve(toPort(port), contract, engine.handlers, (error) => console.error(error)));
  if (kind === 'inference' && port) {
    port.start();
    const [next, ...rest] = waiting;
    waiting = rest;
    next?.(port);
  }
  if (kind === 'stop') void engine.close().finally(() => process.exit(0));
});

function toPort(port: ProcessPort): Port {
  port.start();
  return {
    postMessage: (frame: Frame) => port.postMessage(frame),
    onMessage: (listener) => port.on('message', ({ data }) => listener(data)),
  };
}
