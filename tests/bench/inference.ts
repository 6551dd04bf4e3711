/**
 * npm run bench:inference [-- --quick] [--json FILE]
 * All variants are interleaved and the minimum of at least 5 rounds counts, because a busy machine moves medians
 * (of what runs for seconds, the sum of its parts' minima: the naive way's steps, the batches of mixed lengths).
 * Naive is the authors' way: the whole sequence again at each step, no cache, rows copied per beam.
 */
import { writeFileSync } from 'node:fs';
import { planBatches, DEFAULT_LIMITS } from '../../src-main/inference/batching.ts';
import {
  DEFAULT_DECODING,
  candidatesOf,
  rowsOf,
  type DecodingOptions,
} from '../../src-main/inference/decode/options.ts';
import { runBatch } from '../../src-main/inference/decode/run-batch.ts';
import { seededRandom } from '../../src-main/inference/decode/sampling.ts';
import { BeamSearch, type Hypothesis, type SpecialTokens } from '../../src-main/inference/decode/search.ts';
import type { NextRow, Source } from '../../src-main/inference/decode/step-model.ts';
import { required } from '../../src-main/inference/errors.ts';
import { GraphBuilder } from '../../src-main/inference/graph/onnx-writer.ts';
import { Model } from '../../src-main/inference/model.ts';
import { ModelBatch } from '../../src-main/inference/model-batch.ts';
import { createSession, floatTensor, type RuntimeSession } from '../../src-main/inference/runtime.ts';
import { decodeOperations, prefillOperations, randomBundle, SMALL, VOCABULARY } from './inference-model.ts';
import { loadTransformersModel } from './inference-transformers.ts';

const LENGTH = 180;
const STEPS = 16;
const THREADS = 2;
/** What runs for less than a second runs as often in each round. */
const SHORT = 4;
const quick = process.argv.includes('--quick');
const rounds = quick ? 2 : 5;
/** No end token: random weights would end anywhere. */
const special: SpecialTokens = { end: -1, banned: new Set() };

function options(beams: number): DecodingOptions {
  return {
    ...DEFAULT_DECODING,
    method: beams === 1 ? 'greedy' : 'beam',
    beams,
    lengthPenalty: 1,
    noRepeatNgram: 0,
    minimumLength: 0,
    maximumLength: STEPS,
  };
}

const random = seededRandom(3);
function source(length: number): Source {
  return {
    tokens: Int32Array.from({ length }, () => 4 + Math.floor(random() * (VOCABULARY - 4))),
    segments: new Uint8Array(length),
  };
}

async function ours(model: Model, sources: readonly Source[], beams: number): Promise<Hypothesis[][]> {
  const sessions = await model.language('en');
  const decoding = options(beams);
  const batch = new ModelBatch(model, sessions, sources, {
    rows: rowsOf(decoding),
    candidates: candidatesOf(decoding),
  });
  return runBatch(
    batch,
    sources.map(() => new BeamSearch(decoding, special)),
  );
}

function withoutCaches(body: RuntimeSession): RuntimeSession {
  return {
    ...body,
    run: async (feeds, fetch) => {
      const out = await body.run(feeds, ['y']);
      return Object.fromEntries(fetch.map((name) => [name, required(out['y'])]));
    },
  };
}

/** `lap` is called after each step: long runs are timed in parts, so that a busy moment spoils one part only. */
async function naive(model: Model, sources: readonly Source[], beams: number, lap: () => void): Promise<void> {
  const whole = await model.language('en');
  // Keys and values would only be handed over: the naive way has no use for them.
  const sessions = { ...whole, body: withoutCaches(whole.body) };
  const searches = sources.map(() => new BeamSearch(options(beams), special));
  let rows: number[][][] = sources.map(() => [[]]);
  for (let step = 0; step < STEPS; step++) {
    const sequences = rows.flatMap((passage, b) =>
      passage.map((written) => ({
        tokens: Int32Array.of(...(sources[b]?.tokens ?? []), ...written),
        segments: new Uint8Array(LENGTH + written.length),
      })),
    );
    const batch = new ModelBatch(model, sessions, sequences, { rows: 1, candidates: 2 * Math.max(beams, 4) });
    const candidates = await batch.start();
    batch.release();
    let at = 0;
    rows = rows.map((passage, b) => {
      const next: NextRow[] = searches[b]?.advance(candidates.slice(at, at + passage.length)) ?? [];
      at += passage.length;
      return next.map(({ parent, token }) => [...(passage[parent] ?? []), token]);
    });
    lap();
  }
}

async function inParts<Part>(
  parts: readonly Part[],
  lap: () => void,
  run: (part: Part) => Promise<unknown>,
): Promise<void> {
  for (const part of parts) {
    await run(part);
    lap();
  }
}

/** A chain of constant-weight products inner -> outer -> inner in one run, so that only the products are timed. */
async function productSession(
  rows: number,
  inner: number,
  outer: number,
): Promise<{ operations: number; run: () => Promise<void> }> {
  const graph = new GraphBuilder();
  const pairs = 8;
  let x = graph.input('x', 'float32', [rows, inner]);
  for (let i = 0; i < pairs; i++) {
    for (const [from, to] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      const weight = graph.tensor(
        'w',
        Float32Array.from({ length: from * to }, () => (random() - 0.5) * 0.1),
        [from, to],
      );
      x = graph.node('MatMul', [x, weight]);
    }
  }
  graph.output('y', x, 'float32', [rows, inner]);
  const session = await createSession(graph.finish('product'), { device: 'cpu', threads: THREADS });
  const feeds = {
    x: floatTensor(
      Float32Array.from({ length: rows * inner }, () => random() - 0.5),
      [rows, inner],
    ),
  };
  const repeats = rows > 1000 ? 1 : 16;
  return {
    operations: repeats * pairs * 4 * rows * inner * outer,
    run: async () => {
      for (let i = 0; i < repeats; i++) await session.run(feeds, ['y']);
    },
  };
}

/** The minimum of each variant, or the sum of its parts' minima. */
class Table {
  private readonly best = new Map<string, number[]>();
  async time(name: string, run: (lap: () => void) => Promise<unknown>): Promise<void> {
    const parts: number[] = [];
    let start = performance.now();
    await run(() => {
      parts.push(performance.now() - start);
      start = performance.now();
    });
    if (parts.length === 0) parts.push(performance.now() - start);
    const before = this.best.get(name);
    this.best.set(
      name,
      parts.map((part, i) => Math.min(part, before?.[i] ?? Infinity)),
    );
  }
  of(name: string): number {
    return this.best.get(name)?.reduce((sum, part) => sum + part, 0) ?? NaN;
  }
  names(): Iterable<string> {
    return this.best.keys();
  }
}

async function main(): Promise<void> {
  const fp32 = new Model(randomBundle(false), { device: 'cpu', threads: THREADS });
  const int8 = new Model(randomBundle(true), { device: 'cpu', threads: THREADS });
  const authors = new Model(randomBundle(false), { device: 'cpu', threads: THREADS, everyRow: true });
  const models = { fp32, int8 };
  const sixteen = Array.from({ length: 16 }, () => source(LENGTH));
  const one = sixteen.slice(0, 1);
  const mixed = Array.from({ length: quick ? 48 : 96 }, () =>
    source(
      Math.round(
        Math.min(500, Math.max(24, Math.exp(5 + 0.6 * (random() + random() + random() + random() - 2) * 1.73))),
      ),
    ),
  );
  const encode = await productSession(16 * (LENGTH + 1), SMALL.hidden, SMALL.feedForward);
  const decode = await productSession(64, SMALL.hidden, SMALL.feedForward);
  const transformers = await loadTransformersModel({
    hidden: 256,
    heads: 8,
    layers: 2,
    feedForward: 1024,
    vocabulary: VOCABULARY,
    threads: THREADS,
    steps: STEPS,
  });
  console.info(transformers.note);
  const table = new Table();
  const sorted = planBatches(
    mixed.map(({ tokens }) => tokens.length),
    () => 0,
    DEFAULT_LIMITS,
  ).map((batch) => batch.flatMap((i) => mixed[i] ?? []));
  const arrival = Array.from({ length: Math.ceil(mixed.length / 16) }, (_, i) => mixed.slice(i * 16, i * 16 + 16));
  for (const model of Object.values(models)) for (const beams of [1, 4]) await ours(model, sixteen, beams);
  const invariant = new Map<string, number>();
  for (const [name, model] of Object.entries(models)) {
    const checked = mixed.slice(0, quick ? 8 : 32);
    const together = await ours(model, checked, 4);
    let same = 0;
    for (const [i, passage] of checked.entries()) {
      const [alone] = await ours(model, [passage], 4);
      if (alone?.[0]?.tokens.join() === together[i]?.[0]?.tokens.join()) same++;
    }
    invariant.set(name, same / checked.length);
  }
  for (let round = 0; round < rounds; round++) {
    for (const [name, model] of Object.entries(models)) {
      for (const beams of [1, 4]) {
        for (let i = 0; i < SHORT; i++) {
          await table.time(`${name} ${beams} b16`, () => ours(model, sixteen, beams));
          await table.time(`${name} ${beams} b1`, () => ours(model, one, beams));
        }
        await table.time(`${name} ${beams} mixed`, (lap) => inParts(sorted, lap, (batch) => ours(model, batch, beams)));
      }
      await table.time(`${name} 4 arrival`, (lap) => inParts(arrival, lap, (batch) => ours(model, batch, 4)));
      for (let i = 0; i < SHORT; i++)
        await table.time(`${name} prefill`, async () => {
          const batch = new ModelBatch(model, await model.language('en'), sixteen, { rows: 4, candidates: 8 });
          await batch.start();
          batch.release();
        });
    }
    await table.time('product encode', encode.run);
    await table.time('product decode', decode.run);
    await table.time('naive 1 b16', (lap) => naive(authors, sixteen, 1, lap));
    await table.time('naive 1 b1', (lap) => naive(authors, one, 1, lap));
    await table.time('naive 4 b16', (lap) => naive(authors, sixteen, 4, lap));
    await table.time('naive 4 b1', (lap) => naive(authors, one, 4, lap));
    if (transformers.generate) {
      const { generate } = transformers;
      await table.time('transformers.js mixed', (lap) =>
        inParts(arrival, lap, (batch) => generate(batch.map(({ tokens }) => tokens))),
      );
      for (let i = 0; i < SHORT; i++)
        await table.time('transformers.js b16', () => generate(sixteen.map(({ tokens }) => tokens)));
    }
    report(round + 1);
  }

  /** After every round, so that an interrupted run leaves its figures. */
  function report(round: number): void {
    const figures: Record<string, { value: number; target: number | null }> = {};
    function figure(name: string, value: number, target: number | null): void {
      figures[name] = { value: Math.round(value * 1000) / 1000, target };
    }
    const against = (name: string, reference: string): number => table.of(reference) / table.of(name);
    figure('fp32 greedy batch 16, times naive', against('fp32 1 b16', 'naive 1 b16'), 8);
    figure('fp32 beam 4 batch 16, times naive', against('fp32 4 b16', 'naive 4 b16'), 25);
    figure('int8 greedy batch 16, times naive', against('int8 1 b16', 'naive 1 b16'), 12);
    figure('int8 beam 4 batch 16, times naive', against('int8 4 b16', 'naive 4 b16'), 45);
    figure('fp32 greedy batch 1, times naive', against('fp32 1 b1', 'naive 1 b1'), null);
    figure('fp32 beam 4 batch 1, times naive', against('fp32 4 b1', 'naive 4 b1'), null);
    figure('int8 greedy batch 1, times naive', against('int8 1 b1', 'naive 1 b1'), null);
    figure('int8 beam 4 batch 1, times naive', against('int8 4 b1', 'naive 4 b1'), null);
    if (transformers.generate) {
      figure(
        'fp32 greedy mixed lengths, times transformers.js fp32',
        against('fp32 1 mixed', 'transformers.js mixed'),
        1.4,
      );
      figure(
        'int8 greedy mixed lengths, times transformers.js fp32',
        against('int8 1 mixed', 'transformers.js mixed'),
        2.3,
      );
      figure(
        'int8 beam 4 mixed lengths, times transformers.js greedy fp32',
        against('int8 4 mixed', 'transformers.js mixed'),
        1.5,
      );
      figure(
        'fp32 greedy equal lengths, times transformers.js fp32',
        against('fp32 1 b16', 'transformers.js b16'),
        null,
      );
    }
    figure('int8 beam 4, times own fp32', against('int8 4 b16', 'fp32 4 b16'), 1.4);
    figure('beam 4 time / greedy time, fp32 (at most)', against('fp32 1 b16', 'fp32 4 b16'), 1.6);
    const rate = (operations: number, milliseconds: number): number => operations / milliseconds / 1e6;
    const encodeRate = rate(encode.operations, table.of('product encode'));
    const decodeRate = rate(decode.operations, table.of('product decode'));
    figure('plain MatMul, encode shape, GFLOP/s', encodeRate, null);
    figure('plain MatMul, decode shape, GFLOP/s', decodeRate, null);
    const encoded = prefillOperations(16, LENGTH, SMALL);
    const decoded = decodeOperations(16, 4, LENGTH, STEPS - 1, SMALL);
    for (const name of Object.keys(models)) {
      const [encodeTarget, decodeTarget] = name === 'fp32' ? [0.6, 0.5] : [null, null];
      const prefill = table.of(`${name} prefill`);
      figure(`encode share of plain fp32 MatMul, ${name}`, rate(encoded, prefill) / encodeRate, encodeTarget);
      figure(
        `beam decode share of plain fp32 MatMul, ${name}`,
        rate(decoded, table.of(`${name} 4 b16`) - prefill) / decodeRate,
        decodeTarget,
      );
    }
    figure('sorted token budget, times arrival order, fp32 beam 4', against('fp32 4 mixed', 'fp32 4 arrival'), 1.3);
    figure('sorted token budget, times arrival order, int8 beam 4', against('int8 4 mixed', 'int8 4 arrival'), 1.3);
    for (const [name, share] of invariant) figure(`same output alone and in a batch, ${name}`, share, 1);
    for (const name of table.names()) {
      const passages = name.includes('b16') ? 16 : name.includes('b1') ? 1 : mixed.length;
      if (!name.startsWith('product') && !name.includes('prefill'))
        figure(`questions/s: ${name}`, (passages * 1000) / table.of(name), null);
    }
    figure('rounds', round, quick ? null : 5);
    console.info(`round ${round} of ${rounds} done`);
    if (round === rounds)
      console.table(
        Object.fromEntries(
          Object.entries(figures).map(([name, { value, target }]) => [
            name,
            {
              value,
              target: target ?? '',
              met: target === null ? '' : (name.includes('at most') ? value <= target : value >= target) ? 'yes' : 'NO',
            },
          ]),
        ),
      );
    const at = process.argv.indexOf('--json');
    const file = process.argv[at + 1];
    if (at > 0 && file) writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
  }
}

await main();
