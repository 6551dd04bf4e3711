import type { Job } from '../../src-main/shared/contract/types.ts';
import { engine } from './client.ts';
import { problemText, t } from './i18n.ts';

/** As many as one answer of the engine may hold. */
const most = 10_000;

/** A job's problems as rows of a report: file, line or place, reason. A last row tells of those that are too many for it. */
export async function problemRows(job: Job): Promise<(string | number | null)[][]> {
  const problems = await engine.jobs.problems({ id: job.id, limit: most });
  const rows = problems.map((problem) => [problem.file, problem.line ?? problem.place ?? null, problemText(problem)]);
  const left = job.problems - problems.length;
  return left > 0 ? [...rows, [null, null, t('job.problemsLeftOut', { count: left })]] : rows;
}
