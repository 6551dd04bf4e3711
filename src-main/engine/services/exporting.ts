import type { Handlers } from '../../shared/contract/define.ts';
import { exportSettings, type ExportSettings } from '../../shared/contract/exporting.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Job } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { exportProject } from '../io/export.ts';
import { exportItems } from '../io/items.ts';
import { planSplits } from '../io/split.ts';
import { huggingFaceRow, warningsFor, writers } from '../io/writers.ts';
import type { JobControl } from '../jobs/runner.ts';
import type { Project } from '../store/project.ts';

const headRows = 3;

export function createExporting(context: EngineContext): Handlers<Contract>['exporting'] {
  async function run(job: Job, control: JobControl): Promise<Record<string, unknown>> {
    const settings = exportSettings.parse(job.settings);
    const exported = await exportProject(
      context.project(),
      settings,
      () => control.checkpoint(),
      (done) => control.progress({ done }),
    );
    return { ...exported };
  }

  return {
    preview: (settings) => preview(context.project(), settings),
    start(settings) {
      const project = context.project();
      const { passages, leakage } = preview(project, settings);
      if (passages === 0)
        throw new AsklabError(
          'invalid-input',
          'Nothing to export: no question has the chosen status. Accept some in Review first.',
        );
      if (leakage.shared > 0)
        throw new AsklabError(
          'leakage',
          `${leakage.shared} groups stand in two splits. Choose "near-duplicate cluster".`,
        );
      const job = project.jobs.create({ kind: 'export', title: settings.format, total: passages, settings });
      context.runner().register('export', run);
      return context.runner().start(job);
    },
  };
}

function preview(
  project: Project,
  settings: Omit<ExportSettings, 'folder'>,
): Awaited<ReturnType<Handlers<Contract>['exporting']['preview']>> {
  const plan = planSplits(exportItems(project, settings), settings.split);
  const head: string[] = [];
  let withoutAnswer = 0;
  for (const item of exportItems(project, settings)) {
    withoutAnswer += item.questions.filter((question) => question.answer === null).length;
    if (head.length >= headRows) continue;
    const first = item.questions[0];
    const text =
      settings.format === 'hf-parquet'
        ? first && JSON.stringify(huggingFaceRow(item, first))
        : writers[settings.format](settings).item(item, plan.of.get(item.passage.id) ?? '');
    if (text) head.push(text);
  }
  return {
    rows: plan.splits.reduce((sum, split) => sum + split.questions, 0),
    passages: plan.of.size,
    splits: plan.splits,
    leakage: { shared: plan.shared.length, pairs: plan.shared },
    head,
    warnings: warningsFor(settings.format, withoutAnswer),
  };
}
