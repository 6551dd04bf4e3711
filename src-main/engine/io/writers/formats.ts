import type { ExportFormat } from '../../../shared/contract/exporting.ts';
import { why } from '../../../shared/problems.ts';
import type { Settings } from '../items.ts';
import { argilla, doccano, labelStudio, labelStudioConfig } from './annotation.ts';
import { datasetCard } from './card.ts';
import { csv, huggingFaceRow, lab, lmqg, squad } from './datasets.ts';
import { alpaca, datasetInfo, lalm, openAiChat, preference, shareGpt } from './tuning.ts';
import { flatLineage, lines, type TextWriter } from './writer.ts';

export type TextFormat = Exclude<ExportFormat, 'hf-parquet'>;

export const textWriters: Record<TextFormat, (settings: Settings) => TextWriter> = {
  'squad-v1': (settings) => squad('1.1', settings),
  'squad-v2': (settings) => squad('v2.0', settings),
  'hf-jsonl': (settings) =>
    lines((item, question) => ({ ...huggingFaceRow(item, question), ...flatLineage(question, settings) }), settings),
  lab,
  lmqg,
  csv,
  'label-studio': labelStudio,
  argilla,
  doccano,
  alpaca,
  sharegpt: shareGpt,
  'openai-chat': openAiChat,
  preference,
  lalm,
};

/** Files that a format has beside its data. */
export function sideFiles(
  settings: Settings,
  splits: readonly { name: string; questions: number }[],
  languages: readonly string[],
): { name: string; text: string }[] {
  switch (settings.format) {
    case 'hf-jsonl':
    case 'hf-parquet':
      return [{ name: 'README.md', text: datasetCard(settings, splits, languages) }];
    case 'label-studio':
      return [{ name: 'labelling-config.xml', text: labelStudioConfig }];
    case 'alpaca':
    case 'sharegpt':
    case 'openai-chat':
    case 'preference':
      return [{ name: 'dataset_info.json', text: datasetInfo(settings.format, splits) }];
    default:
      return [];
  }
}

const withLineage: readonly ExportFormat[] = [
  ...(['squad-v1', 'squad-v2', 'hf-jsonl', 'hf-parquet', 'csv', 'label-studio', 'argilla'] as const),
];

/** What a format cannot carry, said before anything is written. `withoutAnswer`: none is marked, and none is said to be impossible. */
export function warningsFor(
  { format, lineage }: Settings,
  leftOut: number,
  withoutAnswer: number,
): ReturnType<typeof why>[] {
  const warnings: ReturnType<typeof why>[] = [];
  if (format === 'squad-v1' && leftOut > 0) warnings.push(why('warning.squad1', { count: leftOut }));
  if (format === 'squad-v2' && withoutAnswer > 0) warnings.push(why('warning.squad2', { count: withoutAnswer }));
  if (format === 'preference' && leftOut > 0) warnings.push(why('warning.pairs', { count: leftOut }));
  if (lineage && !withLineage.includes(format)) warnings.push(why('warning.lineage'));
  return warnings;
}
