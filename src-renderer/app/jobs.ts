import type { Job } from '../../src-main/shared/contract/types.ts';
import { failureText } from './i18n.ts';

export const activeStates: readonly Job['state'][] = ['queued', 'running', 'paused', 'stopped'];

/** Why a job failed; in English where it was told before failures had codes. */
export function jobFailure({ message, failure }: Job): string | null {
  return failure ? failureText(failure) : message;
}

/** Share done, 0 to 1; never 1 before the job has finished. */
export function jobShare(job: Job): number {
  if (job.state === 'done' || job.state === 'done-with-problems') return 1;
  if (job.total === null || job.total === 0) return 0;
  return Math.min(job.done / job.total, 0.99);
}
