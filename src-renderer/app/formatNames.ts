import type { ExportFormat } from '../../src-main/shared/contract/exporting.ts';

/** Format names are the same in every language. */
export const formatNames: Record<ExportFormat, string> = {
  'hf-parquet': 'Hugging Face, Parquet',
  'hf-jsonl': 'Hugging Face, JSONL',
  'squad-v1': 'SQuAD 1.1',
  'squad-v2': 'SQuAD 2.0',
  lab: 'LAB JSON',
  lmqg: 'lmqg JSONL',
  csv: 'CSV',
  lalm: 'LALM JSONL',
  alpaca: 'Alpaca',
  sharegpt: 'ShareGPT',
  'openai-chat': 'OpenAI chat',
  preference: 'DPO JSONL',
  'label-studio': 'Label Studio',
  argilla: 'Argilla',
  doccano: 'doccano',
};
