/** The base size (768 hidden, 12 layers): our path against the authors' way in small batches, int8 against fp32 in large ones. */
import { Model } from '../../src-main/inference/model.ts';
import { decodeOperations, prefillOperations, randomBundle, SMALL } from './inference-model.ts';
import {
  Figures,
  LENGTH,
  naive,
  ours,
  prefill,
  productSession,
  rate,
  source,
  STEPS,
  Table,
  THREADS,
} from './inference-ways.ts';

const BASE = { ...SMALL, hidden: 768, layers: 12, heads: 12, feedForward: 3072, embedding: 768 };
/** The naive way takes half a minute with two passages and four beams, so it is timed in fewer rounds. */
const NAIVE_ROUNDS = 2;

export async function measureBase(rounds: number): Promise<void> {
  const settings = { device: 'cpu', threads: THREADS } as const;
  const models = {
    fp32: new Model(randomBundle(false, BASE), settings),
    int8: new Model(randomBundle(true, BASE), settings),
  };
  const authors = new Model(randomBundle(false, BASE), { ...settings, everyRow: true });
  const sixteen = Array.from({ length: 16 }, () => source(LENGTH));
  const encode = await productSession(16 * (LENGTH + 1), BASE.hidden, BASE.feedForward);
  const decode = await productSession(64, BASE.hidden, BASE.feedForward);
  const table = new Table();
  for (const model of Object.values(models)) await ours(model, sixteen.slice(0, 2), 4);
  for (let round = 0; round < rounds; round++) {
    for (const [name, model] of Object.entries(models)) {
      for (const beams of [1, 4]) await table.time(`${name} ${beams} b16`, () => ours(model, sixteen, beams));
      await table.time(`${name} prefill`, () => prefill(model, sixteen));
    }
    await table.time('fp32 1 b4', () => ours(models.fp32, sixteen.slice(0, 4), 1));
    await table.time('fp32 4 b2', () => ours(models.fp32, sixteen.slice(0, 2), 4));
    await table.time('product encode', encode.run);
    await table.time('product decode', decode.run);
    if (round < NAIVE_ROUNDS) {
      await table.time('naive 1 b4', (lap) => naive(authors, sixteen.slice(0, 4), 1, lap));
      await table.time('naive 4 b2', (lap) => naive(authors, sixteen.slice(0, 2), 4, lap));
    }
    console.info(`round ${round + 1} of ${rounds} done`);
  }
  const figures = new Figures();
  const against = (name: string, reference: string): number => table.of(reference) / table.of(name);
  figures.add('base, fp32 greedy batch 4, times naive', against('fp32 1 b4', 'naive 1 b4'), 9);
  figures.add('base, fp32 beam 4 batch 2, times naive', against('fp32 4 b2', 'naive 4 b2'), 18);
  figures.add('base, int8 beam 4 batch 16, times own fp32', against('int8 4 b16', 'fp32 4 b16'), 1.9);
  figures.add('base, beam 4 time / greedy time, fp32 (at most)', against('fp32 1 b16', 'fp32 4 b16'), 1.35);
  const encodeRate = rate(encode.operations, table.of('product encode'));
  const decodeRate = rate(decode.operations, table.of('product decode'));
  figures.add('base, plain MatMul, encode shape, GFLOP/s', encodeRate, null);
  figures.add('base, plain MatMul, decode shape, GFLOP/s', decodeRate, null);
  for (const [name, encodeTarget, decodeTarget] of [
    ['fp32', 0.78, 0.6],
    ['int8', null, null],
  ] as const) {
    const before = table.of(`${name} prefill`);
    const after = table.of(`${name} 4 b16`) - before;
    const encoded = rate(prefillOperations(16, LENGTH, BASE), before);
    const decoded = rate(decodeOperations(16, 4, LENGTH, STEPS - 1, BASE), after);
    figures.add(`base, encode share of plain fp32 MatMul, ${name}`, encoded / encodeRate, encodeTarget);
    figures.add(`base, beam decode share of plain fp32 MatMul, ${name}`, decoded / decodeRate, decodeTarget);
  }
  for (const [name, passages] of [
    ['fp32 1 b16', 16],
    ['fp32 4 b16', 16],
    ['int8 1 b16', 16],
    ['int8 4 b16', 16],
    ['fp32 1 b4', 4],
    ['fp32 4 b2', 2],
    ['naive 1 b4', 4],
    ['naive 4 b2', 2],
  ] as const)
    figures.add(`base, questions/s: ${name}`, (passages * 1000) / table.of(name), null);
  figures.add('base, rounds (naive: 2)', rounds, null);
  figures.print();
  figures.write();
}
