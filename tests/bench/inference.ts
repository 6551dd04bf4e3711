/**
 * npm run bench:inference [-- --quick] [--base] [--json FILE]
 * All variants are interleaved and the minimum of at least 5 rounds counts, because a busy machine moves medians
 * (of what runs for seconds, the sum of its parts' minima: the naive way's steps, the batches of mixed lengths).
 * Naive is the authors' way: the whole sequence again at each step, no cache, rows copied per beam.
 * --base measures the model of 768 hidden and 12 layers instead.
 */
import { planBatches, DEFAULT_LIMITS } from '../../src-main/inference/batching.ts';
import { Model } from '../../src-main/inference/model.ts';
import { measureBase } from './inference-base.ts';
import { decodeOperations, prefillOperations, randomBundle, SMALL, VOCABULARY } from './inference-model.ts';
import { loadTransformersModel } from './inference-transformers.ts';
import {
  Figures,
  inParts,
  LENGTH,
  naive,
  ours,
  prefill,
  productSession,
  random,
  rate,
  source,
  STEPS,
  Table,
  THREADS,
} from './inference-ways.ts';

/** What runs for less than a second runs as often in each round. */
const SHORT = 4;
const quick = process.argv.includes('--quick');
const rounds = quick ? 2 : 5;
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
  const bart = { hidden: 256, heads: 8, layers: 2, feedForward: 1024, vocabulary: VOCABULARY };
  const others = [];
  for (const precision of ['fp32', 'q8'] as const) {
    const other = await loadTransformersModel({ ...bart, precision, threads: THREADS, steps: STEPS });
    console.info(other.note);
    if (other.generate) others.push({ name: `transformers.js ${precision}`, generate: other.generate });
  }
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
      for (let i = 0; i < SHORT; i++) await table.time(`${name} prefill`, () => prefill(model, sixteen));
    }
    await table.time('product encode', encode.run);
    await table.time('product decode', decode.run);
    await table.time('naive 1 b16', (lap) => naive(authors, sixteen, 1, lap));
    await table.time('naive 1 b1', (lap) => naive(authors, one, 1, lap));
    await table.time('naive 4 b16', (lap) => naive(authors, sixteen, 4, lap));
    await table.time('naive 4 b1', (lap) => naive(authors, one, 4, lap));
    for (const { name, generate } of others) {
      await table.time(`${name} mixed`, (lap) =>
        inParts(arrival, lap, (batch) => generate(batch.map(({ tokens }) => tokens))),
      );
      for (let i = 0; i < SHORT; i++)
        await table.time(`${name} b16`, () => generate(sixteen.map(({ tokens }) => tokens)));
    }
    report(round + 1);
  }

  /** After every round, so that an interrupted run leaves its figures. */
  function report(round: number): void {
    const figures = new Figures();
    const figure = (name: string, value: number, target: number | null): void => figures.add(name, value, target);
    const against = (name: string, reference: string): number => table.of(reference) / table.of(name);
    figure('fp32 greedy batch 16, times naive', against('fp32 1 b16', 'naive 1 b16'), 8);
    figure('fp32 beam 4 batch 16, times naive', against('fp32 4 b16', 'naive 4 b16'), 25);
    figure('int8 greedy batch 16, times naive', against('int8 1 b16', 'naive 1 b16'), 12);
    figure('int8 beam 4 batch 16, times naive', against('int8 4 b16', 'naive 4 b16'), 45);
    figure('fp32 greedy batch 1, times naive', against('fp32 1 b1', 'naive 1 b1'), null);
    figure('fp32 beam 4 batch 1, times naive', against('fp32 4 b1', 'naive 4 b1'), null);
    figure('int8 greedy batch 1, times naive', against('int8 1 b1', 'naive 1 b1'), null);
    figure('int8 beam 4 batch 1, times naive', against('int8 4 b1', 'naive 4 b1'), null);
    if (others.length > 0) {
      const compared = (name: string, ours: string, theirs: string, target: number | null): void =>
        figure(name, against(ours, `transformers.js ${theirs}`), target);
      compared('fp32 greedy mixed lengths, times transformers.js fp32', 'fp32 1 mixed', 'fp32 mixed', 1.4);
      compared('int8 greedy mixed lengths, times transformers.js fp32', 'int8 1 mixed', 'fp32 mixed', 2.3);
      compared('int8 greedy mixed lengths, times transformers.js q8', 'int8 1 mixed', 'q8 mixed', 1.7);
      compared('int8 beam 4 mixed lengths, times transformers.js greedy fp32', 'int8 4 mixed', 'fp32 mixed', 1.5);
      compared('fp32 greedy equal lengths, times transformers.js fp32', 'fp32 1 b16', 'fp32 b16', null);
      compared('int8 greedy equal lengths, times transformers.js q8', 'int8 1 b16', 'q8 b16', null);
    }
    figure('int8 beam 4, times own fp32', against('int8 4 b16', 'fp32 4 b16'), 1.4);
    figure('beam 4 time / greedy time, fp32 (at most)', against('fp32 1 b16', 'fp32 4 b16'), 1.6);
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
    if (round === rounds) figures.print();
    figures.write();
  }
}

await (process.argv.includes('--base') ? measureBase(rounds) : main());
