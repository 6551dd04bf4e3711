import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createEngine, type Engine } from '../engine/engine.ts';
import { spawnInference, type SpawnedInference } from '../inference/spawn.ts';
import { contract } from '../shared/contract/index.ts';
import type { Job, Problem, Progress } from '../shared/contract/types.ts';
import { dispatch } from '../shared/ipc/server.ts';
import { tally } from './options.ts';

export interface Common {
  json?: boolean;
}

export type Call = <Answer>(service: string, method: string, input?: unknown) => Promise<Answer>;

/** A job of this kind that was stopped goes on; null when there is none. */
export async function goOn(
  call: Call,
  kind: Job['kind'],
  same: (job: Job) => boolean = () => true,
): Promise<Job | null> {
  const stopped = (await call<Job[]>('jobs', 'list')).find(
    (job) => job.kind === kind && job.state === 'stopped' && same(job),
  );
  return stopped ? call<Job>('jobs', 'resume', { id: stopped.id }) : null;
}

/**
 * Opens (or makes, when `person` is given) the project, runs the job that `work` starts, and closes; `work` without a job
 * gives the exit code itself. SIGINT leaves a job resumable.
 */
export async function withProject(
  path: string,
  options: Common,
  person: string | null,
  work: (call: Call) => Promise<Job | number>,
  goesOn = true, // whether the same command takes up what was interrupted
): Promise<number> {
  let inference: SpawnedInference | null = null;
  const engine: Engine = createEngine({
    userData: join(homedir(), '.config', 'Asklab'),
    resources: join(dirname(fileURLToPath(import.meta.url)), '../../resources'),
    emit: (name, payload) => {
      if (name === 'job') show(payload as Job, options);
      if (name === 'progress') showShare(payload as Progress);
    },
    inference: () => {
      inference = spawnInference();
      return Promise.resolve(inference.port);
    },
  });
  const interrupted = new AbortController();
  const call: Call = (service, method, input = {}) =>
    dispatch(contract, engine.handlers, service, method, input, interrupted.signal) as Promise<never>;
  const interrupt = (): void => {
    interrupted.abort();
    void engine.runner()?.stop();
  };
  process.on('SIGINT', interrupt); // stays: a second Ctrl+C must not end the closing
  try {
    const file = resolve(path);
    if (person !== null && !existsSync(file))
      await call('projects', 'create', {
        path: file,
        name: file
          .split(/[\\/]/)
          .at(-1)
          ?.replace(/\.asklab$/, ''),
        person,
      });
    else await call('projects', 'open', { path: file });
    const job = await work(call);
    if (typeof job === 'number') return job;
    const ended = await engine.runner()?.wait(job.id);
    if (!ended) return 1;
    if (ended.state === 'stopped')
      return tellInterrupted(goesOn ? ' The same command goes on from here.' : ' The same command begins anew.');
    for (const problem of ended.problems > 0 ? (engine.project()?.jobs.problems(ended.id, -1) ?? []) : []) {
      process.stderr.write(`${problem.file}${placeOf(problem)}: ${problem.reason}\n`);
    }
    if (ended.message !== null) process.stderr.write(`asklab: ${ended.message}\n`);
    if (!options.json)
      process.stdout.write(`${ended.state}\n${ended.result === null ? '' : `${tally(ended.result)}\n`}`);
    return ended.state === 'done' ? 0 : ended.state === 'done-with-problems' ? 2 : 1;
  } catch (error) {
    if (!interrupted.signal.aborted) throw error;
    return tellInterrupted();
  } finally {
    await engine.close();
    (inference as SpawnedInference | null)?.kill();
  }
}

/** ":12" for a line, " data[0].paragraphs[3]" or " #12" where there are none. */
function placeOf({ line, place }: Problem): string {
  if (line !== null) return `:${line}`;
  return place === undefined ? '' : ` ${place}`;
}

export function tellInterrupted(remedy = ''): number {
  process.stderr.write(`asklab: interrupted. What is done is kept.${remedy}\n`);
  return 130;
}

/** On a terminal: how far a call is, on a line that goes when it ends. */
function showShare({ of, share }: Progress): void {
  if (!process.stderr.isTTY || share === 0) return;
  process.stderr.write(`\r\u001b[K${share < 1 ? `${of.split(' ', 1)[0] ?? ''} ${Math.floor(share * 100)} %` : ''}`);
}

function show(job: Job, options: Common): void {
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ job: job.id, state: job.state, done: job.done, total: job.total, result: job.result })}\n`,
    );
  else if (process.stderr.isTTY) process.stderr.write(`\r${progressLine(job)}\u001b[K`);
}

/** "running 1200 of 4000, 300 a second, 0:09 left" */
export function progressLine({ state, done, total, rate, secondsLeft }: Job): string {
  const left = secondsLeft === null ? null : Math.round(secondsLeft);
  const time = left === null ? null : `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left`;
  const pace = rate === null ? null : `${Math.round(rate)} a second`;
  return [`${state} ${done}${total === null ? '' : ` of ${total}`}`, pace, time].filter(Boolean).join(', ');
}
