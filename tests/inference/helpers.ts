import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadBundle } from '../../src-main/inference/bundle/bundle.ts';
import {
  DEFAULT_DECODING,
  candidatesOf,
  rowsOf,
  type DecodingOptions,
} from '../../src-main/inference/decode/options.ts';
import { runBatch } from '../../src-main/inference/decode/run-batch.ts';
import { SampleSearch } from '../../src-main/inference/decode/sampling.ts';
import { BeamSearch, type Hypothesis } from '../../src-main/inference/decode/search.ts';
import type { Source } from '../../src-main/inference/decode/step-model.ts';
import { Model } from '../../src-main/inference/model.ts';
import { ModelBatch } from '../../src-main/inference/model-batch.ts';
import type { Device } from '../../src-main/inference/runtime.ts';

export const FIXTURE = join(import.meta.dirname, 'fixture');

export interface GoldenHypothesis {
  tokens: number[];
  total: number;
  ranking: number;
  complete: boolean;
}
export interface GoldenCase {
  tokens: number[];
  segments: number[];
  /** The separator's mark, where the case names a kind of answer. */
  separatorSegment?: number;
  greedy: GoldenHypothesis[];
  beam: GoldenHypothesis[];
}

export function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(join(FIXTURE, name), 'utf8')) as T;
}

export async function loadModel(name: string, device: Device = 'cpu'): Promise<Model> {
  return new Model(await loadBundle(join(FIXTURE, name)), { device, threads: 1 });
}

export function goldenOptions(method: DecodingOptions['method'], outputs: number): DecodingOptions {
  return { ...DEFAULT_DECODING, method, beams: method === 'greedy' ? 1 : 4, maximumLength: 12, outputs };
}

export function sourceOf({
  tokens,
  segments,
  separatorSegment,
}: Pick<GoldenCase, 'tokens' | 'segments' | 'separatorSegment'>): Source {
  return {
    tokens: Int32Array.from(tokens),
    segments: Uint8Array.from(segments),
    ...(separatorSegment === undefined ? {} : { separatorSegment }),
  };
}

/** Decodes sources as one batch; ids keep sampling streams apart. */
export async function decode(
  model: Model,
  sources: Source[],
  options: DecodingOptions,
  ids?: string[],
): Promise<Hypothesis[][]> {
  const sessions = await model.language('en');
  const special = { end: 2, banned: new Set([0, 1, 3]) };
  const searches = sources.map((_, i) =>
    options.method === 'sample'
      ? new SampleSearch(options, special, ids?.[i] ?? String(i))
      : new BeamSearch(options, special),
  );
  return runBatch(
    new ModelBatch(model, sessions, sources, { rows: rowsOf(options), candidates: candidatesOf(options) }),
    searches,
  );
}
