/** A random-weight LALM for timing: 256 hidden, 4 layers, 8 heads, one language of 30,000 pieces, embedding 256: about the parameters of the other library's model. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lowShapes, sharedShapes, type ModelBundle, type Weight } from '../../src-main/inference/bundle/bundle.ts';
import { parseManifest, type Architecture } from '../../src-main/inference/bundle/manifest.ts';
import { seededRandom } from '../../src-main/inference/decode/sampling.ts';
import { Tokenizer } from '../../src-main/inference/tokenizer/tokenizer.ts';

export const VOCABULARY = 30_000;
export const SMALL: Architecture = {
  hidden: 256,
  layers: 4,
  heads: 8,
  feedForward: 1024,
  embedding: 256,
  lstmLayers: 1,
  lowLevel: 'per-language',
  norm: 'pre',
  focus: false,
  answerKinds: [],
  pointer: null,
  maximumSource: 512,
  maximumTarget: 64,
  maximumDraft: 0,
  lowerCase: true,
};

function randomWeight(shape: readonly number[], name: string, random: () => number, int8: boolean): Weight {
  const size = shape.reduce((product, length) => product * length, 1);
  const norm = name.includes('norm.weight');
  const spread = shape.length === 2 ? 1 / Math.sqrt(shape[1] ?? 1) : 0.05;
  const values = Float32Array.from(
    { length: size },
    () => (norm ? 1 : 0) + (random() + random() + random() - 1.5) * 2 * spread,
  );
  const [rows = 0, columns = 0] = shape;
  if (!int8 || shape.length !== 2) return { shape, float: () => values.slice() };
  const quantised = new Int8Array(size);
  const scale = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * columns, (row + 1) * columns);
    const step = part.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-8) / 127;
    scale[row] = step;
    part.forEach((value, i) => {
      quantised[row * columns + i] = Math.round(value / step);
    });
  }
  return { shape, int8: { values: quantised, scale }, float: () => values.slice() };
}

/** The same values each time; `int8` adds the quantised form and static activation scales of 8 / 127. */
export function randomBundle(int8: boolean, architecture: Architecture = SMALL): ModelBundle {
  const random = seededRandom(7);
  function fill(shapes: Record<string, readonly number[]>): Map<string, Weight> {
    return new Map(Object.entries(shapes).map(([name, shape]) => [name, randomWeight(shape, name, random, int8)]));
  }
  const scales: Record<string, number> = {};
  for (let layer = 0; layer < architecture.layers; layer++) {
    for (const part of ['attention.input', 'attention.output', 'mlp.input', 'mlp.middle'])
      scales[`blocks.${layer}.${part}`] = 8 / 127;
  }
  scales['output.dense.input.en'] = 8 / 127;
  scales['output.vocabulary.input.en'] = 8 / 127;
  const manifest = parseManifest(
    JSON.stringify({
      format: 'asklab-model',
      version: 1,
      id: 'random',
      name: 'random',
      created: '',
      architecture,
      specialTokens: { unknown: 0, separator: 1, end: 2, mask: 3 },
      languages: { en: { vocabulary: 'v', weights: 'w', size: VOCABULARY, ready: false } },
      shared: 's',
      precision: int8 ? 'int8' : 'fp32',
      activationScales: int8 ? scales : {},
      files: Object.fromEntries(['v', 'w', 's'].map((name) => [name, { sha256: '0'.repeat(64), bytes: 0 }])),
      licence: '',
      trainingData: [],
      decoding: {},
    }),
  );
  const tokenizer = new Tokenizer(readFileSync(join(import.meta.dirname, '../inference/fixture/plain.model')));
  const weights = fill(lowShapes(architecture, VOCABULARY));
  const shared = fill(sharedShapes(architecture));
  return {
    manifest,
    shared,
    languages: new Map([['en', { language: 'en', size: VOCABULARY, ready: false, weights, tokenizer }]]),
  };
}

/** Floating-point operations of the matrix products in prefill: the last layer's query side runs for one row a passage. */
export function prefillOperations(
  batch: number,
  length: number,
  { hidden, layers, feedForward, embedding }: Architecture,
): number {
  const rows = length + 1;
  const block = 2 * (4 * hidden * hidden + 2 * hidden * feedForward);
  const lstm = 2 * 4 * hidden * (embedding + hidden);
  const attention = 4 * hidden * rows;
  const perRow = lstm + (layers - 1) * (block + attention) + 2 * 2 * hidden * hidden;
  const last = block - 4 * hidden * hidden + attention + 2 * hidden * embedding + 2 * embedding * VOCABULARY;
  return batch * (rows * perRow + last);
}

/** The same for `steps` decode steps of `rows` beams over `length` source tokens. */
export function decodeOperations(
  batch: number,
  rows: number,
  length: number,
  steps: number,
  { hidden, layers, feedForward, embedding }: Architecture,
): number {
  const block = 2 * (4 * hidden * hidden + 2 * hidden * feedForward);
  const lstm = 2 * 4 * hidden * (embedding + hidden);
  const head = 2 * hidden * embedding + 2 * embedding * VOCABULARY;
  let total = 0;
  for (let step = 0; step < steps; step++)
    total += layers * (block + 4 * hidden * (length + 1 + step * rows + rows)) + lstm + head;
  return total * batch * rows;
}
