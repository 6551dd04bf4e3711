import type { Job } from '../shared/contract/types.ts';
import type { JobHandler, JobRunner, TakeBack } from './jobs/runner.ts';
import type { Project } from './store/project.ts';

/** What every service gets. */
export interface EngineContext {
  /** The open project. Error: 'no-project'. */
  project(): Project;
  runner(): JobRunner;
  /** Whether a job of the open project runs, waits its turn or is paused. */
  busy(): boolean;
  /** Says how jobs of a kind are run, in every project opened later: one that was stopped goes on after a restart. */
  handle(kind: Job['kind'], handler: JobHandler, takeBack?: TakeBack): void;
  emit(name: string, payload: unknown): void;
  userData: string;
  resources: string;
  /** Starts or returns the inference process's port; absent where none can be had. */
  inference?: (() => Promise<unknown>) | undefined;
}
