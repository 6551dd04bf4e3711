/** The only file that imports onnxruntime-node. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { arch, availableParallelism, platform } from 'node:os';
import { dirname, join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { InferenceError } from './errors.ts';

export type Device = 'cpu' | 'webgpu' | 'cuda' | 'dml' | 'coreml';
export type RuntimeTensor = ort.Tensor;
export type Feeds = Record<string, RuntimeTensor>;

/** One graph on one device. `run` returns only the outputs named in `fetch`. */
export interface RuntimeSession {
  readonly device: Device;
  run(feeds: Feeds, fetch: readonly string[]): Promise<Record<string, RuntimeTensor>>;
  release(): Promise<void>;
}

/** True where the installed package carries the CUDA provider's library (it is a separate download). */
function hasCudaLibrary(): boolean {
  try {
    const root = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
    return existsSync(join(root, 'bin/napi-v6', platform(), arch(), 'libonnxruntime_providers_cuda.so'));
  } catch {
    return false;
  }
}

/** Execution providers that the package carries for this platform, CPU first. */
export function availableDevices(): Device[] {
  const devices: Device[] = ['cpu', 'webgpu'];
  if (platform() === 'win32') devices.push('dml');
  if (platform() === 'darwin') devices.push('coreml');
  if (platform() === 'linux' && hasCudaLibrary()) devices.push('cuda');
  return devices;
}

/** All cores of small machines; one is left to the window on larger ones. */
export function defaultThreads(): number {
  const cores = availableParallelism();
  return cores <= 2 ? cores : Math.max(2, Math.ceil(cores / 2) - 1);
}

export interface SessionOptions {
  readonly device: Device;
  readonly threads?: number;
  /** For processors whose u8 x s8 product overflows: the exact, slower one. */
  readonly preciseInt8?: boolean;
}

/** Errors: 'device-unavailable' when the provider cannot start. */
export async function createSession(
  model: Uint8Array,
  { device, threads = defaultThreads(), preciseInt8 = false }: SessionOptions,
): Promise<RuntimeSession> {
  if (!availableDevices().includes(device)) {
    throw new InferenceError('device-unavailable', `This installation carries no support for ${device}. Choose CPU.`, {
      device,
    });
  }
  let session: ort.InferenceSession;
  try {
    session = await ort.InferenceSession.create(model, {
      executionProviders: device === 'cpu' ? ['cpu'] : [device, 'cpu'],
      executionMode: 'sequential',
      interOpNumThreads: 1,
      intraOpNumThreads: threads,
      logSeverityLevel: 3,
      extra: {
        session: {
          intra_op: { allow_spinning: '0' },
          x64quantprecision: preciseInt8 ? '1' : '0',
          // Softmax gives masked slots 4e-39: numbers that small cost Intel's processors a hundred cycles each.
          set_denormal_as_zero: '1',
        },
      },
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    if (device === 'cpu') throw new InferenceError('internal', `The model's graph was refused: ${reason}`);
    throw new InferenceError(
      'device-unavailable',
      `The ${device} device cannot be used here (${reason}). Choose CPU.`,
      { device, reason },
    );
  }
  return {
    device,
    run: async (feeds, fetch) => (await session.run(feeds, fetch)) as Record<string, RuntimeTensor>,
    release: () => session.release(),
  };
}

export function floatTensor(data: Float32Array, shape: readonly number[]): RuntimeTensor {
  return new ort.Tensor('float32', data, shape);
}

export function int32Tensor(data: Int32Array, shape: readonly number[]): RuntimeTensor {
  return new ort.Tensor('int32', data, shape);
}

export function int64Tensor(data: BigInt64Array, shape: readonly number[]): RuntimeTensor {
  return new ort.Tensor('int64', data, shape);
}

export function boolTensor(value: boolean): RuntimeTensor {
  return new ort.Tensor('bool', Uint8Array.of(value ? 1 : 0), [1]);
}

/** The float32 values of an output; throws on another type. */
export function floats(tensor: RuntimeTensor | undefined): Float32Array {
  if (tensor?.data instanceof Float32Array) return tensor.data;
  throw new InferenceError('internal', 'A graph output is not float32.');
}

/** The values of an int64 output that are far below 2^31: ids. */
export function integers(tensor: RuntimeTensor | undefined): Int32Array {
  const data = tensor?.data;
  if (!(data instanceof BigInt64Array)) throw new InferenceError('internal', 'A graph output is not int64.');
  const words = new Int32Array(data.buffer, data.byteOffset, data.length * 2);
  const values = new Int32Array(data.length);
  for (let i = 0; i < values.length; i++) values[i] = words[2 * i] ?? 0;
  return values;
}
