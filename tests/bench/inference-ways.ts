/** What bench:inference compares: our path, the authors' way, the plain product; and its table. */
import { writeFileSync } from 'node:fs';
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
import type { Model } from '../../src-main/inference/model.ts';
import { ModelBatch } from '../../src-main/inference/model-batch.ts';
import { createSession, floatTensor, type RuntimeSession } from '../../src-main/inference/runtime.ts';
import { VOCABULARY } from './inference-model.ts';

export const LENGTH = 180;
export const STEPS = 16;
export const THREADS = 2;
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

export const random = seededRandom(3);
export function source(length: number): Source {
  return {
    tokens: Int32Array.from({ length }, () => 4 + Math.floor(random() * (VOCABULARY - 4))),
    segments: new Uint8Array(length),
  };
}

export async function ours(model: Model, sources: readonly Source[], beams: number): Promise<Hypothesis[][]> {
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
export async function naive(model: Model, sources: readonly Source[], beams: number, lap: () => void): Promise<void> {
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

export async function inParts<Part>(
  parts: readonly Part[],
  lap: () => void,
  run: (part: Part) => Promise<unknown>,
): Promise<void> {
  for (const part of parts) {
    await run(part);
    lap();
  }
}

export interface Product {
  readonly operations: number;
  readonly run: () => Promise<void>;
}

/** A chain of constant-weight products inner -> outer -> inner in one run, so that only the products are timed. */
export async function productSession(rows: number, inner: number, outer: number): Promise<Product> {
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
export class Table {
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

/** Source and separator once: what comes before the first word. */
export async function prefill(model: Model, sources: readonly Source[]): Promise<void> {
  const batch = new ModelBatch(model, await model.language('en'), sources, { rows: 4, candidates: 8 });
  await batch.start();
  batch.release();
}

/** Operations in `milliseconds` as GFLOP/s. */
export function rate(operations: number, milliseconds: number): number {
  return operations / milliseconds / 1e6;
}

/** Figures with their targets, printed as a table and written to --json's file. */
export class Figures {
  private readonly figures: Record<string, { value: number; target: number | null }> = {};

  add(name: string, value: number, target: number | null): void {
    this.figures[name] = { value: Math.round(value * 1000) / 1000, target };
  }
  print(): void {
    console.table(
      Object.fromEntries(
        Object.entries(this.figures).map(([name, { value, target }]) => [
          name,
          {
            value,
            target: target ?? '',
            met: target === null ? '' : (name.includes('at most') ? value <= target : value >= target) ? 'yes' : 'NO',
          },
        ]),
      ),
    );
  }
  write(): void {
    const at = process.argv.indexOf('--json');
    const file = process.argv[at + 1];
    if (at > 0 && file) writeFileSync(file, `${JSON.stringify(this.figures, null, 2)}\n`);
  }
}
