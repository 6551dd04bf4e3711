/** Starts the inference process under plain Node (command line, tests). Electron's main uses utilityProcess instead. */
import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ClientPort } from './client.ts';

export interface SpawnedInference {
  readonly port: ClientPort;
  readonly pid: number;
  kill(signal?: NodeJS.Signals): void;
}

export interface SpawnOptions {
  /** The process's file; by default process.ts in the source, process.cjs beside a bundled build. */
  readonly entry?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function defaultEntry(): string {
  for (const name of ['./process.ts', './process.cjs', './process.mjs', './process.js']) {
    const path = fileURLToPath(new URL(name, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error('The inference process file is missing: give its path as `entry`.');
}

export function spawnInference({ entry = defaultEntry(), environment = {} }: SpawnOptions = {}): SpawnedInference {
  const child = fork(entry, [], {
    env: { ...process.env, ...environment },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const port: ClientPort = {
    postMessage: (message) => {
      if (child.connected) child.send(message, () => undefined);
    },
    on: (event: string, listener: (message: unknown) => void) =>
      child.on(event === 'close' ? 'disconnect' : event, listener),
  };
  return { port, pid: child.pid ?? 0, kill: (signal = 'SIGTERM') => void child.kill(signal) };
}
