import type { ExportFormat } from '../../../shared/contract/exporting.ts';
import type { Settings } from '../items.ts';
import { argilla, doccano, labelStudio, labelStudioConfig } from './annotation.ts';
import { datasetCard } from './card.ts';
import { csv, huggingFaceRow, lab, lmqg, squad } from './datasets.ts';
import { alpaca, datasetInfo, lalm, openAiChat, preference, shareGpt } from './tuning.ts';
import { lineageOf, lines, type TextWriter } from './writer.ts';

export type TextFormat = Exclude<ExportFormat, 'hf-parquet'>;

export const textWriters: Record<TextFormat, (settings: Settings) => TextWriter> = {
  'squad-v1': (settings) => squad('1.1', settings),
  'squad-v2': (settings) => squad('v2.0', settings),
  'hf-jsonl': (settings) =>
    lines((item, question) => ({ ...huggingFaceRow(item, question), ...lineageOf(question, settings) })),
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

/** What a format cannot carry, said before anything is written. */
export function warningsFor({ format, lineage }: Settings, leftOut: number, withoutAnswer: number): string[] {
  const warnings: string[] = [];
  if (format === 'squad-v1' && leftOut > 0)
    warnings.push(`SQuAD v1.1 needs an answer: ${leftOut} questions without one are left out.`);
  if (format === 'squad-v2' && withoutAnswer > 0) {
    const rule = `${withoutAnswer} questions have no marked answer: they are written with "answers" empty and "is_impossible" false.`;
    warnings.push(`${rule} SQuAD's own scorer reads an empty list as unanswerable.`);
  }
  if (format === 'preference' && leftOut > 0)
    warnings.push(`Only edited questions make a pair: ${leftOut} others are left out.`);
  if (lineage && !withLineage.includes(format)) warnings.push('This format has no place for lineage.');
  return warnings;
}
