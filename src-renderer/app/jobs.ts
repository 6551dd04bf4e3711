import type { Job } from '../../src-main/shared/contract/types.ts';

export const activeStates: readonly Job['state'][] = ['queued', 'running', 'paused', 'stopped'];

/** Share done, 0 to 1; never 1 before the job has finished. */
export function jobShare(job: Job): number {
  if (job.state === 'done' || job.state === 'done-with-problems') return 1;
  if (job.total === null || job.total === 0) return 0;
  return Math.min(job.done / job.total, 0.99);
}
