import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { AsklabError } from '../../shared/errors.ts';
import { threadFile } from '../thread.ts';
import { explain, writable } from './open.ts';

/** Smaller files are read through in some tens of milliseconds. */
const largeFile = 16 * (1 << 20);

/** A check that was cancelled holds its file until SQLite comes back to the thread. */
let ending: Promise<unknown> = Promise.resolve();

export function takesLong(path: string): boolean {
  return statSync(path).size >= largeFile;
}

/** Reads a project file through in a thread of its own. Errors: those of opening a file, 'cancelled'. */
export async function checkFile(path: string, signal: AbortSignal): Promise<void> {
  await ending;
  const worker = new Worker(threadFile(import.meta.url, 'checking-thread'), {
    workerData: { path, readonly: !writable(path) },
  });
  const ended = new Promise((resolve) => worker.once('exit', resolve));
  try {
    const wrong = await new Promise<{ code: string } | null>((resolve, reject) => {
      const cancel = (): void => reject(new AsklabError('cancelled', 'Cancelled. The file was not touched.'));
      if (signal.aborted) cancel();
      signal.addEventListener('abort', cancel, { once: true });
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    if (wrong) throw explain(wrong, path);
    await ended; // it has let go of the file
  } finally {
    ending = ended;
    void worker.terminate();
  }
}
