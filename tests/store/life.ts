/**
 * A process that uses a project as a person would, until it is killed: imports, generates, chooses a set, exports or goes on
 * with what was stopped, again and again; it decides and undoes all along, or does only that. What the engine acknowledged is
 * named on standard output. It waits for a line before it begins: `node life.ts PROJECT OUT ROUND`.
 */
import { once } from 'node:events';
import { writeFileSync, writeSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { createEngine } from '../../src-main/engine/engine.ts';
import { spawnInference } from '../../src-main/inference/spawn.ts';
import { contract } from '../../src-main/shared/contract/index.ts';
import type { Job } from '../../src-main/shared/contract/types.ts';
import { dispatch } from '../../src-main/shared/ipc/server.ts';
import { rulesVersion } from '../../src-main/shared/rules/generate.ts';
import { row } from '../bench/store/corpus.ts';

/** What a round is about, in turn; the short ones twice. */
export const activities = [
  'import',
  'rules',
  'export',
  'review',
  'import',
  'model',
  'export',
  'choose',
  'resume',
] as const;
export const passagesPerImport = 60;
export const passagesPerSet = 20;

/** A file of passages with questions, no two files alike. */
export function writePassages(path: string, number: number): void {
  const rows = Array.from({ length: passagesPerImport }, (_, at) => row(number * passagesPerImport + at, 2));
  writeFileSync(path, rows.map((one) => JSON.stringify(one)).join('\n'));
}

type Say = (kind: 'begun' | 'ended' | 'imported' | 'decided', value: unknown) => void;

async function live(path: string, out: string, round: number): Promise<void> {
  const say: Say = (kind, value) => void writeSync(1, `${JSON.stringify([kind, value])}\n`);
  const engine = createEngine({
    userData: join(out, 'user'),
    resources: resolve('resources'),
    emit: () => undefined,
    inference: () => Promise.resolve(spawnInference().port),
  });
  function call<Answer>(service: string, method: string, input: unknown = {}): Promise<Answer> {
    return dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<Answer>;
  }
  await call('projects', 'open', { path });
  const newest = engine.project()?.database.prepare('SELECT id FROM events ORDER BY rowid DESC LIMIT 1').pluck();

  let step = 0;
  async function decide(): Promise<void> {
    await turn(); // as a message over a port: jobs get their turn
    const { items } = await call<{ items: { candidates: { id: string }[] }[] }>('review', 'queue', {});
    const list = items[0]?.candidates ?? [];
    const candidate = list[step % Math.max(1, list.length)];
    step += 1;
    if (!candidate) return void (await wait(5));
    const verdict = step % 3 === 0 ? { verdict: 'reject', reason: 'trivial' } : { verdict: 'accept' };
    if (step % 7 === 0) await call('review', 'undo');
    else await call('review', 'decide', { candidateId: candidate.id, ...verdict });
    const id = newest?.get(); // none when there was nothing to undo
    if (id !== undefined) say('decided', id);
  }
  /** Reviews until the job is over. */
  async function during(job: Job): Promise<void> {
    say('begun', job.kind);
    let over = false;
    const ended = engine.runner()?.wait(job.id);
    void ended?.then(() => (over = true));
    while (!over) await decide();
    const { state, message } = (await ended) ?? {};
    say('ended', `${job.kind}: ${message ?? state ?? ''}`);
  }

  let turns = 0;
  const start = {
    import: async () => {
      const file = join(out, `corpus-${round}-${turns}.jsonl`);
      writePassages(file, 1 + round * 100 + turns);
      const job = await call<Job>('importing', 'start', {
        sources: [{ path: file }],
        options: { questionsAs: 'candidates' },
      });
      say('imported', file);
      return job;
    },
    rules: () => call<Job>('generation', 'start', { generator: rulesVersion, candidates: 3, passages: {} }),
    model: () =>
      call<Job>('generation', 'start', { generator: 'pointer', candidates: 2, passages: { languages: ['en'] } }),
    choose: () => call<Job>('sets', 'choose', { name: `Set ${round}.${turns}`, number: passagesPerSet }),
    export: () =>
      call<Job>('exporting', 'start', {
        format: 'hf-jsonl',
        folder: join(out, 'export'),
        statuses: ['undecided', 'accepted', 'edited', 'rejected', 'aside'],
      }),
  };
  const activity = activities[round % activities.length] ?? 'review';
  if (activity === 'resume')
    for (const job of await call<Job[]>('jobs', 'list'))
      if (job.state === 'stopped') await during(await call<Job>('jobs', 'resume', { id: job.id }));
  for (say('begun', 'review'); ; turns += 1)
    if (activity === 'review' || activity === 'resume') await decide();
    else await during(await start[activity]());
}

if (import.meta.main) {
  await once(process.stdin, 'data');
  const [path = '', out = '', round = '0'] = process.argv.slice(2);
  await live(path, out, Number(round));
}
