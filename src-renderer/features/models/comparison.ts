import type { ScoredItem } from '../../../src-main/shared/contract/evaluation.ts';
import type { Job } from '../../../src-main/shared/contract/types.ts';

/** An evaluation run that scores two generators on the same passages. */
export interface Comparison {
  id: string;
  other: number; // the second system's place in the run's tables
  swapped: boolean; // the run's own system is B
}

const generatorOf = (job: Job | undefined): unknown =>
  (job?.settings['source'] as { generator?: unknown } | undefined)?.generator;
const againstOf = (job: Job): string[] => (job.settings['against'] as string[] | undefined) ?? [];
const finished = (job: Job): boolean => job.state === 'done' || job.state === 'done-with-problems';

/** The newest run of one of the two that was made against a run of the other. */
export function findComparison(jobs: readonly Job[], a: string, b: string): Comparison | null {
  const runs = jobs.filter((job) => job.kind === 'evaluate');
  const newest = runs.filter(finished).sort((left, right) => right.startedAt - left.startedAt);
  for (const run of newest) {
    for (const [own, wanted, swapped] of [
      [a, b, false],
      [b, a, true],
    ] as const) {
      if (generatorOf(run) !== own) continue;
      const at = againstOf(run).findIndex((id) => generatorOf(runs.find((one) => one.id === id)) === wanted);
      if (at >= 0) return { id: run.id, other: at + 1, swapped };
    }
  }
  return null;
}

/** Each passage once, the one whose two questions score farthest apart first, whichever is better. */
export function farthest(items: readonly ScoredItem[]): ScoredItem[] {
  const distance = ({ scores, other }: ScoredItem): number => Math.abs((scores.rougeL ?? 0) - (other?.score ?? 0));
  const once = new Map(items.map((item) => [item.passageId, item]));
  return [...once.values()].sort((left, right) => distance(right) - distance(left));
}

/** Questions a second of a generator's newest finished run. */
export function latestRun(jobs: readonly Job[], generator: string): { rate: number; provider: string } | null {
  const runs = jobs.filter(
    (job) => job.kind === 'generate' && finished(job) && job.settings['generator'] === generator,
  );
  const newest = runs.reduce<Job | null>((last, job) => (job.startedAt > (last?.startedAt ?? 0) ? job : last), null);
  const questions = newest?.result?.['questions'];
  if (newest === null || newest.endedAt === null || newest.provider === null || typeof questions !== 'number')
    return null;
  return { rate: (questions / Math.max(1, newest.endedAt - newest.startedAt)) * 1000, provider: newest.provider };
}
