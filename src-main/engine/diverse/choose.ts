import { Worker } from 'node:worker_threads';
import type { ChooseSettings } from '../../shared/contract/sets.ts';
import type { Language } from '../../shared/contract/types.ts';
import { told } from '../../shared/told.ts';
import type { JobControl } from '../jobs/runner.ts';
import type { Member } from '../store/sets.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import { threadFile } from '../thread.ts';
import type { Computed, Wanted } from './chooser.ts';
import type { Answers, Asked } from './choosing-thread.ts';

/** Texts read before other calls have their turn. */
const textsAtOnce = 200;
/** Room for what some texts leave behind: more made only the process larger. */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };
/** What of the whole each reading takes, about. */
const readings = { first: 0.2, second: 0.3 };

/**
 * Chooses a diverse set of the passages of a filter; nothing is stored. Texts are read here, some at a time, and all
 * computing is a thread's, so that other calls are answered. Errors: 'invalid-input' without passages, 'cancelled'.
 */
export async function chooseSet(
  project: Project,
  { passages, number, equal, seed }: ChooseSettings,
  control: Pick<JobControl, 'checkpoint' | 'progress'>,
): Promise<{ members: Member[]; computed: Computed }> {
  // What the filter has is settled here: a decision made meanwhile changes nothing.
  const rows = await readRows(project, passages, control);
  if (rows.length === 0) throw told('error.invalid-input.no-passages');
  const read = prepare(project.database, 'SELECT text, language FROM passages WHERE row = ?').raw();
  const textsOf = (some: Iterable<number>): [text: string, language: Language][] =>
    Array.from(some, (row) => (read.get(row) as [string, Language] | undefined) ?? ['', 'en']);
  const tell = (share: number): void =>
    control.progress({ done: Math.min(rows.length - 1, Math.floor(rows.length * share)), total: rows.length });
  const thread = new Thread({ number, equal, seed });
  try {
    for (const [at, chunk] of chunks(rows)) {
      const texts = textsOf(chunk);
      await control.checkpoint();
      await thread.ask({ ask: 'count', texts: texts.map(([text]) => text), languages: texts.map(([, code]) => code) });
      tell((readings.first * at) / rows.length);
    }
    for (const [at, chunk] of chunks(rows)) {
      const texts = textsOf(chunk).map(([text]) => text);
      await control.checkpoint();
      await thread.ask({ ask: 'add', texts });
      tell(readings.first + (readings.second * at) / rows.length);
    }
    const before = readings.first + readings.second;
    let chosen: number[] | null = null;
    while (chosen === null) {
      await control.checkpoint();
      const answer = await thread.ask({ ask: 'choose' });
      tell(before + (1 - before) * answer.share);
      chosen = answer.chosen;
    }
    for (const [, numbers] of chunks(chosen)) {
      const texts = textsOf(numbers.map((place) => rows[place] ?? 0)).map(([text]) => text);
      await control.checkpoint();
      await thread.ask({ ask: 'meet', texts, numbers });
    }
    const { chosen: found, computed } = await thread.ask({ ask: 'result' });
    const rowOf = (place: number): number => rows[place] ?? 0;
    const members = found.map(({ member, cluster, near }) => ({ row: rowOf(member), cluster, near: near.map(rowOf) }));
    return { members, computed };
  } finally {
    thread.end();
  }
}

async function readRows(
  project: Project,
  filter: ChooseSettings['passages'],
  control: Pick<JobControl, 'checkpoint'>,
): Promise<number[]> {
  const rows: number[] = [];
  for (const row of project.passageRows(filter)) if (rows.push(row) % 1000 === 0) await control.checkpoint();
  return rows;
}

function* chunks(all: readonly number[]): Iterable<[at: number, chunk: number[]]> {
  for (let at = 0; at < all.length; at += textsAtOnce) yield [at, all.slice(at, at + textsAtOnce)];
}

/** The computing, which answers one question after the other. */
class Thread {
  private readonly worker: Worker;

  constructor(wanted: Wanted) {
    this.worker = new Worker(threadFile(import.meta.url, 'choosing-thread'), { workerData: wanted, resourceLimits });
  }

  async ask<Kind extends Asked['ask']>(asked: Extract<Asked, { ask: Kind }>): Promise<Answers[Kind]> {
    return new Promise((resolve, reject) => {
      this.worker.removeAllListeners();
      this.worker.once('message', resolve);
      this.worker.once('error', reject);
      this.worker.once('exit', (code) => reject(new Error(`The thread that chooses passages ended (${code}).`)));
      this.worker.postMessage(asked);
    });
  }

  end(): void {
    this.worker.removeAllListeners();
    void this.worker.terminate();
  }
}
