import type { Handlers, Services } from '../shared/contract/define.ts';
import { contract, type Contract } from '../shared/contract/index.ts';
import { AsklabError } from '../shared/errors.ts';
import type { EngineContext } from './context.ts';
import type { Job } from '../shared/contract/types.ts';
import { JobRunner, type JobWork } from './jobs/runner.ts';
import { createCampaigns } from './services/campaigns.ts';
import { createChecking } from './services/checking.ts';
import { createEvaluation } from './services/evaluation.ts';
import { createExporting } from './services/exporting.ts';
import { createGeneration } from './services/generation.ts';
import { createImporting } from './services/importing.ts';
import { createInsights } from './services/insights.ts';
import { createJobs } from './services/jobs.ts';
import { createPassages } from './services/passages.ts';
import { createProjects } from './services/projects.ts';
import { createReview } from './services/review.ts';
import { createPeople, createRounds } from './services/rounds.ts';
import { createSets } from './services/sets.ts';
import { createSettling } from './services/settling.ts';
import { toWireError } from '../shared/ipc/server.ts';
import { explain } from './store/open.ts';
import type { Project } from './store/project.ts';

export interface EngineOptions {
  /** The app's own folder: recent projects, added models, copies of the sample. */
  userData: string;
  /** The folder that came with the app: samples, models. */
  resources: string;
  emit: (name: string, payload: unknown) => void;
  inference?: () => Promise<unknown>;
}

export interface Engine {
  handlers: Handlers<Contract>;
  project(): Project | null;
  runner(): JobRunner | null;
  close(): Promise<void>;
}

/** Everything behind the contract, for the app's engine process, the command line and tests. */
export function createEngine({ userData, resources, emit, inference }: EngineOptions): Engine {
  let project: Project | null = null;
  let runner: JobRunner | null = null;
  const jobHandlers = new Map<Job['kind'], JobWork>();

  async function use(next: Project | null): Promise<void> {
    await runner?.stop();
    project?.close();
    project = next;
    if (next === null) return void (runner = null);
    runner = new JobRunner(
      next,
      jobHandlers,
      (job) => emit('job', job),
      (pause) => finishTakingBack(next, pause),
    );
  }

  /** What a crash cut off of an undo; a failure is told, and tried again after the next open. */
  async function finishTakingBack(next: Project, pause: () => Promise<void>): Promise<void> {
    const tell = (share: number): void => emit('progress', { of: 'undo', share });
    let told = false;
    try {
      const any = await next.history.finishTakingBack((done, total) => {
        told = true;
        tell(done / total);
        return pause();
      });
      if (any) emit('changed', { counts: true, passages: true });
    } catch (error) {
      const { code, message, details } = toWireError(explain(error, next.path));
      if (code !== 'cancelled') emit('failed', { code, message, details });
    } finally {
      if (told) tell(1);
    }
  }

  function need<T>(value: T | null): T {
    if (value === null) throw new AsklabError('no-project', 'No project is open. Open one or make a new one.');
    return value;
  }

  const context: EngineContext = {
    project: () => need(project),
    runner: () => need(runner),
    handle: (kind, run, takeBack) => void jobHandlers.set(kind, { run, takeBack }),
    busy: () => runner?.busy === true,
    emit,
    userData,
    resources,
    inference,
  };
  const projects = createProjects(context, { use, current: () => project });
  const handlers: Handlers<Contract> = {
    projects: projects.handlers,
    passages: createPassages(context),
    review: createReview(context),
    jobs: createJobs(context),
    insights: createInsights(context),
    importing: createImporting(context),
    generation: createGeneration(context),
    exporting: createExporting(context),
    people: createPeople(context),
    rounds: createRounds(context),
    checking: createChecking(context, projects),
    settling: createSettling(context),
    campaigns: createCampaigns(context),
    evaluation: createEvaluation(context),
    sets: createSets(context),
  };
  return {
    handlers: guard(contract, handlers, () => project),
    project: () => project,
    runner: () => runner,
    close: projects.close,
  };
}

/**
 * Commands on an open project that is read-only are refused before they run; opening another and exporting are not.
 * Damage that no check has found shows when it is read, and is told as it would have been at opening.
 */
function guard<S extends Services>(services: S, handlers: Handlers<S>, current: () => Project | null): Handlers<S> {
  const free = new Set(['create', 'open', 'openSample', 'close', 'repair', 'addModel', 'removeModel', 'openPackage']);
  const guarded = Object.entries(services).map(([service, methods]) => [
    service,
    Object.fromEntries(
      Object.entries(methods).map(([method, { kind }]) => {
        const handler = handlers[service]?.[method];
        if (!handler) return [method, handler];
        const writes = kind === 'command' && !free.has(method) && service !== 'jobs' && service !== 'exporting';
        const guardedHandler: typeof handler = async (input, call) => {
          if (writes && current()?.readOnly)
            throw new AsklabError('read-only', 'This project is read-only. Copy it to a place where you may write.');
          try {
            return await handler(input, call);
          } catch (error) {
            throw explain(error, current()?.path ?? '');
          }
        };
        return [method, guardedHandler];
      }),
    ),
  ]);
  return Object.fromEntries(guarded) as Handlers<S>;
}
