import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { EngineContext } from '../context.ts';

export function createJobs(context: EngineContext): Handlers<Contract>['jobs'] {
  return {
    list: () => context.project().jobs.list(),
    pause: ({ id }) => context.runner().pause(id),
    resume: ({ id }) => context.runner().resume(id),
    cancel: ({ id }) => context.runner().cancel(id),
    problems: ({ id, limit }) => context.project().jobs.problems(id, limit),
  };
}
