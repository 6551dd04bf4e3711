import { InferenceClient, type ClientPort } from '../../inference/client.ts';
import type { GenerationSettings } from '../../shared/contract/generation.ts';
import type { ModelInfo } from '../../shared/inference.ts';
import { told } from '../../shared/told.ts';
import type { EngineContext } from '../context.ts';

export interface Loaded {
  readonly client: InferenceClient;
  readonly info: ModelInfo;
}

/** Errors: 'inference-died' where this machine can start no inference process. */
export async function connectInference({ inference }: EngineContext): Promise<InferenceClient> {
  if (!inference) throw told('error.inference-died.none');
  return new InferenceClient((await inference()) as ClientPort);
}

/** Errors: those of `load` (shared/inference.ts). */
export async function loadModel(
  context: EngineContext,
  path: string,
  device: GenerationSettings['device'],
  signal: AbortSignal,
): Promise<Loaded> {
  const client = await connectInference(context);
  return { client, info: await client.call('load', { path, device }, { signal }) };
}

interface Loading {
  readonly signal: AbortSignal; // of the run that loads it
  readonly answer: Promise<Loaded>;
}

/** The model of the runs at work, which is one (`goesBeside`), loaded once: loading it anew would end what they have asked. */
export class LoadedModel {
  private readonly context: EngineContext;
  private loading: Loading | null = null;
  private runs = 0;

  constructor(context: EngineContext) {
    this.context = context;
  }

  /** Keeps the model from the first `take` to the end of `work`. */
  async during<Value>(work: () => Promise<Value>): Promise<Value> {
    this.runs += 1;
    try {
      return await work();
    } finally {
      this.runs -= 1;
      if (this.runs === 0) this.loading = null;
    }
  }

  /** Errors: those of `loadModel`; 'cancelled' only by this run's own signal. */
  async take(path: string, device: GenerationSettings['device'], signal: AbortSignal): Promise<Loaded> {
    for (;;) {
      const loading = (this.loading ??= { signal, answer: loadModel(this.context, path, device, signal) });
      try {
        return await loading.answer;
      } catch (error) {
        if (this.loading === loading) this.loading = null;
        if (!loading.signal.aborted || signal.aborted) throw error; // else the other run was cancelled, not this one
      }
    }
  }

  /** The process that held it has ended: the next `take` loads it again. */
  async drop(held: Loaded): Promise<void> {
    const { loading } = this;
    if (loading !== null && (await loading.answer.catch(() => null)) === held && this.loading === loading)
      this.loading = null;
  }
}
