/** Entry of the thread that reads and prepares a large file's rows; each chunk taken lets it make one more. */
import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { failureOf } from '../../shared/told.ts';
import type { ImportOptions } from './readers/entry.ts';
import { readChunks, type Said } from './reading.ts';
import type { ImportSource } from './source.ts';

const { source, options, ahead } = workerData as { source: ImportSource; options: ImportOptions; ahead: number };
const say = (said: Said): void => parentPort?.postMessage(said);
let room = ahead;
parentPort?.on('message', () => (room += 1));

async function readAll(): Promise<void> {
  for await (const chunk of readChunks(source, options)) {
    say({ chunk });
    room -= 1;
    while (room <= 0 && parentPort) await once(parentPort, 'message');
  }
  say({ chunk: null });
}

void readAll()
  .catch((error: unknown) => {
    say({ failed: failureOf(error) });
  })
  .finally(() => parentPort?.close());
