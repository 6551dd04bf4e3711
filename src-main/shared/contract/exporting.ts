import { z } from 'zod';
import { command, query } from './define.ts';
import { job, language, problem, status } from './types.ts';

export const exportFormats = [
  'squad-v1',
  'squad-v2',
  'hf-jsonl',
  'hf-parquet',
  'lab',
  'lmqg',
  'csv',
  'label-studio',
  'argilla',
  'doccano',
  'alpaca',
  'sharegpt',
  'openai-chat',
  'preference',
  'lalm',
] as const;
export type ExportFormat = (typeof exportFormats)[number];

/**
 * Fields that a format may go without, in the order of its rows: `usual` are written unless others are chosen, `more`
 * only if chosen. Formats that are not here have a fixed shape.
 */
export const exportFields: Partial<Record<ExportFormat, { usual: readonly string[]; more: readonly string[] }>> = {
  'hf-jsonl': { usual: ['id', 'title', 'answers'], more: ['is_impossible', 'language'] },
  'hf-parquet': { usual: ['id', 'title', 'answers'], more: ['is_impossible', 'language'] },
  lab: { usual: ['title'], more: ['id'] },
  lmqg: {
    usual: ['answer', 'sentence', 'paragraph_sentence', 'paragraph_answer', 'sentence_answer'],
    more: ['id'],
  },
  csv: {
    usual: [
      'id',
      'document_id',
      'title',
      'answer_text',
      'answer_start',
      'is_impossible',
      'split',
      'language',
      'status',
    ],
    more: [],
  },
  argilla: { usual: ['id', 'score', 'agent'], more: [] },
  lalm: { usual: ['id', 'answer', 'focus', 'source'], more: [] },
};

/** Whatever a second person said; what one has checked; what both said the same of, and stands as it was checked. */
export const checkedChoices = ['any', 'checked', 'agreed'] as const;
export type Checked = (typeof checkedChoices)[number];

export const exportSettings = z.object({
  format: z.enum(exportFormats),
  folder: z.string(), // an existing or new folder; files are written beside a temporary name, then renamed
  statuses: z.array(status).default(['accepted', 'edited']),
  checked: z.enum(checkedChoices).default('any'), // of the project's own questions
  languages: z.array(language).optional(),
  set: z.string().optional(), // by name: of its passages only
  includeReferences: z.boolean().default(false),
  lineage: z.boolean().default(false),
  neutraliseFormulas: z.boolean().default(false),
  fields: z.array(z.string()).optional(), // of `exportFields`; the usual ones when absent
  split: z
    .object({
      by: z.enum(['document', 'passage', 'cluster']),
      seed: z.number().int(),
      train: z.number().min(0),
      dev: z.number().min(0),
      test: z.number().min(0),
    }) // ratios when they sum to at most 1, else counts of questions
    .nullable()
    .default(null),
});
export type ExportSettings = z.infer<typeof exportSettings>;

export const exporting = {
  preview: query(
    exportSettings.omit({ folder: true }),
    z.object({
      rows: z.number(),
      passages: z.number(),
      /** What writing it would give, estimated from questions all over the project. */
      size: z.object({ files: z.number(), bytes: z.number() }),
      /** How many of the chosen statuses and languages each choice leaves. */
      checked: z.object({ checked: z.number(), agreed: z.number() }),
      splits: z.array(
        z.object({
          name: z.string(),
          questions: z.number(),
          passages: z.number(),
          groups: z.number(),
          languages: z.partialRecord(language, z.number()), // questions in each
        }),
      ),
      leakage: z.object({
        shared: z.number(), // passages in another split than a text they are like
        notCompared: z.number(), // passages after a very great many, compared for exact duplicates only
        pairs: z.array(z.object({ left: z.string(), right: z.string(), similarity: z.number() })),
      }),
      /** The first questions of each split, `text` as they would be written. */
      head: z.array(
        z.object({
          id: z.string(),
          split: z.string(),
          title: z.string(),
          language,
          question: z.string(),
          answer: z.object({ text: z.string(), start: z.number() }).nullable(),
          status: z.string(), // of the question, or "reference"
          text: z.string(),
        }),
      ),
      warnings: z.array(problem.pick({ reason: true, key: true, values: true })), // what the format cannot carry
    }),
  ),
  start: command(exportSettings, job),
};
