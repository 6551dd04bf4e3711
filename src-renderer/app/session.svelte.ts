import type { Client } from '../../src-main/shared/contract/define.ts';
import type { Contract } from '../../src-main/shared/contract/index.ts';
import type { PassageSet } from '../../src-main/shared/contract/sets.ts';
import type { Changes, Counts, Job, Person, ProjectInfo } from '../../src-main/shared/contract/types.ts';
import { engine, onEvent } from './client.ts';
import { activeStates } from './jobs.ts';

/** What waits for the person who decides now. */
export type Queues = Awaited<ReturnType<Client<Contract>['checking']['queues']>>;

/** The open project as the whole page knows it, kept current by the engine's events. */
class Session {
  project = $state.raw<ProjectInfo | null>(null);
  counts = $state.raw<Counts | null>(null);
  jobs = $state.raw<Job[]>([]);
  toScore = $state(0); // questions that wait for the person's scores
  queues = $state.raw<Queues | null>(null);
  sets = $state.raw<PassageSet[]>([]); // of passages, by name

  get person(): Person | null {
    return this.project?.person ?? null;
  }
  get activeJobs(): Job[] {
    return this.jobs.filter((job) => activeStates.includes(job.state));
  }

  async start(): Promise<void> {
    onEvent('changed', (payload) => void this.#changed(payload as Changes));
    onEvent('job', (payload) => this.#job(payload as Job));
    this.setProject(await engine.projects.current({}));
  }
  setProject(project: ProjectInfo | null): void {
    this.project = project;
    this.counts = project?.counts ?? null;
    this.jobs = [];
    this.queues = null;
    this.sets = [];
    void this.readToScore();
    if (project === null) return;
    void this.#readJobs();
    void this.readQueues();
    void this.readSets();
  }
  async readToScore(): Promise<void> {
    const queues = this.project === null ? [] : await engine.campaigns.queues({});
    this.toScore = queues.reduce((sum, queue) => sum + queue.total - queue.done, 0);
  }
  /** Reads the queues anew; a failure leaves those known. */
  async readQueues(): Promise<void> {
    this.queues = await engine.checking.queues({}).catch(() => this.queues);
  }
  async readSets(): Promise<void> {
    this.sets = await engine.sets.list({}).catch(() => this.sets);
  }
  async #readJobs(): Promise<void> {
    this.jobs = await engine.jobs.list({});
  }
  #job(job: Job): void {
    const known = this.jobs.some((one) => one.id === job.id);
    this.jobs = known ? this.jobs.map((one) => (one.id === job.id ? job : one)) : [job, ...this.jobs];
  }
  async #changed(changes: Changes): Promise<void> {
    if (this.project === null && changes.project !== true) return;
    if (changes.project === true) {
      const project = await engine.projects.current({});
      if (project?.id !== this.project?.id) this.jobs = [];
      this.project = project;
      this.counts = project?.counts ?? null;
      await this.readToScore();
    } else if (changes.counts === true) {
      this.counts = await engine.projects.counts({});
    }
    if (this.project !== null && (changes.project ?? changes.rounds ?? changes.counts) === true) void this.readQueues();
    if (this.project !== null && (changes.project ?? changes.sets) === true) void this.readSets();
    if (changes.jobs === true && this.project !== null) await this.#readJobs();
  }
}

export const session = new Session();
