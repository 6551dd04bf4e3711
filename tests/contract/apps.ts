import { join } from 'node:path';
import { createEngine, type Engine } from '../../src-main/engine/engine.ts';
import type { Client } from '../../src-main/shared/contract/define.ts';
import { contract, type Contract } from '../../src-main/shared/contract/index.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';

/** One person's app: the contract's services, and the names of the events that were sent. */
export interface App {
  engine: Engine;
  call: Client<Contract>;
  events: string[];
}

/** Engines with an app folder each, as on several machines. */
export class Apps {
  private readonly folder: string;
  private readonly engines: Engine[] = [];

  constructor(folder: string) {
    this.folder = folder;
  }

  start(name: string, inference?: () => Promise<unknown>): App {
    const events: string[] = [];
    const engine = createEngine({
      userData: join(this.folder, name),
      resources: 'resources',
      emit: (event) => events.push(event),
      ...(inference ? { inference } : {}),
    });
    this.engines.push(engine);
    const call = new Proxy({} as Client<Contract>, {
      get: (_, service: string) =>
        new Proxy(
          {},
          {
            get: (__, method: string) => (input: unknown) =>
              dispatch(contract, engine.handlers, service, method, input, new AbortController().signal),
          },
        ),
    });
    return { engine, call, events };
  }

  async close(): Promise<void> {
    for (const engine of this.engines) await engine.close();
  }
}
