/** Compares a device with the CPU on the same input, and chooses one. */
import type { DeviceChoice, SelfTestResult } from '../shared/inference.ts';
import type { ModelBundle } from './bundle/bundle.ts';
import type { RowCandidates, Source } from './decode/step-model.ts';
import { required } from './errors.ts';
import { Model } from './model.ts';
import { ModelBatch } from './model-batch.ts';
import { availableDevices, type Device } from './runtime.ts';

const ROWS = 4;
const COMPARED = 8;
/** Log-probabilities may differ this much before a device counts as wrong; software Vulkans differ by 5e-5 at most. */
export const ALLOWED_DIFFERENCE = 1e-3;

function probeSources(bundle: ModelBundle, language: string): Source[] {
  const size = required(bundle.languages.get(language)).size;
  const length = Math.min(bundle.manifest.architecture.maximumSource, 96);
  return [length, Math.ceil(length / 2)].map((count, row) => ({
    tokens: Int32Array.from({ length: count }, (_, i) => 4 + ((i * 7919 + row * 104729) % (size - 4))),
    segments: new Uint8Array(count),
  }));
}

/** Prefill and one step of fixed tokens; the second run is timed (the first one compiles). */
async function probe(model: Model, language: string): Promise<{ rows: RowCandidates[]; milliseconds: number }> {
  const sessions = await model.language(language);
  const sources = probeSources(model.bundle, language);
  async function once(): Promise<RowCandidates[]> {
    const batch = new ModelBatch(model, sessions, sources, { rows: ROWS, candidates: 2 * COMPARED });
    const first = await batch.start();
    const next = Array.from({ length: ROWS }, (_, i) => ({ parent: 0, token: 4 + i }));
    const second = await batch.step(sources.map(() => next));
    batch.release();
    return [...first, ...second.flat()];
  }
  await once();
  const start = performance.now();
  const rows = await once();
  return { rows, milliseconds: performance.now() - start };
}

/** Largest difference among the first tokens of the CPU's rows; a token that the other lacks counts as infinite unless it is at the edge. */
export function maximumDifference(expected: readonly RowCandidates[], actual: readonly RowCandidates[]): number {
  let worst = 0;
  expected.forEach((row, r) => {
    const other = required(actual[r]);
    const places = new Map<number, number>();
    other.ids.forEach((id, i) => places.set(id, other.logProbabilities[i] ?? -Infinity));
    for (let i = 0; i < Math.min(COMPARED, row.ids.length); i++) {
      const value = places.get(row.ids[i] ?? -1);
      worst = Math.max(worst, value === undefined ? Infinity : Math.abs(value - (row.logProbabilities[i] ?? 0)));
    }
  });
  return worst;
}

/**
 * Runs `device` and the CPU on the same input: both in fp32 for the difference; for the speed the CPU as it would be used,
 * in int8 where the bundle has it. Never throws for a device that does not work: it says why.
 */
export async function selfTest(bundle: ModelBundle, device: Device): Promise<SelfTestResult> {
  const language = required([...bundle.languages.keys()][0]);
  const cpu = new Model(bundle, { device: 'cpu', arithmetic: 'fp32' });
  const used = new Model(bundle, { device: 'cpu' });
  const other = new Model(bundle, { device, arithmetic: 'fp32' });
  try {
    // First, so that a device that can't start costs no more than the attempt.
    const measured = await probe(other, language);
    const exact = await probe(cpu, language);
    const reference = used.int8 ? { ...(await probe(used, language)), rows: exact.rows } : exact;
    const difference = maximumDifference(reference.rows, measured.rows);
    const usable = difference <= ALLOWED_DIFFERENCE;
    const speed = (reference.milliseconds / measured.milliseconds).toPrecision(2);
    return {
      device,
      usable,
      maximumDifference: Number.isFinite(difference) ? difference : null,
      milliseconds: measured.milliseconds,
      cpuMilliseconds: reference.milliseconds,
      reason: usable
        ? `${device} agrees with the CPU (largest difference ${difference.toExponential(1)}) and is ${speed} times as fast${used.int8 ? ' as its int8' : ''}.`
        : `${device} differs from the CPU by ${difference.toExponential(1)}: not used.`,
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { device, usable: false, maximumDifference: null, milliseconds: null, cpuMilliseconds: null, reason };
  } finally {
    await cpu.release().catch(() => undefined);
    await used.release().catch(() => undefined);
    await other.release().catch(() => undefined);
  }
}

/** The device to use for a choice, and why. 'auto' takes an accelerator only where it agrees with the CPU and beats it. */
export async function chooseDevice(
  bundle: ModelBundle,
  choice: DeviceChoice,
  candidates: readonly Device[] = availableDevices(),
): Promise<{ device: Device; reason: string }> {
  if (choice === 'cpu') return { device: 'cpu', reason: 'CPU was chosen.' };
  if (choice !== 'auto') {
    const result = await selfTest(bundle, choice);
    return result.usable
      ? { device: choice, reason: result.reason }
      : { device: 'cpu', reason: `CPU instead of ${choice}: ${result.reason}` };
  }
  const reasons: string[] = [];
  for (const device of candidates) {
    if (device === 'cpu') continue;
    const result = await selfTest(bundle, device);
    if (result.usable && (result.milliseconds ?? Infinity) < (result.cpuMilliseconds ?? 0))
      return { device, reason: result.reason };
    reasons.push(result.reason);
  }
  return { device: 'cpu', reason: `CPU: ${reasons.join(' ')}`.trim() };
}
