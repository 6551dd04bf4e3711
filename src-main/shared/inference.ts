/**
 * The contract between the inference process and whoever uses it (engine, command line, tests).
 * Frames: call, cancel, port (to the process); ready, ok, error, item, progress (from it).
 */
import { z } from 'zod';

/** UTF-16 offsets into the item's text, end exclusive. */
export const textSpan = z
  .object({ start: z.number().int().min(0), end: z.number().int().min(0) })
  .refine((span) => span.end > span.start, 'A span needs at least one character.');
export type TextSpan = z.infer<typeof textSpan>;

export const generationItem = z.object({
  id: z.string().min(1),
  text: z.string().min(1),
  language: z.string().min(1),
  /** The sentence to ask about. */
  focus: textSpan.optional(),
  /** The answer: the question may not copy it. Without `focus` its sentence becomes the focus. */
  answer: textSpan.optional(),
  /** What the answer is, where it is known: a name of the model's `answerKinds`; others are ignored. */
  answerKind: z.string().optional(),
  /** What the rules ask about the same answer: a model that reads drafts writes from it, others ignore it. */
  draft: z.string().optional(),
});
export type GenerationItem = z.infer<typeof generationItem>;

/** Unset fields take the model's defaults. */
export const decodingRequest = z
  .object({
    method: z.enum(['greedy', 'beam', 'diverse', 'sample']),
    beams: z.number().int().min(1).max(16),
    lengthPenalty: z.number().min(0).max(4),
    noRepeatNgram: z.number().int().min(0).max(10),
    minimumLength: z.number().int().min(0),
    maximumLength: z.number().int().min(1).max(512),
    questionWord: z.boolean(),
    outputs: z.number().int().min(1).max(16),
    groups: z.number().int().min(1).max(16),
    diversityPenalty: z.number().min(0),
    temperature: z.number().positive(),
    topK: z.number().int().min(0).max(128),
    topP: z.number().gt(0).max(1),
    seed: z.number().int(),
  })
  .partial();
export type DecodingRequest = z.infer<typeof decodingRequest>;

export const device = z.enum(['auto', 'cpu', 'webgpu', 'cuda', 'dml', 'coreml']);
export type DeviceChoice = z.infer<typeof device>;

export const generationOutput = z.object({
  text: z.string(),
  /** As the model wrote it, before the passage's spelling, capitals and marks were restored. */
  raw: z.string(),
  tokens: z.array(z.number().int()),
  /** Mean log-probability per token, the end token included. */
  score: z.number(),
  /** Length-penalised score that orders the outputs. */
  ranking: z.number(),
  /** False where the maximum length cut it. */
  complete: z.boolean(),
  focus: textSpan.nullable(),
});

export const generationResult = z.object({ id: z.string(), outputs: z.array(generationOutput) });
export type GenerationResult = z.infer<typeof generationResult>;

export const selfTestResult = z.object({
  device: z.string(),
  usable: z.boolean(),
  /** Largest difference of a log-probability from the CPU's on the same input. */
  maximumDifference: z.number().nullable(),
  milliseconds: z.number().nullable(),
  cpuMilliseconds: z.number().nullable(),
  /** Why it is or is not used, for a person. */
  reason: z.string(),
});
export type SelfTestResult = z.infer<typeof selfTestResult>;

export const modelInfo = z.object({
  id: z.string(),
  name: z.string(),
  licence: z.string(),
  device: z.string(),
  deviceReason: z.string(),
  arithmetic: z.enum(['fp32', 'int8']),
  focus: z.boolean(),
  pointer: z.boolean(),
  languages: z.array(z.object({ language: z.string(), ready: z.boolean(), size: z.number() })),
  decoding: z.record(z.string(), z.union([z.string(), z.number()])),
  loadMilliseconds: z.number(),
});
export type ModelInfo = z.infer<typeof modelInfo>;

export const processInfo = z.object({
  pid: z.number(),
  residentBytes: z.number(),
  devices: z.array(z.string()),
  model: modelInfo.nullable(),
});

/** Every request, with what it takes and gives. `generate` sends an `item` frame per finished item before its `ok`. */
export const inferenceMethods = {
  load: {
    input: z.object({
      path: z.string().min(1),
      device: device.default('auto'),
      arithmetic: z.enum(['auto', 'fp32']).default('auto'),
      threads: z.number().int().min(1).optional(),
    }),
    output: modelInfo,
  },
  selfTest: { input: z.object({ device }), output: selfTestResult },
  generate: {
    input: z.object({
      items: z.array(generationItem),
      decoding: decodingRequest.default({}),
      priority: z.enum(['interactive', 'bulk']).default('bulk'),
    }),
    output: z.object({ count: z.number() }),
  },
  unload: { input: z.object({}), output: z.object({}) },
  info: { input: z.object({}), output: processInfo },
} as const;
export type InferenceMethod = keyof typeof inferenceMethods;
export type InferenceInput<M extends InferenceMethod> = z.input<(typeof inferenceMethods)[M]['input']>;
export type InferenceOutput<M extends InferenceMethod> = z.output<(typeof inferenceMethods)[M]['output']>;

export const wireError = z.object({
  code: z.string(),
  message: z.string(),
  details: z.record(z.string(), z.unknown()),
});

export const requestFrame = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('call'),
    id: z.number().int(),
    method: z.enum(['load', 'selfTest', 'generate', 'unload', 'info']),
    params: z.unknown(),
  }),
  z.object({ kind: z.literal('cancel'), id: z.number().int() }),
]);
export type RequestFrame = z.infer<typeof requestFrame>;

export const replyFrame = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('ok'), id: z.number().int(), value: z.unknown() }),
  z.object({ kind: z.literal('error'), id: z.number().int(), error: wireError }),
  z.object({ kind: z.literal('item'), id: z.number().int(), item: generationResult }),
  z.object({ kind: z.literal('progress'), id: z.number().int(), done: z.number().int(), total: z.number().int() }),
]);
export type ReplyFrame = z.infer<typeof replyFrame>;
