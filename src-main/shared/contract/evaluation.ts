import { z } from 'zod';
import { command, query } from './define.ts';
import { decoding, generationSettings } from './generation.ts';
import { job, language, passageFilter } from './types.ts';

/** Where a run's questions come from: generated now, one per passage, or outputs of any system from a file. */
export const evaluationSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('generator'),
    generator: z.string(), // from `generation.generators`
    device: generationSettings.shape.device,
    decoding: decoding.prefault({}),
    seed: z.number().int().default(1),
  }),
  z.object({ kind: z.literal('file'), path: z.string() }), // JSON lines: id or passage, and output
]);
export type EvaluationSource = z.infer<typeof evaluationSource>;

export const evaluationSettings = z.object({
  name: z.string().trim().min(1).max(80),
  passages: passageFilter.default({}), // of these, those that came with reference questions
  perLanguage: z.number().int().min(1).max(100_000).nullable().default(null), // null = all
  source: evaluationSource,
  against: z.array(z.string()).max(6).default([]), // earlier runs, by id: compared on the passages that all answer
  profile: z.enum(['paper', 'plain']).default('paper'),
  meteorFolder: z.string().nullable().default(null), // the person's own METEOR
});
export type EvaluationSettings = z.infer<typeof evaluationSettings>;

export const metricName = z.enum([
  'bleu1', 'bleu2', 'bleu3', 'bleu4', 'sacreBleu1', 'sacreBleu2', 'sacreBleu3', 'sacreBleu', 'rougeL', 'rougeLF1', 'meteor', 'chrf', 'selfBleu',
  'distinct1', 'distinct2', 'distinctOutputs', 'copiedShare', 'questionForm', 'endMark',
]); // prettier-ignore
export type MetricName = z.infer<typeof metricName>;

const interval = { value: z.number(), low: z.number(), high: z.number() }; // 0 to 100

/** One language's table: systems by row, metrics by column; all numbers of a column have the same signature. */
export const scoreTable = z.object({
  language,
  passages: z.number().int(),
  systems: z.array(
    z.object({
      name: z.string(),
      baseline: z.boolean(),
      unanswered: z.number().int().default(0), // passages without a question: each counts as 0, in every metric
      values: z.array(z.object({ metric: metricName, score: z.object(interval), signature: z.string() })),
    }),
  ),
  /** The run's own system less each other one. */
  comparisons: z.array(
    z.object({
      other: z.string(),
      metrics: z.array(z.object({ metric: metricName, difference: z.object({ ...interval, p: z.number() }) })),
    }),
  ),
});
export type ScoreTable = z.infer<typeof scoreTable>;

/** English METEOR that ran without WordNet, as its signature says. */
export const lacksSynonyms = (signature: string): boolean =>
  signature.includes('|params:en|') && !signature.includes('+synonym');

export const tableFormat = z.enum(['csv', 'json', 'markdown', 'latex']);
export type TableFormat = z.infer<typeof tableFormat>;

/** A passage's question by one system, with its own scores; `reference` is the one nearest to it. */
export const scoredItem = z.object({
  passageId: z.string(),
  title: z.string(),
  output: z.string(),
  reference: z.string(),
  references: z.number().int(),
  scores: z.partialRecord(metricName, z.number()),
  other: z.object({ output: z.string(), score: z.number() }).nullable(),
});
export type ScoredItem = z.infer<typeof scoredItem>;

const run = z.object({ id: z.string() });

export const evaluation = {
  /** Passages with reference questions among those that match, by language. */
  available: query(
    z.object({ passages: passageFilter.default({}) }),
    z.array(z.object({ language, passages: z.number().int() })),
  ),
  start: command(evaluationSettings, job),
  /** Tables of a finished run, one per language. */
  tables: query(run, z.array(scoreTable)),
  /** A page of items, by the system's own score, or with `other` by the difference of the two. */
  items: query(
    run.extend({
      language,
      system: z.number().int().min(0).default(0),
      other: z.number().int().min(0).nullable().default(null),
      metric: metricName.default('rougeL'),
      order: z.enum(['worst', 'best']).default('worst'),
      offset: z.number().int().min(0).default(0),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    z.object({ total: z.number().int(), items: z.array(scoredItem) }),
  ),
  /** The tables as text in a format, signatures included. */
  exported: query(
    run.extend({ format: tableFormat }),
    z.object({ name: z.string(), type: z.string(), text: z.string() }),
  ),
};
