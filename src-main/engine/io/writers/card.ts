import type { Settings } from '../items.ts';
import { chooses } from './writer.ts';

/** The README of a Hugging Face data set: where the splits are and what the columns hold. */
export function datasetCard(
  settings: Settings,
  splits: readonly { name: string }[],
  languages: readonly string[],
): string {
  const parquet = settings.format === 'hf-parquet';
  const path = (name: string): string => (parquet ? `${name}-00000-of-00001.parquet` : `${name}.jsonl`);
  const wanted = chooses(settings);
  const columns = [
    ...['id', 'title', 'context', 'question', 'answers', 'is_impossible', 'language'].filter(wanted),
    ...(settings.lineage ? (parquet ? ['lineage'] : ['status', 'original', 'decided_by', 'lineage']) : []),
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
    'dataset_info:',
    '  features:',
    ...columns.flatMap(featureOf),
    '---',
    '',
    'Questions reviewed in Asklab. Offsets in `answer_start` count code points.',
    '',
    ...(wanted('is_impossible')
      ? [
          'A row with empty `answers` has no marked answer. Where `is_impossible` is true its file called it unanswerable; where',
          'it is false nothing is said of whether the passage answers it.',
        ]
      : [
          'A row with empty `answers` has no marked answer: nobody marked one, or its file called the question unanswerable. Write',
          'the field `is_impossible` to tell the two apart.',
        ]),
    '',
  ].join('\n');
}

function featureOf(name: string): string[] {
  if (name === 'answers')
    return [
      ...['  - name: answers', '    sequence:', '    - name: text', '      dtype: string'],
      ...['    - name: answer_start', '      dtype: int32'],
    ];
  return [`  - name: ${name}`, `    dtype: ${name === 'is_impossible' ? 'bool' : 'string'}`];
}
