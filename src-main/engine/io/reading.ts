import { Worker } from 'node:worker_threads';
import type { Failure, Language, Problem } from '../../shared/contract/types.ts';
import { AsklabError, type ErrorCode } from '../../shared/errors.ts';
import { failureOf } from '../../shared/told.ts';
import { printSize } from '../../shared/text/fingerprint.ts';
import { threadFile } from '../thread.ts';
import { prepare, type Prepared } from './prepare.ts';
import { isProblem, type ImportOptions } from './readers/entry.ts';
import { detectFormat, read } from './readers/read.ts';
import { openSource, type ImportSource } from './source.ts';

/** Rows of a source, ready to be written, and how much of it they end. */
export interface Chunk {
  file: string;
  rows: (Prepared | Problem)[];
  share: number;
}

/** A source's rows in chunks; null at the end. */
export interface Reading {
  large: boolean;
  next(): Promise<Chunk | null>;
  close(): void;
}

/** Most in one transaction, and at about how many questions it ends: long enough to spare the disk, short enough to let other calls in. */
const mostPassages = 200;
const manyQuestions = 500;

/** What the thread says. */
export type Said = { chunk: Chunk | null } | { failed: Failure };

/** Below this a thread costs more than it gives. */
const largeFile = 2 * (1 << 20);
/** Room for what some chunks leave behind: with 4 MB the thread took a quarter longer, more than this made only the process larger. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };
/** Chunks that may wait for the writer. */
const ahead = 2;

/** Reads and prepares a source's rows, those of a large file in a thread of their own. Error: 'file-unreadable'. */
export async function openReading(source: ImportSource, options: ImportOptions): Promise<Reading> {
  const { bytes } = await openSource(source, options.encoding);
  if (bytes >= largeFile) return new ThreadReading(source, options);
  const chunks = readChunks(source, options);
  return {
    large: false,
    next: async () => (await chunks.next()).value ?? null,
    close: () => void chunks.return(undefined),
  };
}

export async function* readChunks(
  source: ImportSource,
  options: ImportOptions,
): AsyncGenerator<Chunk, undefined, undefined> {
  const opened = await openSource(source, options.encoding);
  const { name: file, encoding } = opened;
  let [rows, prints, questions] = begin();
  const usual = new UsualLanguage();
  for await (const entry of read(opened, detectFormat(opened, options), options)) {
    const print = prints.subarray(rows.length * printSize, (rows.length + 1) * printSize);
    const row = prepare(entry, file, encoding, options, usual.language, print);
    if (!isProblem(row)) usual.count(row.passage.language);
    rows.push(row);
    questions += isProblem(row) ? 0 : row.candidates.length + row.references.length;
    if (rows.length < mostPassages && questions < manyQuestions) continue;
    yield { file, rows, share: opened.share };
    [rows, prints, questions] = begin();
  }
  if (rows.length > 0) yield { file, rows, share: opened.share };
}

/** The language that most of a file's passages had so far; English before the first. */
class UsualLanguage {
  language: Language = 'en';
  private readonly counts = new Map<Language, number>();

  count(language: Language): void {
    const count = (this.counts.get(language) ?? 0) + 1;
    this.counts.set(language, count);
    if (count >= (this.counts.get(this.language) ?? 0)) this.language = language;
  }
}

/** The prints of a chunk are one piece of memory: a piece for each cost more than making them. */
function begin(): [rows: Chunk['rows'], prints: Int32Array, questions: number] {
  return [[], new Int32Array(mostPassages * printSize), 0];
}

/** The rows as a thread prepares them, a few chunks ahead of the writer. */
class ThreadReading implements Reading {
  readonly large = true;
  private readonly worker: Worker;
  private readonly said: Said[] = [];
  private wake: () => void = () => undefined;

  constructor(source: ImportSource, options: ImportOptions) {
    this.worker = new Worker(threadFile(import.meta.url, 'reading-thread'), {
      workerData: { source, options, ahead },
      resourceLimits,
    });
    const hear = (said: Said): void => {
      this.said.push(said);
      this.wake();
    };
    const fail = (error: unknown): void => {
      hear({ failed: failureOf(error) });
    };
    this.worker.on('message', hear);
    this.worker.on('error', fail);
    this.worker.on('exit', (code) => fail(`The thread that reads the file ended (${code}).`));
  }

  async next(): Promise<Chunk | null> {
    if (this.said.length === 0) await new Promise<void>((resolve) => (this.wake = resolve));
    const said = this.said.shift();
    if (said === undefined) return null;
    if ('failed' in said) {
      const { code, message, details } = said.failed;
      throw new AsklabError(code as ErrorCode, message, details);
    }
    this.worker.postMessage('taken');
    return said.chunk;
  }

  close(): void {
    this.worker.removeAllListeners();
    void this.worker.terminate();
  }
}
