import { z } from 'zod';
import { command, query } from './define.ts';
import { failure, job, language, passageFilter, type Job } from './types.ts';

export const decoding = z.object({
  method: z.enum(['greedy', 'beam', 'diverse-beam', 'sampling']).default('beam'),
  beams: z.number().int().min(1).max(16).default(4),
  groups: z.number().int().min(1).max(8).default(2),
  diversity: z.number().min(0).max(5).default(0.6),
  temperature: z.number().min(0.05).max(3).default(1),
  topK: z.number().int().min(0).max(1000).default(50),
  topP: z.number().min(0.05).max(1).default(0.95),
  lengthPenalty: z.number().min(0).max(2).default(0.8),
  noRepeatNgram: z.number().int().min(0).max(6).default(3),
  minimumLength: z.number().int().min(0).max(40).default(3),
  maximumLength: z.number().int().min(4).max(64).default(40),
});
export type Decoding = z.infer<typeof decoding>;

export const generationSettings = z.object({
  passages: passageFilter.default({ state: 'none' }),
  generator: z.string(), // from `generators`
  device: z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']).default('auto'),
  candidates: z.number().int().min(1).max(40).default(6), // at most, per passage
  focus: z.enum(['sentences', 'span', 'free']).default('sentences'),
  decoding: decoding.prefault({}),
  seed: z.number().int().default(1),
  setAside: z
    .object({ unfinished: z.boolean(), duplicate: z.boolean(), copied: z.boolean() })
    .default({ unfinished: true, duplicate: true, copied: false }),
});
export type GenerationSettings = z.infer<typeof generationSettings>;

/** Somebody waits for the questions of one passage. */
export function isAwaited({ passages }: Pick<GenerationSettings, 'passages'>): boolean {
  return passages.ids?.length === 1;
}

/** Whether what is awaited is asked at once: beside the one run at work, by the same model or by the rules. */
export function goesBeside(
  wanted: Pick<GenerationSettings, 'passages'> & { generator: Pick<Generator, 'id' | 'kind'> },
  [run, ...others]: readonly Pick<Job, 'kind' | 'settings' | 'state'>[],
): boolean {
  if (run?.kind !== 'generate' || run.state === 'queued' || others.length > 0 || !isAwaited(wanted)) return false;
  return wanted.generator.kind === 'rules' || wanted.generator.id === run.settings['generator'];
}

export const generator = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(['rules', 'model']),
  bytes: z.number().nullable(),
  hash: z.string().nullable(), // SHA-256 of what the manifest says, its metrics aside: measuring a bundle makes no other one of it
  licence: z.string().nullable(),
  languages: z.array(z.object({ language, ready: z.boolean() })),
  path: z.string().nullable(),
  addedAt: z.number().nullable(), // when a person added it; null: it came with the app and stays
  /** Where a bundle came from; null for the rules. */
  origin: z
    .object({
      sources: z.array(z.object({ source: z.string(), licence: z.string() })), // of the training data, with their terms
      packedAt: z.string(), // ISO date
    })
    .nullable(),
  problem: failure.nullable(), // a refused bundle says which check failed
});
export type Generator = z.infer<typeof generator>;

export const deviceMeasure = z.object({
  device: z.string(),
  usable: z.boolean(),
  maximumDifference: z.number().nullable(), // of a log-probability
  milliseconds: z.number().nullable(),
  cpuMilliseconds: z.number().nullable(),
  reason: z.string(), // why it is or is not used
});
export type DeviceMeasure = z.infer<typeof deviceMeasure>;

export const generation = {
  generators: query(z.object({}), z.array(generator)),
  /** Copies a bundle (folder or .asklab-model) into the app's own models folder after checking it. */
  addModel: command(z.object({ path: z.string() }), generator),
  removeModel: command(z.object({ id: z.string() }), z.object({})),
  /** Runs a model on each device beside the CPU, on the same input: whether they agree, and how long each took. */
  measure: query(z.object({ generator: z.string() }), z.array(deviceMeasure)),
  start: command(generationSettings, job),
  /** A run that has ended takes up the passages again that failed; their problems go. */
  retry: command(z.object({ jobId: z.string() }), job),
  /** The newest questions of a run, first question of each passage. */
  latest: query(
    z.object({ jobId: z.string(), limit: z.number().int().max(50).default(8) }),
    z.array(
      z.object({
        passageId: z.string(),
        title: z.string(),
        language,
        question: z.string(),
        count: z.number(),
        score: z.number().nullable(),
      }),
    ),
  ),
};
