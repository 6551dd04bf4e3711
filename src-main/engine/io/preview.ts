import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Project } from '../store/project.ts';
import { countChecked } from '../store/stream.ts';
import { giveWay } from '../turn.ts';
import { planExport } from './export.ts';
import type { ExportItem, ExportQuestion, Settings } from './items.ts';
import { huggingFaceRow } from './writers/datasets.ts';
import { sideFiles, textWriters, warningsFor } from './writers/formats.ts';
import { ParquetRows } from './writers/parquet.ts';
import { chosen } from './writers/writer.ts';

type Preview = Awaited<ReturnType<Handlers<Contract>['exporting']['preview']>>;

const headItems = 100; // of which each split shows its first few questions
const headRows = 5;
const shownPairs = 100;
const sampleItems = 400;

export async function previewExport(project: Project, settings: Settings, signal: AbortSignal): Promise<Preview> {
  const first: ExportItem[] = [];
  const sample = new Sample();
  let leftOut = 0;
  let withoutAnswer = 0;
  const checkpoint = (): Promise<void> => giveWay(signal);
  const each = (item: ExportItem): void => {
    if (first.length < headItems) first.push(item);
    sample.add(item);
    withoutAnswer += item.questions.filter(({ answer, impossible }) => answer === null && !impossible).length;
  };
  const plan = await planExport(project, settings, { checkpoint }, each, () => (leftOut += 1));
  const pairs = plan.shared.slice(0, shownPairs).map(({ left, right, similarity }) => ({
    left: project.passageId(left),
    right: project.passageId(right),
    similarity,
  }));
  const rows = plan.splits.reduce((sum, split) => sum + split.questions, 0);
  const beside = sideFiles(settings, plan.splits, []);
  return {
    rows,
    passages: plan.splits.reduce((sum, split) => sum + split.passages, 0),
    size: {
      files: plan.splits.length + beside.length + 1,
      bytes: Math.round(rows * bytesOfRow(settings, sample.items)),
    },
    checked: countChecked(project.database, settings),
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
): Preview['head'][number] {
  const item = { passage, questions: [question] };
  const text =
    settings.format === 'hf-parquet'
      ? JSON.stringify(chosen(settings)(huggingFaceRow(item, question)))
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

/** Items from all over a stream of unknown length: every second, fourth, eighth … as it grows. */
class Sample {
  items: ExportItem[] = [];
  private step = 1;
  private seen = 0;

  add(item: ExportItem): void {
    if (this.seen % this.step === 0) this.items.push(item);
    this.seen += 1;
    if (this.items.length < sampleItems) return;
    this.items = this.items.filter((_, index) => index % 2 === 0);
    this.step *= 2;
  }
}

/** What a question takes in the file, by writing some. */
function bytesOfRow(settings: Settings, items: readonly ExportItem[]): number {
  const rows = items.reduce((sum, { questions }) => sum + questions.length, 0);
  let bytes = 0;
  if (settings.format === 'hf-parquet') {
    const parquet = new ParquetRows(settings, (part) => (bytes += part.length));
    for (const item of items) parquet.item(item);
    parquet.finish();
  } else {
    const writer = textWriters[settings.format](settings);
    for (const item of items) bytes += Buffer.byteLength(writer.item(item, 'train') + writer.between);
  }
  return bytes / Math.max(1, rows);
}
