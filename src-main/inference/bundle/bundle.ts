/** A verified model bundle: docs/model-bundle.md is the contract. */
import { InferenceError, required } from '../errors.ts';
import { Tokenizer } from '../tokenizer/tokenizer.ts';
import type { Architecture, Manifest } from './manifest.ts';
import { readSafetensors, toFloat32, type StoredTensor } from './safetensors.ts';
import { readBundleFiles } from './source.ts';

/** One tensor; `int8` is present where the bundle stores it quantised per row (value = values · scale[row]). */
export interface Weight {
  readonly shape: readonly number[];
  readonly int8?: { readonly values: Int8Array; readonly scale: Float32Array };
  /** Row-major float32 values, computed at each call. */
  readonly float: () => Float32Array;
}

export type Weights = ReadonlyMap<string, Weight>;

export interface LanguageBundle {
  readonly language: string;
  readonly size: number;
  readonly ready: boolean;
  readonly weights: Weights;
  readonly tokenizer: Tokenizer;
}

export interface ModelBundle {
  readonly manifest: Manifest;
  readonly shared: Weights;
  readonly languages: ReadonlyMap<string, LanguageBundle>;
}

type Shapes = Record<string, readonly number[]>;

/** The mark of a draft's tokens stands behind those of the kinds. */
export const draftSegment = ({ answerKinds }: Architecture): number => 3 + answerKinds.length;

const segmentCount = (architecture: Architecture): number =>
  draftSegment(architecture) + (architecture.maximumDraft > 0 ? 1 : 0);

/** Names and shapes of `shared.safetensors`. */
export function sharedShapes(architecture: Architecture): Shapes {
  const { hidden, feedForward, layers, pointer } = architecture;
  const shapes: Shapes = {};
  if (architecture.focus) shapes['segment.weight'] = [segmentCount(architecture), hidden];
  for (let layer = 0; layer < layers; layer++) {
    const block = `blocks.${layer}`;
    for (const part of ['query', 'key', 'value', 'output']) {
      shapes[`${block}.attention.${part}.weight`] = [hidden, hidden];
      shapes[`${block}.attention.${part}.bias`] = [hidden];
    }
    shapes[`${block}.mlp.up.weight`] = [feedForward, hidden];
    shapes[`${block}.mlp.up.bias`] = [feedForward];
    shapes[`${block}.mlp.down.weight`] = [hidden, feedForward];
    shapes[`${block}.mlp.down.bias`] = [hidden];
    for (const norm of ['attention.norm', 'mlp.norm']) {
      shapes[`${block}.${norm}.weight`] = [hidden];
      shapes[`${block}.${norm}.bias`] = [hidden];
    }
  }
  if (architecture.norm === 'pre') {
    shapes['final.norm.weight'] = [hidden];
    shapes['final.norm.bias'] = [hidden];
  }
  if (pointer !== null) {
    for (const part of ['query', 'key']) {
      shapes[`pointer.${part}.weight`] = [pointer.keySize, hidden];
      shapes[`pointer.${part}.bias`] = [pointer.keySize];
    }
    shapes['pointer.gate.weight'] = [1, hidden];
    shapes['pointer.gate.bias'] = [1];
    if (pointer.features) shapes['pointer.features'] = [4];
  }
  return shapes;
}

/** Names and shapes of `low/<language>.safetensors`. */
export function lowShapes(architecture: Architecture, vocabulary: number): Shapes {
  const { hidden, embedding } = architecture;
  const shapes: Shapes = { 'embedding.weight': [vocabulary, embedding] };
  if (architecture.lowLevel === 'shared') {
    shapes['embedding.projection.weight'] = [hidden, embedding];
    shapes['embedding.projection.bias'] = [hidden];
  } else {
    for (let layer = 0; layer < architecture.lstmLayers; layer++) {
      shapes[`lstm.weight_ih_l${layer}`] = [4 * hidden, layer === 0 ? embedding : hidden];
      shapes[`lstm.weight_hh_l${layer}`] = [4 * hidden, hidden];
      shapes[`lstm.bias_ih_l${layer}`] = [4 * hidden];
      shapes[`lstm.bias_hh_l${layer}`] = [4 * hidden];
    }
  }
  shapes['output.dense.weight'] = [embedding, hidden];
  shapes['output.dense.bias'] = [embedding];
  shapes['output.norm.weight'] = [embedding];
  shapes['output.norm.bias'] = [embedding];
  shapes['output.bias'] = [vocabulary];
  return shapes;
}

function refuse(file: string, tensor: string, reason: string): never {
  throw new InferenceError('bad-tensor', `${file}: tensor ${tensor} ${reason}. Pack the model again.`, {
    file,
    tensor,
  });
}

function readWeight(
  file: string,
  name: string,
  shape: readonly number[],
  tensor: StoredTensor,
  scale: StoredTensor | undefined,
  precision: Manifest['precision'],
): Weight {
  if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i])) {
    refuse(file, name, `has shape [${tensor.shape.join(', ')}] instead of [${shape.join(', ')}]`);
  }
  if (precision === 'int8' && shape.length === 2) {
    if (tensor.type !== 'I8') refuse(file, name, `has type ${tensor.type} instead of I8`);
    if (scale === undefined) refuse(file, `${name}.scale`, 'is missing');
    const rows = required(shape[0]);
    const columns = required(shape[1]);
    if (scale.type !== 'F32' || scale.shape.length !== 1 || scale.shape[0] !== rows)
      refuse(file, `${name}.scale`, `is not F32 of shape [${rows}]`);
    const values = new Int8Array(tensor.bytes.buffer, tensor.bytes.byteOffset, tensor.bytes.length);
    const scales = toFloat32(scale);
    function float(): Float32Array {
      const out = new Float32Array(values.length);
      for (let row = 0; row < rows; row++) {
        const factor = scales[row] ?? 0;
        for (let i = row * columns; i < (row + 1) * columns; i++) out[i] = (values[i] ?? 0) * factor;
      }
      return out;
    }
    return { shape, int8: { values, scale: scales }, float };
  }
  const allowed = precision === 'fp16' ? ['F16', 'F32'] : ['F32'];
  if (!allowed.includes(tensor.type)) refuse(file, name, `has type ${tensor.type} instead of ${allowed.join(' or ')}`);
  return { shape, float: () => toFloat32(tensor) };
}

/** Checks every name, type and shape of one safetensors file. */
export function readWeights(file: string, data: Uint8Array, shapes: Shapes, precision: Manifest['precision']): Weights {
  const stored = readSafetensors(file, data);
  const weights = new Map<string, Weight>();
  for (const [name, shape] of Object.entries(shapes)) {
    const tensor = stored.get(name);
    if (tensor === undefined) refuse(file, name, 'is missing');
    weights.set(name, readWeight(file, name, shape, tensor, stored.get(`${name}.scale`), precision));
  }
  for (const name of stored.keys()) {
    const base = name.endsWith('.scale') ? name.slice(0, -'.scale'.length) : name;
    if (!weights.has(name) && !(base !== name && weights.get(base)?.int8))
      refuse(file, name, 'is not part of this architecture');
  }
  return weights;
}

/** Builds the bundle from verified files. */
export function assembleBundle(manifest: Manifest, files: ReadonlyMap<string, Uint8Array>): ModelBundle {
  const { architecture, precision } = manifest;
  const shared = readWeights(
    manifest.shared,
    required(files.get(manifest.shared)),
    sharedShapes(architecture),
    precision,
  );
  const languages = new Map<string, LanguageBundle>();
  const weightCache = new Map<string, Weights>();
  const tokenizerCache = new Map<string, Tokenizer>();
  for (const [language, entry] of Object.entries(manifest.languages)) {
    const tokenizer =
      tokenizerCache.get(entry.vocabulary) ?? new Tokenizer(required(files.get(entry.vocabulary)), entry.vocabulary);
    tokenizerCache.set(entry.vocabulary, tokenizer);
    if (tokenizer.size !== entry.size) {
      throw new InferenceError(
        'bad-vocabulary',
        `${entry.vocabulary} has ${tokenizer.size} pieces, but the manifest says ${entry.size}. Pack the model again.`,
        { file: entry.vocabulary },
      );
    }
    const largest = Math.max(...Object.values(manifest.specialTokens));
    if (largest >= entry.size)
      throw new InferenceError(
        'bad-manifest',
        `The special token ${largest} is outside the vocabulary of ${language}. Pack the model again.`,
        { language },
      );
    const weights =
      weightCache.get(entry.weights) ??
      readWeights(entry.weights, required(files.get(entry.weights)), lowShapes(architecture, entry.size), precision);
    weightCache.set(entry.weights, weights);
    languages.set(language, { language, size: entry.size, ready: entry.ready, weights, tokenizer });
  }
  return { manifest, shared, languages };
}

/** Loads a folder or .asklab-model file. Refusals are InferenceErrors that say what to do. */
export async function loadBundle(path: string): Promise<ModelBundle> {
  const { manifest, files } = await readBundleFiles(path);
  return assembleBundle(manifest, files);
}
