import type { Settings } from '../items.ts';

/** The README of a Hugging Face data set: where the splits are and what the columns hold. */
export function datasetCard(
  settings: Settings,
  splits: readonly { name: string }[],
  languages: readonly string[],
): string {
  const parquet = settings.format === 'hf-parquet';
  const path = (name: string): string => (parquet ? `${name}-00000-of-00001.parquet` : `${name}.jsonl`);
  const strings = ['id', 'title', 'context', 'question'];
  const features = [
    ...strings.flatMap((name) => [`  - name: ${name}`, '    dtype: string']),
    ...['  - name: answers', '    sequence:', '    - name: text', '      dtype: string'],
    ...['    - name: answer_start', '      dtype: int32'],
    ...(parquet && settings.lineage ? ['  - name: lineage', '    dtype: string'] : []),
  ];
  return [
    '---',
    ...(languages.length > 0 ? ['language:', ...languages.map((language) => `- ${language}`)] : []),
    'task_categories:',
    '- text-generation',
    '- question-answering',
    'tags:',
    '- question-generation',
    'configs:',
    '- config_name: default',
    '  data_files:',
    ...splits.flatMap(({ name }) => [`  - split: ${name}`, `    path: ${path(name)}`]),
    ...(parquet || !settings.lineage ? ['dataset_info:', '  features:', ...features] : []),
    '---',
    '',
    'Questions reviewed in Asklab. Offsets in `answer_start` count code points. A row with empty `answers` has no marked',
    'answer; it is not an unanswerable question.',
    '',
  ].join('\n');
}
