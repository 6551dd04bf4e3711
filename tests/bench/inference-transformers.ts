/**
 * The other library: transformers.js over a random-weight BART of about equal parameters (2 + 2 layers), written as Optimum writes it:
 * an encoder and one merged decoder whose If node holds a branch with and one without a cache.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { seededRandom } from '../../src-main/inference/decode/sampling.ts';
import { GraphBuilder } from '../../src-main/inference/graph/onnx-writer.ts';

export interface TransformersModel {
  readonly note: string;
  /** Greedy generation of a fixed number of tokens for one padded batch; null where the package can't be installed. */
  readonly generate: ((sources: readonly Int32Array[]) => Promise<void>) | null;
}

export interface TransformersShape {
  readonly hidden: number;
  readonly heads: number;
  readonly layers: number;
  readonly feedForward: number;
  readonly vocabulary: number;
  readonly threads: number;
  readonly steps: number;
  /** q8: as onnxruntime's quantize_dynamic writes it, int8 weights per tensor and activations scaled as they come. */
  readonly precision: 'fp32' | 'q8';
}

const POSITIONS = 1024;
const KINDS = ['decoder', 'encoder'] as const;
const PARTS = ['key', 'value'] as const;

/** A matrix to multiply with: `scale` names the number that its int8 values stand for. */
interface Weight {
  readonly values: string;
  readonly scale: string | null;
}
interface Block {
  readonly query: Weight;
  readonly key: Weight;
  readonly value: Weight;
  readonly output: Weight;
}
interface Layer {
  readonly self: Block;
  readonly cross: Block;
  readonly up: Weight;
  readonly down: Weight;
}

class BartWriter {
  readonly graph = new GraphBuilder();
  private readonly shape: TransformersShape;
  private readonly random = seededRandom(11);
  private readonly gamma: string;
  private readonly beta: string;

  constructor(shape: TransformersShape) {
    this.shape = shape;
    this.gamma = this.graph.tensor('gamma', new Float32Array(shape.hidden).fill(1), [shape.hidden]);
    this.beta = this.graph.tensor('beta', new Float32Array(shape.hidden), [shape.hidden]);
  }

  private values(rows: number, columns: number): Float32Array {
    return Float32Array.from({ length: rows * columns }, () => (this.random() - 0.5) * (3 / Math.sqrt(rows)));
  }

  table(rows: number, columns: number): string {
    return this.graph.tensor('table', this.values(rows, columns), [rows, columns]);
  }

  matrix(rows: number, columns: number): Weight {
    const values = this.values(rows, columns);
    if (this.shape.precision === 'fp32')
      return { values: this.graph.tensor('w', values, [rows, columns]), scale: null };
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / 127;
    const rounded = Int8Array.from(values, (value) => Math.round(value / scale));
    return { values: this.graph.tensor('w', rounded, [rows, columns]), scale: this.graph.scalar(scale) };
  }

  product(graph: GraphBuilder, x: string, { values, scale }: Weight): string {
    if (scale === null) return graph.node('MatMul', [x, values]);
    const [rounded = '', step = '', zero = ''] = graph.nodeWithOutputs('DynamicQuantizeLinear', [x], 3);
    const sums = graph.node('Cast', [graph.node('MatMulInteger', [rounded, values, zero])], { to: 1 });
    return graph.node('Mul', [sums, graph.node('Mul', [step, scale])]);
  }

  layer(): Layer {
    const { hidden, feedForward } = this.shape;
    const block = (): Block => ({
      query: this.matrix(hidden, hidden),
      key: this.matrix(hidden, hidden),
      value: this.matrix(hidden, hidden),
      output: this.matrix(hidden, hidden),
    });
    return {
      self: block(),
      cross: block(),
      up: this.matrix(hidden, feedForward),
      down: this.matrix(feedForward, hidden),
    };
  }

  norm(graph: GraphBuilder, x: string): string {
    return graph.node('LayerNormalization', [x, this.gamma, this.beta], { axis: -1 });
  }

  split(graph: GraphBuilder, x: string): string {
    const { hidden, heads } = this.shape;
    return graph.transpose(graph.reshape(x, [0, 0, heads, hidden / heads]), [0, 2, 1, 3]);
  }

  attend(graph: GraphBuilder, x: string, block: Block, key: string, value: string, mask: string | null): string {
    const { hidden, heads } = this.shape;
    const query = graph.node('Mul', [
      this.split(graph, this.product(graph, x, block.query)),
      graph.scalar(1 / Math.sqrt(hidden / heads)),
    ]);
    let scores = graph.node('MatMul', [query, graph.transpose(key, [0, 1, 3, 2])]);
    if (mask !== null) scores = graph.node('Add', [scores, mask]);
    const mixed = graph.node('MatMul', [graph.node('Softmax', [scores], { axis: -1 }), value]);
    const joined = graph.reshape(graph.transpose(mixed, [0, 2, 1, 3]), [0, 0, hidden]);
    return this.norm(graph, graph.node('Add', [x, this.product(graph, joined, block.output)]));
  }

  feedForward(graph: GraphBuilder, x: string, layer: Layer): string {
    const up = graph.node('Relu', [this.product(graph, x, layer.up)]);
    return this.norm(graph, graph.node('Add', [x, this.product(graph, up, layer.down)]));
  }

  /** [B, S] of 0 and 1 to an additive [B, 1, 1, S]. */
  mask(graph: GraphBuilder, mask: string): string {
    const zeros = graph.node('Sub', [graph.node('Cast', [mask], { to: 1 }), graph.scalar(1)]);
    return graph.node('Unsqueeze', [graph.node('Mul', [zeros, graph.scalar(1e9)]), graph.integers([1, 2])]);
  }

  /** Token plus position embedding; `past` names the [1] tensor of tokens before. */
  embed(graph: GraphBuilder, table: string, positions: string, ids: string, past: string): string {
    const count = graph.node('Slice', [graph.node('Shape', [ids]), graph.integers([1]), graph.integers([2])]);
    const rows = graph.node('Slice', [positions, past, graph.node('Add', [past, count]), graph.integers([0])]);
    return this.norm(graph, graph.node('Add', [graph.node('Gather', [table, ids], { axis: 0 }), rows]));
  }
}

function buildEncoder(shape: TransformersShape): Uint8Array {
  const write = new BartWriter(shape);
  const { graph } = write;
  const ids = graph.input('input_ids', 'int64', ['B', 'S']);
  const mask = write.mask(graph, graph.input('attention_mask', 'int64', ['B', 'S']));
  let x = write.embed(
    graph,
    write.table(shape.vocabulary, shape.hidden),
    write.table(POSITIONS, shape.hidden),
    ids,
    graph.integers([0]),
  );
  for (let i = 0; i < shape.layers; i++) {
    const layer = write.layer();
    const key = write.split(graph, write.product(graph, x, layer.self.key));
    const value = write.split(graph, write.product(graph, x, layer.self.value));
    x = write.feedForward(graph, write.attend(graph, x, layer.self, key, value, mask), layer);
  }
  graph.output('last_hidden_state', x, 'float32', ['B', 'S', shape.hidden]);
  return graph.finish('encoder');
}

function buildMergedDecoder(shape: TransformersShape): Uint8Array {
  const write = new BartWriter(shape);
  const { graph: outer } = write;
  const { hidden, heads, vocabulary } = shape;
  const depth = hidden / heads;
  const maskInput = outer.input('encoder_attention_mask', 'int64', ['B', 'S']);
  const ids = outer.input('input_ids', 'int64', ['B', 'L']);
  const encoded = outer.input('encoder_hidden_states', 'float32', ['B', 'S', hidden]);
  const names = Array.from({ length: shape.layers }, (_, i) =>
    KINDS.flatMap((kind) => PARTS.map((part) => `${i}.${kind}.${part}`)),
  ).flat();
  for (const name of names)
    outer.input(`past_key_values.${name}`, 'float32', ['B', heads, name.includes('decoder') ? 'P' : 'E', depth]);
  const useCache = outer.input('use_cache_branch', 'bool', [1]);
  const table = write.table(vocabulary, hidden);
  const head = write.matrix(hidden, vocabulary);
  const positions = write.table(POSITIONS, hidden);
  const layers = Array.from({ length: shape.layers }, () => write.layer());

  function branch(cached: boolean): GraphBuilder {
    const graph = new GraphBuilder(outer);
    const prefix = cached ? 'with' : 'without';
    const mask = write.mask(graph, maskInput);
    const past = cached
      ? graph.node('Slice', [
          graph.node('Shape', ['past_key_values.0.decoder.key']),
          graph.integers([2]),
          graph.integers([3]),
        ])
      : graph.integers([0]);
    let x = write.embed(graph, table, positions, ids, past);
    const presents = new Map<string, string>();
    layers.forEach((layer, i) => {
      function present(kind: (typeof KINDS)[number], part: (typeof PARTS)[number]): string {
        const name = `past_key_values.${i}.${kind}.${part}`;
        if (kind === 'encoder' && cached) return graph.node('Identity', [name]);
        const fresh = write.split(
          graph,
          write.product(graph, kind === 'encoder' ? encoded : x, (kind === 'encoder' ? layer.cross : layer.self)[part]),
        );
        return cached ? graph.node('Concat', [name, fresh], { axis: 2 }) : fresh;
      }
      const selfKey = present('decoder', 'key');
      const selfValue = present('decoder', 'value');
      x = write.attend(graph, x, layer.self, selfKey, selfValue, null);
      const crossKey = present('encoder', 'key');
      const crossValue = present('encoder', 'value');
      x = write.feedForward(graph, write.attend(graph, x, layer.cross, crossKey, crossValue, mask), layer);
      for (const [name, value] of Object.entries({
        'decoder.key': selfKey,
        'decoder.value': selfValue,
        'encoder.key': crossKey,
        'encoder.value': crossValue,
      }))
        presents.set(`${i}.${name}`, value);
    });
    graph.output(`${prefix}.logits`, write.product(graph, x, head), 'float32', ['B', 'L', vocabulary]);
    for (const name of names)
      graph.output(`${prefix}.${name}`, presents.get(name) ?? '', 'float32', ['B', heads, 'X', depth]);
    return graph;
  }
  const outputs = outer.nodeWithOutputs('If', [useCache], 1 + names.length, {
    then_branch: { graph: branch(true) },
    else_branch: { graph: branch(false) },
  });
  outer.output('logits', outputs[0] ?? '', 'float32', ['B', 'L', vocabulary]);
  names.forEach((name, i) =>
    outer.output(`present.${name}`, outputs[i + 1] ?? '', 'float32', ['B', heads, `X${i}`, depth]),
  );
  return outer.finish('decoder');
}

interface TransformersPackage {
  readonly env: { allowRemoteModels: boolean; localModelPath: string };
  readonly Tensor: new (type: 'int64', data: BigInt64Array, shape: number[]) => object;
  readonly AutoModelForSeq2SeqLM: {
    from_pretrained(name: string, options: object): Promise<{ generate(options: object): Promise<{ dims: number[] }> }>;
  };
}

const PACKAGE = '@huggingface/transformers';
const VERSION = '4.3.1';

/**
 * The package from a folder of its own, installed there at first use: at half a gigabyte it is no dependency of the app.
 * Null, with a message, where the registry can't be reached.
 */
async function installedPackage(): Promise<TransformersPackage | null> {
  const folder = join(import.meta.dirname, '../../node_modules/.cache/asklab-bench');
  const require = createRequire(join(folder, 'package.json'));
  if (!existsSync(join(folder, 'node_modules', PACKAGE))) {
    console.info(`Installing ${PACKAGE} ${VERSION} for the comparison (once, about 0.5 GB)…`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ private: true, dependencies: { [PACKAGE]: VERSION } }),
    );
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const words = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    if (spawnSync(npm, words, { cwd: folder, stdio: 'inherit' }).status !== 0) return null;
  }
  return (await import(pathToFileURL(require.resolve(PACKAGE)).href)) as TransformersPackage;
}

/** Writes the model to a temporary folder and loads it with the package. */
export async function loadTransformersModel(shape: TransformersShape): Promise<TransformersModel> {
  const library = await installedPackage();
  if (library === null)
    return { note: `${PACKAGE} ${VERSION} could not be installed: its rows are left out.`, generate: null };
  const { Tensor } = library;
  const root = mkdtempSync(join(tmpdir(), 'asklab-bart-'));
  mkdirSync(join(root, 'bart/onnx'), { recursive: true });
  const ending = shape.precision === 'q8' ? '_quantized' : '';
  writeFileSync(join(root, `bart/onnx/encoder_model${ending}.onnx`), buildEncoder(shape));
  writeFileSync(join(root, `bart/onnx/decoder_model_merged${ending}.onnx`), buildMergedDecoder(shape));
  const config = {
    model_type: 'bart',
    is_encoder_decoder: true,
    d_model: shape.hidden,
    vocab_size: shape.vocabulary,
    encoder_layers: shape.layers,
    decoder_layers: shape.layers,
    encoder_attention_heads: shape.heads,
    decoder_attention_heads: shape.heads,
    decoder_start_token_id: 1,
    pad_token_id: 0,
    bos_token_id: 1,
    eos_token_id: null,
  };
  writeFileSync(join(root, 'bart/config.json'), JSON.stringify(config));
  writeFileSync(
    join(root, 'bart/generation_config.json'),
    JSON.stringify({ decoder_start_token_id: 1, pad_token_id: 0, bos_token_id: 1 }),
  );
  library.env.allowRemoteModels = false;
  library.env.localModelPath = root;
  const model = await library.AutoModelForSeq2SeqLM.from_pretrained('bart', {
    dtype: shape.precision,
    device: 'cpu',
    local_files_only: true,
    session_options: { intraOpNumThreads: shape.threads, interOpNumThreads: 1 },
  });
  async function generate(sources: readonly Int32Array[]): Promise<void> {
    const longest = Math.max(...sources.map((source) => source.length));
    const ids = new BigInt64Array(sources.length * longest);
    const mask = new BigInt64Array(sources.length * longest);
    sources.forEach((source, b) =>
      source.forEach((token, i) => {
        ids[b * longest + i] = BigInt(token);
        mask[b * longest + i] = 1n;
      }),
    );
    const size = [sources.length, longest];
    const out = await model.generate({
      inputs: new Tensor('int64', ids, size),
      attention_mask: new Tensor('int64', mask, size),
      max_new_tokens: shape.steps,
      do_sample: false,
      num_beams: 1,
    });
    if (out.dims[1] !== shape.steps + 1)
      throw new Error(`transformers.js wrote ${(out.dims[1] ?? 0) - 1} tokens instead of ${shape.steps}`);
  }
  await generate([Int32Array.of(5, 6, 7)]);
  return {
    note: `${PACKAGE} ${VERSION}: random BART ${shape.layers}+${shape.layers}, ${shape.precision}, greedy, batches of 16 in arrival order.`,
    generate,
  };
}
