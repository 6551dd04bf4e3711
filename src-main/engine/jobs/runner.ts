import { setImmediate as turn } from 'node:timers/promises';
import type { Job, JobState, Problem } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import type { Project } from '../store/project.ts';

/** What a running job may do. */
export interface JobControl {
  signal: AbortSignal;
  /** Lets other work in, waits while paused, throws 'cancelled' after a cancel. */
  checkpoint(): Promise<void>;
  /** `total` where it becomes known only as the job goes. */
  progress(change: { done: number; total?: number | null; provider?: string | null }): void;
  problem(problem: Problem): void;
}

/** Must be safe to run again on a stopped job: it goes on with the items still open. */
export type JobHandler = (job: Job, control: JobControl) => Promise<Record<string, unknown>>;

interface Running {
  controller: AbortController;
  paused: boolean;
  finished: Promise<void>;
}

const progressEvery = 100; // milliseconds

/** Runs the project's jobs one after the other; each change is stored, then told. */
export class JobRunner {
  private readonly project: Project;
  private readonly tell: (job: Job) => void;
  private readonly handlers: ReadonlyMap<Job['kind'], JobHandler>;
  private readonly running = new Map<string, Running>();
  private tail: Promise<void> = Promise.resolve();

  constructor(project: Project, handlers: ReadonlyMap<Job['kind'], JobHandler>, tell: (job: Job) => void) {
    this.project = project;
    this.handlers = handlers;
    this.tell = tell;
  }

  start(job: Job): Job {
    const controller = new AbortController();
    const entry: Running = { controller, paused: false, finished: Promise.resolve() };
    this.running.set(job.id, entry);
    entry.finished = this.tail.then(() => this.run(job.id, entry));
    this.tail = entry.finished;
    return this.change(job.id, { state: 'queued', endedAt: null, message: null });
  }

  pause(id: string): Job {
    const entry = this.running.get(id);
    if (!entry) return this.project.jobs.get(id);
    entry.paused = true;
    return this.change(id, { state: 'paused', rate: null, secondsLeft: null });
  }

  resume(id: string): Job {
    const entry = this.running.get(id);
    const job = this.project.jobs.get(id);
    if (!entry) return job.state === 'stopped' || job.state === 'failed' ? this.start(job) : job;
    entry.paused = false;
    return this.change(id, { state: 'running' });
  }

  cancel(id: string): Job {
    const entry = this.running.get(id);
    if (!entry) return this.change(id, { state: 'cancelled', endedAt: Date.now() });
    entry.paused = false;
    entry.controller.abort();
    return this.project.jobs.get(id);
  }

  /** Resolves when the job has ended in any way. */
  async wait(id: string): Promise<Job> {
    await this.running.get(id)?.finished;
    return this.project.jobs.get(id);
  }

  /** Stops everything, leaving the jobs resumable. */
  async stop(): Promise<void> {
    for (const entry of this.running.values()) entry.controller.abort(new AsklabError('cancelled', 'stopped'));
    await this.tail;
  }

  private async run(id: string, entry: Running): Promise<void> {
    const handler = this.handlers.get(this.project.jobs.get(id).kind);
    try {
      if (!handler) throw new AsklabError('internal', 'No handler for this kind of job.');
      if (entry.controller.signal.aborted) throw new AsklabError('cancelled', 'Cancelled.');
      const job = this.change(id, { state: entry.paused ? 'paused' : 'running' });
      const result = await handler(job, this.control(id, entry));
      const state: JobState = this.project.jobs.get(id).problems > 0 ? 'done-with-problems' : 'done';
      this.end(id, { state, result });
    } catch (error) {
      const { signal } = entry.controller;
      const stopped = signal.aborted && signal.reason instanceof AsklabError;
      if (signal.aborted) this.end(id, { state: stopped ? 'stopped' : 'cancelled' });
      else this.end(id, { state: 'failed', message: error instanceof Error ? error.message : String(error) });
    } finally {
      this.running.delete(id);
    }
  }

  private control(id: string, entry: Running): JobControl {
    const started = Date.now();
    const before = this.project.jobs.get(id).done;
    let told = 0;
    return {
      signal: entry.controller.signal,
      async checkpoint() {
        do {
          await turn();
          if (entry.controller.signal.aborted) throw new AsklabError('cancelled', 'Cancelled.');
          if (entry.paused) await new Promise((resolve) => setTimeout(resolve, 50));
        } while (entry.paused);
      },
      progress: ({ done, provider, total = this.project.jobs.get(id).total }) => {
        const now = Date.now();
        if (now - told < progressEvery && done !== total) return;
        told = now;
        const rate = ((done - before) * 1000) / Math.max(1, now - started);
        const secondsLeft = total === null || rate === 0 ? null : (total - done) / rate;
        this.change(id, { done, total, rate, secondsLeft, ...(provider === undefined ? {} : { provider }) });
      },
      problem: (problem) => this.project.jobs.addProblem(id, problem),
    };
  }

  private end(id: string, change: Partial<Job>): void {
    this.change(id, { ...change, endedAt: Date.now(), rate: null, secondsLeft: null });
  }

  private change(id: string, change: Partial<Job>): Job {
    const job = this.project.jobs.update(id, change);
    this.tell(job);
    return job;
  }
}
