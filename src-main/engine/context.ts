import type { JobRunner } from './jobs/runner.ts';
import type { Project } from './store/project.ts';

/** What every service gets. */
export interface EngineContext {
  /** The open project. Error: 'no-project'. */
  project(): Project;
  runner(): JobRunner;
  emit(name: string, payload: unknown): void;
  userData: string;
  resources: string;
  /** Starts or returns the inference process's port; absent where none can be had. */
  inference?: (() => Promise<unknown>) | undefined;
}
