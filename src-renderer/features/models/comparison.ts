import type { EvaluationSettings, ScoredItem, ScoreTable } from '../../../src-main/shared/contract/evaluation.ts';
import type { Generator } from '../../../src-main/shared/contract/generation.ts';
import type { Job } from '../../../src-main/shared/contract/types.ts';

export type Profile = EvaluationSettings['profile'];

/** An evaluation run that scores two generators on the same passages. */
export interface Comparison {
  id: string;
  other: number; // the second system's place in the run's tables
  swapped: boolean; // the run's own system is B
}

/** What a generator is known by: a bundle's hash, since another bundle may have its id; the rules' id is their version. */
export function identity({ id, hash }: Pick<Generator, 'id' | 'hash'>): string {
  return hash ?? id;
}

function identityOfRun(job: Job | undefined): string | undefined {
  const source = job?.settings['source'] as { generator?: string } | undefined;
  return (job?.settings['hash'] as string | null | undefined) ?? source?.generator;
}
const againstOf = (job: Job): string[] => (job.settings['against'] as string[] | undefined) ?? [];
const finished = (job: Job): boolean => job.state === 'done' || job.state === 'done-with-problems';

/** The newest run of one of the two that was made against a run of the other under a profile; both by their identity. */
export function findComparison(jobs: readonly Job[], a: string, b: string, profile: Profile): Comparison | null {
  const runs = jobs.filter((job) => job.kind === 'evaluate' && job.settings['profile'] === profile);
  const newest = runs.filter(finished).sort((left, right) => right.startedAt - left.startedAt);
  for (const run of newest) {
    for (const [own, wanted, swapped] of [
      [a, b, false],
      [b, a, true],
    ] as const) {
      if (identityOfRun(run) !== own) continue;
      const at = againstOf(run).findIndex((id) => identityOfRun(runs.find((one) => one.id === id)) === wanted);
      if (at >= 0) return { id: run.id, other: at + 1, swapped };
    }
  }
  return null;
}

export interface Lead {
  value: number; // B less A, ROUGE-L
  low: number;
  high: number;
  clear: boolean;
}

/** B less A by ROUGE-L in one language, whichever of them the run is of. */
export function leadOf(table: ScoreTable, { other, swapped }: Comparison): Lead | null {
  const name = table.systems[other]?.name;
  const metrics = table.comparisons.find((one) => one.other === name)?.metrics;
  const own = metrics?.find(({ metric }) => metric === 'rougeL')?.difference;
  if (own === undefined) return null;
  const clear = own.p < 0.05;
  if (swapped) return { value: own.value, low: own.low, high: own.high, clear };
  return { value: -own.value, low: -own.high, high: -own.low, clear };
}

/** In how many languages each side is clearly better. */
export function countLeads(leads: readonly (Lead | null)[]): { a: number; b: number; none: number } {
  const clear = leads.filter((lead) => lead?.clear === true);
  const b = clear.filter((lead) => (lead?.value ?? 0) > 0).length;
  return { a: clear.length - b, b, none: leads.length - clear.length };
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
