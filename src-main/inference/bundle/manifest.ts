import { z } from 'zod';
import { InferenceError } from '../errors.ts';

const size = z.number().int().positive();

/** docs/model-bundle.md, `decoding`. */
const decodingDefaults = z.looseObject({
  method: z.enum(['greedy', 'beam', 'diverse', 'sample']).default('beam'),
  beams: size.max(16).default(4),
  lengthPenalty: z.number().min(0).max(4).default(0.8),
  noRepeatNgram: z.number().int().min(0).default(3),
  minimumLength: z.number().int().min(0).default(3),
  maximumLength: size.max(512).default(40),
});

const architecture = z.strictObject({
  hidden: size.max(8192),
  layers: size.max(96),
  heads: size.max(128),
  feedForward: size.max(65536),
  embedding: size.max(8192),
  lstmLayers: z.number().int().min(0).max(2),
  lowLevel: z.enum(['per-language', 'shared']),
  norm: z.enum(['pre', 'post']),
  focus: z.boolean(),
  answerKinds: z.array(z.string().min(1)).max(32).default([]),
  pointer: z.strictObject({ keySize: size.max(8192), features: z.boolean() }).nullable(),
  maximumSource: size.max(4096),
  maximumTarget: size.max(512),
  maximumDraft: z.number().int().min(0).max(512).default(0),
  lowerCase: z.boolean(),
});

const manifestSchema = z.looseObject({
  format: z.literal('asklab-model'),
  version: z.literal(1),
  id: z.string().min(1),
  name: z.string().min(1),
  created: z.string(),
  architecture,
  specialTokens: z.strictObject({
    unknown: z.number().int().min(0),
    separator: z.number().int().min(0),
    end: z.number().int().min(0),
    mask: z.number().int().min(0),
  }),
  languages: z.record(
    z.string(),
    z.strictObject({ vocabulary: z.string(), weights: z.string(), size, ready: z.boolean() }),
  ),
  shared: z.string(),
  precision: z.enum(['fp32', 'fp16', 'int8']),
  activationScales: z.record(z.string(), z.number().positive()).default({}),
  files: z.record(
    z.string(),
    z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.number().int().min(0) }),
  ),
  licence: z.string(),
  trainingData: z.array(z.looseObject({ source: z.string(), licence: z.string() })),
  recipe: z.unknown().optional(),
  metrics: z.unknown().optional(),
  decoding: decodingDefaults,
});

export type Manifest = z.infer<typeof manifestSchema>;
export type Architecture = Manifest['architecture'];

/** Checks a parsed manifest.json. Errors: 'not-a-bundle', 'unknown-version', 'bad-manifest'. */
export function parseManifest(text: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InferenceError(
      'not-a-bundle',
      "manifest.json is not JSON. Choose a folder or file written by the trainer's pack command.",
    );
  }
  const head = z.looseObject({ format: z.unknown(), version: z.unknown() }).safeParse(value);
  if (!head.success || head.data.format !== 'asklab-model') {
    throw new InferenceError('not-a-bundle', 'This is not an Asklab model: its manifest does not say "asklab-model".');
  }
  if (head.data.version !== 1) {
    throw new InferenceError(
      'unknown-version',
      `This model has format version ${String(head.data.version)}; this Asklab reads version 1. Update Asklab or pack the model again.`,
      { version: String(head.data.version) },
    );
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'manifest'}: ${issue.message}`);
    throw new InferenceError(
      'bad-manifest',
      `The model's manifest has ${problems.length} problem(s): ${problems.join('; ')}. Pack the model again.`,
      { problems },
    );
  }
  const { data } = parsed;
  const problems: string[] = [];
  if (data.architecture.hidden % data.architecture.heads !== 0)
    problems.push('architecture.heads does not divide architecture.hidden');
  if (data.architecture.lowLevel === 'per-language' && data.architecture.lstmLayers === 0)
    problems.push('architecture.lstmLayers is 0');
  if (data.architecture.maximumDraft > 0 && !data.architecture.focus)
    problems.push('architecture.maximumDraft needs architecture.focus');
  if (Object.keys(data.languages).length === 0) problems.push('languages is empty');
  const named = [
    data.shared,
    ...Object.values(data.languages).flatMap((language) => [language.vocabulary, language.weights]),
  ];
  for (const path of named) if (!Object.hasOwn(data.files, path)) problems.push(`files has no entry for ${path}`);
  if (problems.length > 0) {
    throw new InferenceError(
      'bad-manifest',
      `The model's manifest contradicts itself: ${problems.join('; ')}. Pack the model again.`,
      { problems },
    );
  }
  return data;
}
