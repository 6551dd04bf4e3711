import { setImmediate as turn } from 'node:timers/promises';
import type { Handlers } from '../../shared/contract/define.ts';
import { exportSettings } from '../../shared/contract/exporting.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Job } from '../../shared/contract/types.ts';
import { AsklabError } from '../../shared/errors.ts';
import type { EngineContext } from '../context.ts';
import { exportProject, nothingToExport, planExport } from '../io/export.ts';
import { exportItems, type ExportItem, type ExportQuestion, type Settings } from '../io/items.ts';
import { huggingFaceRow } from '../io/writers/datasets.ts';
import { textWriters, warningsFor } from '../io/writers/formats.ts';
import type { JobControl } from '../jobs/runner.ts';
import type { Project } from '../store/project.ts';

type Exporting = Handlers<Contract>['exporting'];

const headItems = 100; // of which each split shows its first few questions
const headRows = 5;
const shownPairs = 100;

export function createExporting(context: EngineContext): Exporting {
  context.handle('export', (job, control) => runExport(context, job, control));
  return {
    preview: (settings, { signal }) => preview(context.project(), settings, signal),
    start(settings) {
      const project = context.project();
      const [first] = exportItems(project, settings);
      if (!first) throw nothingToExport();
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
    progress: (done) => control.progress({ done }),
  });
  return { ...exported };
}

async function preview(
  project: Project,
  settings: Settings,
  signal: AbortSignal,
): Promise<Awaited<ReturnType<Exporting['preview']>>> {
  const first: ExportItem[] = [];
  let leftOut = 0;
  let withoutAnswer = 0;
  const checkpoint = async (): Promise<void> => {
    await turn();
    if (signal.aborted) throw new AsklabError('cancelled', 'Cancelled.');
  };
  const each = (item: ExportItem): void => {
    if (first.length < headItems) first.push(item);
    withoutAnswer += item.questions.filter((question) => question.answer === null).length;
  };
  const plan = await planExport(project, settings, each, { checkpoint }, () => (leftOut += 1));
  const pairs = plan.shared.slice(0, shownPairs).map(({ left, right, similarity }) => ({
    left: project.passageId(left),
    right: project.passageId(right),
    similarity,
  }));
  return {
    rows: plan.splits.reduce((sum, split) => sum + split.questions, 0),
    passages: plan.splits.reduce((sum, split) => sum + split.passages, 0),
    splits: plan.splits,
    leakage: { shared: plan.shared.length, pairs, notCompared: plan.notCompared },
    head: plan.splits.flatMap(({ name }) =>
      first
        .filter((item) => plan.splitOf(item.passage.row) === name)
        .flatMap((item) => item.questions.map((question) => headOf(settings, item, question, name)))
        .slice(0, headRows),
    ),
    warnings: warningsFor(settings, leftOut, withoutAnswer),
  };
}

/** A question and how it would be written; Parquet's rows as JSON. */
function headOf(
  settings: Settings,
  { passage }: ExportItem,
  question: ExportQuestion,
  split: string,
): Awaited<ReturnType<Exporting['preview']>>['head'][number] {
  const item = { passage, questions: [question] };
  const text =
    settings.format === 'hf-parquet'
      ? JSON.stringify(huggingFaceRow(item, question))
      : textWriters[settings.format](settings).item(item, split).trimEnd();
  const { id, answer, status } = question;
  return {
    id,
    split,
    title: passage.title || passage.documentTitle,
    language: passage.language,
    question: question.question,
    answer: answer && { text: answer.text, start: answer.start },
    status,
    text,
  };
}
