import { createWriteStream, existsSync, readFileSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import type { Writable } from 'node:stream';

interface Output {
  part: string | null; // where the rows stand until all are there: an interrupted run never looks finished
  /** Ids of the rows that stand there already, in their order. */
  answered: readonly (string | number)[];
  write(text: string): Promise<void>;
  end(): Promise<void>;
  settle(): void;
}

const isPlain = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;

/** `left`: what to do with the rows of an interrupted run. Errors: such rows without a word about them. */
export function openOutput(path: string, left: 'resume' | 'anew' | undefined): Output {
  // A device or a pipe, as /dev/null is, takes the rows itself: a file must never stand in its place.
  const part = path === '-' || !isPlain(path) ? null : `${path}.part`;
  if (part !== null && left === 'anew') rmSync(part, { force: true });
  const rows = part !== null && existsSync(part) ? wholeRows(part) : [];
  if (rows.length > 0 && left === undefined) {
    const answers = rows.length === 1 ? 'the answer' : `${rows.length} answers`;
    throw new Error(
      `${part ?? ''} holds ${answers} of an interrupted run. Add --resume to go on, or --anew to begin again.`,
    );
  }
  const stream: Writable = path === '-' ? process.stdout : createWriteStream(part ?? path, { flags: part ? 'a' : 'w' });
  const failed = new Promise<never>((_, reject) =>
    stream.once('error', (error) =>
      reject(new Error(`${path} cannot be written: ${error.message}. Choose another place.`)),
    ),
  );
  failed.catch(() => undefined); // Said by the write that waits for it.
  const step = (start: (done: () => void) => void): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => start(resolve)), failed]);
  return {
    part,
    answered: rows,
    write: (text) => step((done) => (stream.write(text) ? done() : stream.once('drain', done))),
    end: () => (path === '-' ? Promise.resolve() : step((done) => stream.end(done))),
    settle: () => part !== null && renameSync(part, path),
  };
}

/** Ids of the whole rows of a file, from which half a row at its end is cut off. */
function wholeRows(path: string): (string | number)[] {
  const bytes = readFileSync(path);
  const end = bytes.lastIndexOf(0x0a) + 1;
  if (end < bytes.length) truncateSync(path, end);
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').slice(0, -1);
  try {
    return lines.map((line) => (JSON.parse(line) as { id: string | number }).id);
  } catch {
    throw new Error(`${path} holds something else than answers. Move it away, or add --anew to write over it.`);
  }
}
