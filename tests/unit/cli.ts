/** The command line as tests run it. */
import { spawn, spawnSync } from 'node:child_process';
import { constants } from 'node:os';

/** Runs a command whose home is `folder`. */
export function asklab(folder: string, ...words: string[]): { status: number | null; out: string; err: string } {
  const run = spawnSync(process.execPath, ['src-main/cli/main.ts', ...words], {
    encoding: 'utf8',
    env: { ...process.env, HOME: folder, NODE_NO_WARNINGS: '1' },
  });
  return { status: run.status, out: run.stdout, err: run.stderr };
}

/**
 * Runs a command as a person does, presses Ctrl+C again and again once `ready` says so, and gives how it ended, with the
 * exit code that a shell shows. Ctrl+C reaches the whole group of processes.
 */
export function interrupted(
  folder: string,
  words: string[],
  ready: () => boolean,
  input = '',
): Promise<{ code: number | null; err: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['scripts/asklab.mjs', ...words], {
      env: { ...process.env, HOME: folder, NODE_NO_WARNINGS: '1' },
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    });
    const signalGroup = (signal: NodeJS.Signals): boolean => process.kill(-(child.pid ?? 0), signal);
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
    child.stdin.write(input); // and left open: the command waits for more
    const watch = setInterval(() => ready() && signalGroup('SIGINT'), 5);
    const limit = setTimeout(() => signalGroup('SIGKILL'), 50_000);
    child.on('exit', () => clearInterval(watch));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code: code ?? 128 + constants.signals[signal ?? 'SIGKILL'], err });
    });
  });
}

export const passage = (index: number): string =>
  `Lighthouse number ${index} was built in 18${String(index % 100).padStart(2, '0')} by Ada Brook. It stands on a rock near Port Elm.`;
