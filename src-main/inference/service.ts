/** Answers the contract of shared/inference.ts over any port. */
import {
  inferenceMethods,
  requestFrame,
  type InferenceInput,
  type InferenceMethod,
  type InferenceOutput,
  type ModelInfo,
  type ReplyFrame,
} from '../shared/inference.ts';
import { loadBundle } from './bundle/bundle.ts';
import { describeError, InferenceError } from './errors.ts';
import { Generator } from './generator.ts';
import { Model } from './model.ts';
import { availableDevices } from './runtime.ts';
import { chooseDevice, selfTest } from './self-test.ts';

export interface ServicePort {
  postMessage(message: ReplyFrame): void;
}

const PROGRESS_INTERVAL = 100;

interface Loaded {
  readonly generator: Generator;
  readonly info: ModelInfo;
}

type CallContext = { readonly signal: AbortSignal; readonly send: (frame: ReplyFrame) => void; readonly id: number };
type Handlers = {
  [M in InferenceMethod]: (input: InferenceInput<M>, context: CallContext) => Promise<InferenceOutput<M>>;
};

/** One loaded model, shared by all ports that are served. */
export class InferenceService {
  private loaded: Loaded | null = null;

  /** Serves one port; returns the function its messages go to. */
  serve(port: ServicePort): (message: unknown) => void {
    const calls = new Map<number, AbortController>();
    port.postMessage({ kind: 'ready' });
    return (message) => {
      const frame = requestFrame.safeParse(message);
      if (!frame.success) return;
      if (frame.data.kind === 'cancel') {
        calls.get(frame.data.id)?.abort();
        return;
      }
      const { id, method, params } = frame.data;
      const controller = new AbortController();
      calls.set(id, controller);
      this.call(method, params, { id, signal: controller.signal, send: (reply) => port.postMessage(reply) })
        .then(
          (value) => port.postMessage({ kind: 'ok', id, value }),
          (error: unknown) => port.postMessage({ kind: 'error', id, error: describeError(error) }),
        )
        .finally(() => calls.delete(id));
    };
  }

  private async call(method: InferenceMethod, params: unknown, context: CallContext): Promise<unknown> {
    const parsed = inferenceMethods[method].input.safeParse(params);
    if (!parsed.success) {
      const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
      throw new InferenceError(
        'invalid-input',
        `The request has ${problems.length} problem(s): ${problems.join('; ')}`,
        { problems },
      );
    }
    // The method's own schema has just parsed its input.
    const handler = this.handlers[method] as (input: unknown, context: CallContext) => Promise<unknown>;
    return handler(parsed.data, context);
  }

  private current(): Loaded {
    if (this.loaded) return this.loaded;
    throw new InferenceError('no-model', 'No model is loaded. Choose one on the Models screen.');
  }

  private readonly handlers: Handlers = {
    load: async ({ path, device = 'auto', arithmetic = 'auto', threads }) => {
      const start = performance.now();
      const bundle = await loadBundle(path);
      const chosen = await chooseDevice(bundle, device);
      const model = new Model(bundle, {
        device: chosen.device,
        arithmetic,
        ...(threads === undefined ? {} : { threads }),
      });
      for (const language of bundle.languages.keys()) await model.language(language);
      const { manifest } = bundle;
      const { method, beams, lengthPenalty, noRepeatNgram, minimumLength, maximumLength } = manifest.decoding;
      const info: ModelInfo = {
        id: manifest.id,
        name: manifest.name,
        licence: manifest.licence,
        device: chosen.device,
        deviceReason: chosen.reason,
        arithmetic: model.int8 ? 'int8' : 'fp32',
        focus: manifest.architecture.focus,
        pointer: manifest.architecture.pointer !== null,
        languages: [...bundle.languages.values()].map(({ language, ready, size }) => ({ language, ready, size })),
        decoding: { method, beams, lengthPenalty, noRepeatNgram, minimumLength, maximumLength },
        loadMilliseconds: performance.now() - start,
      };
      const before = this.loaded;
      this.loaded = { generator: new Generator(model), info };
      await before?.generator.close();
      return info;
    },
    selfTest: async ({ device }) => {
      const { generator } = this.current();
      const target = device === 'auto' ? (availableDevices().find((name) => name !== 'cpu') ?? 'cpu') : device;
      return selfTest(generator.model.bundle, target);
    },
    generate: async ({ items, decoding = {}, priority = 'bulk' }, { id, signal, send }) => {
      const { generator } = this.current();
      let done = 0;
      let reported = 0;
      await generator.generate(items, {
        decoding,
        priority,
        signal,
        onItem: (item) => {
          done++;
          send({ kind: 'item', id, item });
          const now = performance.now();
          if (now - reported < PROGRESS_INTERVAL && done < items.length) return;
          reported = now;
          send({ kind: 'progress', id, done, total: items.length });
        },
      });
      return { count: done };
    },
    unload: async () => {
      const before = this.loaded;
      this.loaded = null;
      await before?.generator.close();
      return {};
    },
    info: async () => ({
      pid: process.pid,
      residentBytes: process.memoryUsage().rss,
      devices: availableDevices(),
      model: this.loaded?.info ?? null,
    }),
  };
}
