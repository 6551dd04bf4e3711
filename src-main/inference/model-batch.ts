/** A StepBatch over ONNX sessions: prefill once per passage, then K rows a passage folded into the query. */
import type { Architecture } from './bundle/manifest.ts';
import {
  indexSource,
  mixCandidates,
  pointerFeatures,
  vocabularyCandidates,
  type SourceIndex,
} from './decode/mixture.ts';
import type { NextRow, RowCandidates, Source, StepBatch } from './decode/step-model.ts';
import { required } from './errors.ts';
import { Memory } from './memory.ts';
import { keepBlocks, TargetCache } from './target-cache.ts';
import type { LanguageSessions, Model } from './model.ts';
import {
  boolTensor,
  floats,
  floatTensor,
  int32Tensor,
  int64Tensor,
  integers,
  type Feeds,
  type RuntimeTensor,
} from './runtime.ts';

const MASKED = -1e9;

interface PassageState {
  readonly index: SourceIndex;
  readonly segments: Uint8Array;
  readonly separatorSegment: number;
  /** Target side of each row, the separator first. */
  histories: number[][];
}

export interface BatchOptions {
  /** Rows per passage, K. */
  readonly rows: number;
  /** How many vocabulary candidates leave the graph per row. */
  readonly candidates: number;
}

export class ModelBatch implements StepBatch {
  private readonly architecture: Architecture;
  private readonly sessions: LanguageSessions;
  private readonly separator: number;
  private readonly options: BatchOptions;
  private readonly features: Float32Array | null;
  /** The graph joins one empty slot of each cache in prefill. */
  private readonly portable: boolean;
  private passages: PassageState[];
  /** P: source slots, the separator included. */
  private readonly length: number;
  private readonly cache: TargetCache;
  private readonly model: Model;
  private readonly memory: Memory;
  /** Per LSTM layer, rows × H. */
  private hidden: Float32Array[] = [];
  private cell: Float32Array[] = [];
  private keys: Float32Array = new Float32Array(0);
  private started = false;

  constructor(model: Model, sessions: LanguageSessions, sources: readonly Source[], options: BatchOptions) {
    const { manifest, shared } = model.bundle;
    this.model = model;
    this.memory = model.memories.pop() ?? new Memory();
    this.architecture = manifest.architecture;
    this.sessions = sessions;
    this.portable = model.portable;
    this.separator = manifest.specialTokens.separator;
    this.options = { ...options, candidates: Math.min(options.candidates, sessions.bundle.size) };
    this.features = this.architecture.pointer?.features ? required(shared.get('pointer.features')).float() : null;
    this.passages = sources.map((source) => ({
      index: indexSource(source.tokens, source.segments),
      segments: source.segments,
      separatorSegment: source.separatorSegment ?? 0,
      histories: [[this.separator]],
    }));
    this.length = Math.max(...sources.map((source) => source.tokens.length)) + 1;
    const { layers, heads, hidden } = this.architecture;
    this.cache = new TargetCache({
      layers,
      heads,
      depth: hidden / heads,
      rows: options.rows,
      sourceLength: this.length,
      portable: this.portable,
      memory: this.memory,
    });
  }

  async start(): Promise<RowCandidates[]> {
    const { architecture, length, passages } = this;
    const batch = passages.length;
    const ids = new BigInt64Array(length * batch);
    const lengths = new Int32Array(batch);
    const sel = new BigInt64Array(batch);
    const segments = new BigInt64Array(batch * length);
    const empty = this.portable ? 2 : 0;
    const width = length + empty;
    const bias = new Float32Array(batch * length * width).fill(MASKED);
    const biasSel = new Float32Array(batch * width).fill(MASKED);
    passages.forEach((passage, b) => {
      const { tokens } = passage.index;
      const n = tokens.length;
      for (let i = 0; i < n; i++) ids[i * batch + b] = BigInt(tokens[i] ?? 0);
      ids[n * batch + b] = BigInt(this.separator);
      lengths[b] = n + 1;
      sel[b] = BigInt(b * length + n);
      for (let i = 0; i < n; i++) segments[b * length + i] = BigInt(passage.segments[i] ?? 0);
      segments[b * length + n] = BigInt(passage.separatorSegment);
      for (let i = 0; i < length; i++) {
        const row = (b * length + i) * width + empty;
        bias.fill(0, row, row + (i < n ? Math.max(n, 1) : n + 1));
      }
      biasSel.fill(0, b * width + empty, b * width + empty + n + 1);
    });
    const x = await this.runLow(ids, length, batch, lengths, null);
    const feeds: Feeds = {
      x: floatTensor(floats(x), [batch, length, architecture.hidden]),
      bias: floatTensor(bias, [batch, 1, length, width]),
      sel: int64Tensor(sel, [batch]),
      ...this.cache.emptyFeeds(batch),
    };
    if (!this.portable) feeds['prefill'] = boolTensor(true);
    if (architecture.focus) feeds['segments'] = int64Tensor(segments, [batch, length]);
    if (architecture.pointer === null) feeds['bias_sel'] = floatTensor(biasSel, [batch, 1, 1, width]);
    const out = await this.sessions.body.run(feeds, this.cache.outputNames(architecture.pointer !== null));
    this.cache.setSource(out, batch);
    if (architecture.pointer !== null) this.keys = floats(out['keys']);
    this.started = true;
    const candidates = await this.runHead(required(out['y']), batch, 1);
    return candidates.map((rows) => required(rows[0]));
  }

  async step(rows: readonly (readonly NextRow[])[]): Promise<RowCandidates[][]> {
    const { architecture } = this;
    const batch = this.passages.length;
    const count = this.options.rows;
    const total = batch * count;
    const ids = new BigInt64Array(total);
    const parents = new Int32Array(total);
    this.passages.forEach((passage, b) => {
      const before = passage.histories;
      passage.histories = required(rows[b], 'rows').map((row, k) => {
        ids[b * count + k] = BigInt(row.token);
        parents[b * count + k] = b * before.length + row.parent;
        return [...required(before[row.parent], 'parent'), row.token];
      });
    });
    this.cache.advance(rows);
    const x = await this.runLow(ids, 1, total, new Int32Array(total).fill(1), parents);
    const bias = this.cache.bias(this.passages.map((passage) => passage.index.tokens.length + 1));
    const feeds: Feeds = {
      x: floatTensor(floats(x), [batch, count, architecture.hidden]),
      bias,
      sel: int64Tensor(
        BigInt64Array.from({ length: total }, (_, i) => BigInt(i)),
        [total],
      ),
      ...this.cache.feeds(batch),
    };
    if (!this.portable) feeds['prefill'] = boolTensor(false);
    if (architecture.focus) feeds['segments'] = int64Tensor(new BigInt64Array(total), [batch, count]);
    if (architecture.pointer === null) feeds['bias_sel'] = bias;
    const out = await this.sessions.body.run(feeds, this.cache.outputNames(false));
    this.cache.append(out, batch);
    return this.runHead(required(out['y']), batch, count);
  }

  keep(positions: readonly number[]): void {
    const before = this.passages.length;
    const perPassage = this.started && before > 0 ? (this.hidden[0]?.length ?? 0) / before : 0;
    this.hidden = this.hidden.map((values) => keepBlocks(values, perPassage, positions));
    this.cell = this.cell.map((values) => keepBlocks(values, perPassage, positions));
    this.keys = keepBlocks(this.keys, this.keys.length / before, positions);
    this.cache.keep(positions);
    this.passages = positions.map((position) => required(this.passages[position]));
  }

  release(): void {
    this.model.memories.push(this.memory);
  }

  private async runLow(
    ids: BigInt64Array,
    steps: number,
    rows: number,
    lengths: Int32Array,
    parents: Int32Array | null,
  ): Promise<RuntimeTensor> {
    const { hidden, lstmLayers, lowLevel } = this.architecture;
    const feeds: Feeds = { ids: int64Tensor(ids, [steps, rows]) };
    const fetch = ['x'];
    const layers = lowLevel === 'shared' ? 0 : lstmLayers;
    if (layers > 0) feeds['lengths'] = int32Tensor(lengths, [rows]);
    for (let layer = 0; layer < layers; layer++) {
      for (const [name, values] of [
        [`h0_${layer}`, this.hidden[layer]],
        [`c0_${layer}`, this.cell[layer]],
      ] as const) {
        const state = this.memory.floats(name, rows * hidden);
        gatherRows(values, parents, state, hidden);
        feeds[name] = floatTensor(state, [1, rows, hidden]);
      }
      fetch.push(`h1_${layer}`, `c1_${layer}`);
    }
    const out = await this.sessions.low.run(feeds, fetch);
    for (let layer = 0; layer < layers; layer++) {
      this.hidden[layer] = floats(out[`h1_${layer}`]);
      this.cell[layer] = floats(out[`c1_${layer}`]);
    }
    return required(out['x']);
  }

  private async runHead(y: RuntimeTensor, batch: number, count: number): Promise<RowCandidates[][]> {
    const { pointer } = this.architecture;
    const { length } = this;
    const total = batch * count;
    const k = this.options.candidates;
    const feeds: Feeds = { y, k: int64Tensor(BigInt64Array.of(BigInt(k)), [1]) };
    const fetch = ['top_values', 'top_ids'];
    const follows = new Uint8Array(pointer === null ? 0 : total * length);
    if (pointer !== null) {
      const bias = new Float32Array(total * length);
      const sources = new BigInt64Array(total * length);
      this.passages.forEach(({ index, histories }, b) => {
        for (let row = 0; row < count; row++) {
          const at = (b * count + row) * length;
          pointerFeatures(
            index,
            required(histories[row]),
            this.features,
            bias.subarray(at, at + length),
            follows.subarray(at, at + length),
          );
          for (let j = 0; j < index.tokens.length; j++) sources[at + j] = BigInt(index.tokens[j] ?? 0);
        }
      });
      feeds['keys'] = floatTensor(this.keys, [batch, length, pointer.keySize]);
      feeds['pointer_bias'] = floatTensor(bias, [batch, count, length]);
      feeds['sources'] = int64Tensor(sources, [total, length]);
      fetch.push('source_values', 'attention', 'gate');
    }
    const out = await this.sessions.head.run(feeds, fetch);
    const values = floats(out['top_values']);
    const ids = integers(out['top_ids']);
    return this.passages.map(({ index }, b) =>
      Array.from({ length: count }, (_, r) => {
        const row = b * count + r;
        const topValues = values.subarray(row * k, (row + 1) * k);
        const topIds = ids.subarray(row * k, (row + 1) * k);
        if (pointer === null) return vocabularyCandidates({ topValues, topIds });
        const at = row * length;
        return mixCandidates(
          {
            topValues,
            topIds,
            sourceValues: floats(out['source_values']).subarray(at, at + length),
            attention: floats(out['attention']).subarray(at, at + length),
            gate: floats(out['gate'])[row] ?? 0,
            follows: follows.subarray(at, at + length),
          },
          index,
          this.features?.[3] ?? 0,
          k,
        );
      }),
    );
  }
}

/** Rows of `values` by parent into `out`; zeros at the start. */
function gatherRows(
  values: Float32Array | undefined,
  parents: Int32Array | null,
  out: Float32Array,
  width: number,
): void {
  if (values === undefined || parents === null) out.fill(0);
  else parents.forEach((parent, row) => out.set(values.subarray(parent * width, (parent + 1) * width), row * width));
}
