/** ONNX sessions of one bundle on one device: the shared body once, one low part and one head per language. */
import type { LanguageBundle, ModelBundle } from './bundle/bundle.ts';
import { InferenceError } from './errors.ts';
import { needsPreciseInt8 } from './exact-int8.ts';
import { buildBodyGraph } from './graph/body-graph.ts';
import { buildHeadGraph } from './graph/head-graph.ts';
import type { GraphOptions } from './graph/layers.ts';
import { buildLowGraph } from './graph/low-graph.ts';
import type { Memory } from './memory.ts';
import { createSession, type Device, type RuntimeSession } from './runtime.ts';

export interface LanguageSessions {
  readonly bundle: LanguageBundle;
  readonly low: RuntimeSession;
  readonly body: RuntimeSession;
  readonly head: RuntimeSession;
}

export interface ModelOptions {
  readonly device: Device;
  /** 'auto' uses int8 products on the CPU where the bundle has activation scales. */
  readonly arithmetic?: 'auto' | 'fp32';
  readonly threads?: number;
  /** See GraphOptions. */
  readonly everyRow?: boolean;
}

export class Model {
  readonly bundle: ModelBundle;
  readonly device: Device;
  /** Memory that no batch uses at present. */
  readonly memories: Memory[] = [];
  private readonly options: ModelOptions;
  private readonly graphs: GraphOptions;
  private body: Promise<RuntimeSession> | null = null;
  private readonly languages = new Map<string, Promise<LanguageSessions>>();

  constructor(bundle: ModelBundle, options: ModelOptions) {
    this.bundle = bundle;
    this.device = options.device;
    this.options = options;
    this.graphs = {
      int8: options.device === 'cpu' && options.arithmetic !== 'fp32',
      portable: options.device !== 'cpu',
      everyRow: options.everyRow ?? false,
    };
  }

  /** True where matrix products run in int8. */
  get int8(): boolean {
    return (
      this.graphs.int8 &&
      this.bundle.manifest.precision === 'int8' &&
      Object.keys(this.bundle.manifest.activationScales).length > 0
    );
  }

  /** See GraphOptions. */
  get portable(): boolean {
    return this.graphs.portable;
  }

  private async create(graph: Uint8Array): Promise<RuntimeSession> {
    return createSession(graph, { ...this.options, preciseInt8: this.int8 && (await needsPreciseInt8()) });
  }

  /** Sessions of one language, built at first use. Error: 'unknown-language'. */
  language(language: string): Promise<LanguageSessions> {
    const known = this.languages.get(language);
    if (known) return known;
    const bundle = this.bundle.languages.get(language);
    if (!bundle) {
      const languages = [...this.bundle.languages.keys()];
      return Promise.reject(
        new InferenceError(
          'unknown-language',
          `This model does not know the language "${language}"; it knows ${languages.join(', ')}. Choose another model or language.`,
          { language, languages },
        ),
      );
    }
    const built = this.build(bundle);
    this.languages.set(language, built);
    built.catch(() => this.languages.delete(language));
    return built;
  }

  private async build(bundle: LanguageBundle): Promise<LanguageSessions> {
    const { architecture, activationScales } = this.bundle.manifest;
    this.body ??= this.create(buildBodyGraph(architecture, this.bundle.shared, activationScales, this.graphs));
    const body = await this.body;
    const low = await this.create(buildLowGraph(architecture, bundle.weights, this.graphs));
    const head = await this.create(
      buildHeadGraph(architecture, bundle.language, bundle.weights, this.bundle.shared, activationScales, this.graphs),
    );
    return { bundle, low, body, head };
  }

  async release(): Promise<void> {
    for (const sessions of this.languages.values()) {
      const { low, head } = await sessions;
      await low.release();
      await head.release();
    }
    await (await this.body)?.release();
    this.languages.clear();
    this.body = null;
  }
}
