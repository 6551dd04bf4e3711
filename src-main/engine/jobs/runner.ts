import { setImmediate as turn } from 'node:timers/promises';
import type { Job, JobState, Problem } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import { failureOf } from '../../shared/told.ts';
import { explain } from '../store/open.ts';
import type { Project } from '../store/project.ts';

/** What a running job may do. */
export interface JobControl {
  signal: AbortSignal;
  /** Aborts when the job is paused; another after it goes on. */
  readonly held: AbortSignal;
  /** Lets other work in, waits while paused, throws 'cancelled' after a cancel. */
  checkpoint(): Promise<void>;
  /** `total` where it becomes known only as the job goes. */
  progress(change: { done: number; total?: number | null; provider?: string | null; result?: Job['result'] }): void;
  problem(problem: Problem): void;
}

/** Must be safe to run again on a stopped job: it goes on with the items still open. */
export type JobHandler = (job: Job, control: JobControl) => Promise<Record<string, unknown>>;

/** Undoes what a cancelled or failed job has done, bit by bit; called again at the next open when that was cut off. */
export type TakeBack = (job: Job, pause: () => Promise<void>) => Promise<void>;

export interface JobWork {
  run: JobHandler;
  takeBack?: TakeBack | undefined;
}

interface Running {
  controller: AbortController;
  hold: AbortController;
  paused: boolean;
  over: boolean;
  finished: Promise<void>;
}

const progressEvery = 100; // milliseconds

/** Runs the project's jobs one after the other, but for those that go beside another; each change is stored, then told. */
export class JobRunner {
  private readonly project: Project;
  private readonly tell: (job: Job) => void;
  private readonly handlers: ReadonlyMap<Job['kind'], JobWork>;
  private readonly running = new Map<string, Running>();
  private tail: Promise<void> = Promise.resolve();
  private stopping = false;

  /** `first` is done before any job, after the next open where it was cut off; it tells of its own failure. */
  constructor(
    project: Project,
    handlers: ReadonlyMap<Job['kind'], JobWork>,
    tell: (job: Job) => void,
    first: (pause: () => Promise<void>) => Promise<void>,
  ) {
    this.project = project;
    this.handlers = handlers;
    this.tell = tell;
    if (project.readOnly) return;
    this.tail = first(() => this.breathe());
    for (const { id } of project.jobs.list()) this.queueTakeBack(id);
  }

  get busy(): boolean {
    return this.running.size > 0;
  }

  /** Jobs that run, wait or are paused. */
  open(): string[] {
    return [...this.running].filter(([, entry]) => !entry.over).map(([id]) => id);
  }

  /** `beside`: along with what runs now; what comes later waits for both. */
  start(job: Job, { beside = false } = {}): Job {
    const controller = new AbortController();
    const hold = new AbortController();
    const entry: Running = { controller, hold, paused: false, over: false, finished: Promise.resolve() };
    this.running.set(job.id, entry);
    const before = this.tail;
    entry.finished = (beside ? Promise.resolve() : before).then(() => this.run(job.id, entry));
    this.tail = Promise.all([before, entry.finished]).then(() => undefined);
    return this.change(job.id, { state: 'queued', endedAt: null, message: null, failure: null });
  }

  pause(id: string): Job {
    const entry = this.live(id);
    if (!entry) return this.project.jobs.get(id);
    entry.paused = true;
    entry.hold.abort();
    return this.change(id, { state: 'paused', rate: null, secondsLeft: null });
  }

  resume(id: string): Job {
    const entry = this.live(id);
    const job = this.project.jobs.get(id);
    if (!entry) return job.state === 'stopped' || job.state === 'failed' ? this.start(job) : job;
    entry.paused = false;
    entry.hold = new AbortController();
    return this.change(id, { state: 'running' });
  }

  cancel(id: string): Job {
    const entry = this.live(id);
    if (!entry) {
      const { state } = this.project.jobs.get(id);
      const cancelled = state === 'cancelled' ? {} : { state: 'cancelled' as const, endedAt: Date.now() };
      const job = this.change(id, cancelled);
      this.queueTakeBack(id);
      return job;
    }
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
    this.stopping = true;
    for (const entry of this.running.values()) entry.controller.abort(new AsklabError('cancelled', 'stopped'));
    await this.tail;
  }

  /** A job that runs or waits to; none once it has ended, though what it did may still be on its way back. */
  private live(id: string): Running | undefined {
    const entry = this.running.get(id);
    return entry?.over === true ? undefined : entry;
  }

  /** Lets other calls in; throws once everything is to stop. */
  private async breathe(): Promise<void> {
    await turn();
    if (this.stopping) throw new AsklabError('cancelled', 'stopped');
  }

  private queueTakeBack(id: string): void {
    this.tail = this.tail.then(() => this.takeBack(id));
  }

  private async takeBack(id: string): Promise<void> {
    const job = this.project.jobs.get(id);
    if (this.stopping || (job.state !== 'cancelled' && job.state !== 'failed')) return;
    try {
      await this.handlers.get(job.kind)?.takeBack?.(job, () => this.breathe());
    } catch (error) {
      if (!this.stopping) this.change(id, this.failed(error));
    }
  }

  private async run(id: string, entry: Running): Promise<void> {
    const work = this.handlers.get(this.project.jobs.get(id).kind);
    try {
      if (!work) throw new AsklabError('internal', 'No handler for this kind of job.');
      if (entry.controller.signal.aborted) throw new AsklabError('cancelled', 'Cancelled.');
      const job = this.change(id, { state: entry.paused ? 'paused' : 'running' });
      const result = await work.run(job, this.control(id, entry));
      const state: JobState = this.project.jobs.get(id).problems > 0 ? 'done-with-problems' : 'done';
      this.end(id, { state, result });
    } catch (error) {
      const { signal } = entry.controller;
      const stopped = signal.aborted && signal.reason instanceof AsklabError;
      if (signal.aborted) this.end(id, { state: stopped ? 'stopped' : 'cancelled' });
      else this.end(id, this.failed(error));
    }
    entry.over = true;
    await this.takeBack(id);
    if (this.running.get(id) === entry) this.running.delete(id);
  }

  private failed(error: unknown): Pick<Job, 'state' | 'message' | 'failure'> {
    const failure = failureOf(explain(error, this.project.path));
    return { state: 'failed', message: failure.message, failure };
  }

  private control(id: string, entry: Running): JobControl {
    const started = Date.now();
    const before = this.project.jobs.get(id).done;
    let told = 0;
    return {
      signal: entry.controller.signal,
      get held() {
        return entry.hold.signal;
      },
      async checkpoint() {
        do {
          await turn();
          if (entry.controller.signal.aborted) throw new AsklabError('cancelled', 'Cancelled.');
          if (entry.paused) await new Promise((resolve) => setTimeout(resolve, 50));
        } while (entry.paused);
      },
      progress: ({ done, provider, result, total = this.project.jobs.get(id).total }) => {
        const now = Date.now();
        if (now - told < progressEvery && done !== total) return;
        told = now;
        const rate = ((done - before) * 1000) / Math.max(1, now - started);
        const secondsLeft = total === null || rate === 0 ? null : (total - done) / rate;
        const known = { ...(provider === undefined ? {} : { provider }), ...(result === undefined ? {} : { result }) };
        this.change(id, { done, total, rate, secondsLeft, ...known });
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
