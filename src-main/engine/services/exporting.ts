import type { Handlers } from '../../shared/contract/define.ts';
import { exportSettings } from '../../shared/contract/exporting.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Job } from '../../shared/contract/types.ts';
import type { EngineContext } from '../context.ts';
import { exportProject, nothingToExport } from '../io/export.ts';
import { previewExport } from '../io/preview.ts';
import type { JobControl } from '../jobs/runner.ts';
import { evidenceOf } from '../store/sets.ts';

type Exporting = Handlers<Contract>['exporting'];

export function createExporting(context: EngineContext): Exporting {
  context.handle('export', (job, control) => runExport(context, job, control));
  return {
    preview: (settings, { signal }) => previewExport(context.project(), settings, signal),
    start(settings) {
      const project = context.project();
      if (settings.set !== undefined) evidenceOf(project, settings.set); // it is there
      const counts = project.counts();
      // Whether a format or a check leaves nothing is known when all is read: the job says it.
      if (!settings.includeReferences && settings.statuses.every((status) => counts[status] === 0))
        throw nothingToExport();
      const job = project.jobs.create({ kind: 'export', title: settings.format, total: null, settings });
      return context.runner().start(job);
    },
  };
}

/** Writes a job's files. A stopped one starts over: nothing of it is there until all is. */
export async function runExport(
  context: EngineContext,
  job: Job,
  control: JobControl,
): Promise<Record<string, unknown>> {
  const exported = await exportProject(context.project(), exportSettings.parse(job.settings), {
    checkpoint: () => control.checkpoint(),
    progress: (done, total) => control.progress({ done, total }),
  });
  return { ...exported };
}
