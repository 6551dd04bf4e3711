/** Text in, questions out: prepares, batches, searches and restores. */
import type { DecodingRequest, GenerationItem, GenerationResult } from '../shared/inference.ts';
import { DEFAULT_LIMITS, passageBytes, planBatches, type BatchLimits } from './batching.ts';
import { DEFAULT_DECODING, candidatesOf, rowsOf, type DecodingOptions } from './decode/options.ts';
import { runBatch } from './decode/run-batch.ts';
import { SampleSearch } from './decode/sampling.ts';
import { BeamSearch, type Hypothesis, type Search, type SpecialTokens } from './decode/search.ts';
import { cancelledError, InferenceError, required } from './errors.ts';
import type { Model } from './model.ts';
import { ModelBatch } from './model-batch.ts';
import { Scheduler, type Priority } from './scheduler.ts';
import { questionTokens } from './text/question-tokens.ts';
import { prepareItem, type PreparedItem } from './text/prepare.ts';
import { restoreText } from './text/restore.ts';

export interface GenerateOptions {
  readonly decoding?: DecodingRequest;
  readonly priority?: Priority;
  readonly signal?: AbortSignal | undefined;
  readonly limits?: BatchLimits;
  /** Called as soon as an item is finished, in no particular order. */
  readonly onItem?: (result: GenerationResult) => void;
}

/** The bundle's defaults with what the request sets, within what the model can do. */
export function resolveDecoding(model: Model, request: DecodingRequest = {}): DecodingOptions {
  const { decoding, architecture } = model.bundle.manifest;
  const defined = Object.fromEntries(
    Object.entries(request).filter(([, value]) => value !== undefined),
  ) as Partial<DecodingOptions>;
  const defaults: DecodingOptions = {
    ...DEFAULT_DECODING,
    method: decoding.method,
    beams: decoding.beams,
    lengthPenalty: decoding.lengthPenalty,
    noRepeatNgram: decoding.noRepeatNgram,
    minimumLength: decoding.minimumLength,
    maximumLength: decoding.maximumLength,
  };
  const merged = { ...defaults, ...defined };
  if (merged.method === 'diverse' && merged.beams % merged.groups !== 0) {
    throw new InferenceError(
      'invalid-input',
      `Diverse beam search needs beams (${merged.beams}) divisible by groups (${merged.groups}).`,
      { beams: merged.beams, groups: merged.groups },
    );
  }
  const beams = merged.method === 'greedy' ? 1 : merged.beams;
  return {
    ...merged,
    beams,
    outputs: Math.min(merged.outputs, beams),
    maximumLength: Math.min(merged.maximumLength, architecture.maximumTarget),
  };
}

export class Generator {
  readonly model: Model;
  private readonly scheduler = new Scheduler();
  private readonly closing = new AbortController();

  constructor(model: Model) {
    this.model = model;
  }

  /** Cancels what runs, waits for it to stop and frees the model. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.scheduler.idle();
    await this.model.release();
  }

  /** Results in the order of `items`. Errors: 'invalid-input', 'unknown-language', 'cancelled'. */
  async generate(items: readonly GenerationItem[], options: GenerateOptions = {}): Promise<GenerationResult[]> {
    const { model } = this;
    const signal = options.signal ? AbortSignal.any([options.signal, this.closing.signal]) : this.closing.signal;
    const decoding = resolveDecoding(model, options.decoding);
    const prepared = items.map((item) => prepareItem(model.bundle, item));
    const results: (GenerationResult | undefined)[] = items.map(() => undefined);
    const byLanguage = new Map<string, number[]>();
    items.forEach(({ language }, i) => byLanguage.set(language, [...(byLanguage.get(language) ?? []), i]));
    const { architecture } = model.bundle.manifest;
    const bytesOf = (length: number): number =>
      passageBytes(architecture, length, rowsOf(decoding), decoding.maximumLength);
    const units: Promise<void>[] = [];
    if (signal.aborted) throw cancelledError();
    for (const [language, positions] of byLanguage) {
      const lengths = positions.map((position) => required(prepared[position]).source.tokens.length);
      for (const batch of planBatches(lengths, bytesOf, options.limits ?? DEFAULT_LIMITS)) {
        const members = batch.map((i) => required(positions[i]));
        units.push(
          this.scheduler.add(
            options.priority ?? 'bulk',
            async (pause) => {
              await this.runMembers(
                language,
                members.map((position) => required(prepared[position])),
                decoding,
                signal,
                pause,
                (i, hypotheses) => {
                  const position = required(members[i]);
                  const result = this.write(required(prepared[position]), hypotheses);
                  results[position] = result;
                  options.onItem?.(result);
                },
              );
            },
            signal,
          ),
        );
      }
    }
    const settled = await Promise.allSettled(units);
    void this.scheduler.idle().then(() => model.memories.splice(0));
    for (const unit of settled) if (unit.status === 'rejected') throw unit.reason;
    return results.map((result) => required(result, 'result'));
  }

  private async runMembers(
    language: string,
    members: PreparedItem[],
    decoding: DecodingOptions,
    signal: AbortSignal | undefined,
    pause: () => Promise<void>,
    onFinished: (index: number, results: Hypothesis[]) => void,
  ): Promise<void> {
    const sessions = await this.model.language(language);
    const { unknown, separator, end, mask } = this.model.bundle.manifest.specialTokens;
    const special: SpecialTokens = {
      end,
      banned: new Set([unknown, separator, mask]),
      ...(decoding.questionWord ? questionTokens(sessions.bundle) : null),
    };
    const batch = new ModelBatch(
      this.model,
      sessions,
      members.map(({ source }) => source),
      { rows: rowsOf(decoding), candidates: candidatesOf(decoding) },
    );
    const searches: Search[] = members.map(({ item }) =>
      decoding.method === 'sample' ? new SampleSearch(decoding, special, item.id) : new BeamSearch(decoding, special),
    );
    await runBatch(batch, searches, { signal, onFinished, betweenSteps: pause });
  }

  private write({ item, focus }: PreparedItem, hypotheses: readonly Hypothesis[]): GenerationResult {
    const { manifest, languages } = this.model.bundle;
    const { tokenizer } = required(languages.get(item.language));
    return {
      id: item.id,
      outputs: hypotheses.map(({ tokens, score, ranking, complete }) => {
        const raw = tokenizer.decode(tokens);
        const text = restoreText(raw, item, manifest.architecture.lowerCase);
        return { text, raw, tokens: [...tokens], score, ranking, complete, focus };
      }),
    };
  }
}
