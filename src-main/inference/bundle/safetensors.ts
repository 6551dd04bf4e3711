import { InferenceError } from '../errors.ts';

export type StoredType = 'F32' | 'F16' | 'I8';

export interface StoredTensor {
  readonly type: StoredType;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

const BYTES_PER_ELEMENT = { F32: 4, F16: 2, I8: 1 } satisfies Record<StoredType, number>;
const LARGEST_HEADER = 16 * 1024 * 1024;

function refuse(file: string, reason: string): never {
  throw new InferenceError('bad-tensor', `${file} is not a valid safetensors file: ${reason}. Pack the model again.`, {
    file,
  });
}

function isStoredType(value: unknown): value is StoredType {
  return value === 'F32' || value === 'F16' || value === 'I8';
}

/**
 * Reads a safetensors file (8-byte little-endian header size, JSON header, data).
 * Tensors are views on `data`. Throws InferenceError 'bad-tensor' for anything out of bounds, overlapping or of an unknown type.
 */
export function readSafetensors(file: string, data: Uint8Array): Map<string, StoredTensor> {
  if (data.length < 8) refuse(file, 'it is too short');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const headerSize = Number(view.getBigUint64(0, true));
  if (headerSize > LARGEST_HEADER || headerSize + 8 > data.length) refuse(file, 'its header is larger than the file');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data.subarray(8, 8 + headerSize)));
  } catch {
    refuse(file, 'its header is not JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header))
    refuse(file, 'its header is not an object');
  const body = data.subarray(8 + headerSize);
  const tensors = new Map<string, StoredTensor>();
  const ranges: [number, number][] = [];
  for (const [name, entry] of Object.entries(header as Record<string, unknown>)) {
    if (name === '__metadata__') continue;
    const { dtype, shape, data_offsets: offsets } = (entry ?? {}) as Record<string, unknown>;
    if (!isStoredType(dtype)) refuse(file, `tensor ${name} has type ${String(dtype)}; F32, F16 and I8 are known`);
    if (!isSizes(shape)) refuse(file, `tensor ${name} has no valid shape`);
    if (!isSizes(offsets) || offsets.length !== 2) refuse(file, `tensor ${name} has no valid offsets`);
    const [start = 0, end = 0] = offsets;
    const size = shape.reduce((product, length) => product * length, 1) * BYTES_PER_ELEMENT[dtype];
    if (end < start || end > body.length || end - start !== size) refuse(file, `tensor ${name} does not fit its place`);
    ranges.push([start, end]);
    tensors.set(name, { type: dtype, shape, bytes: body.subarray(start, end) });
  }
  ranges.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  let position = 0;
  for (const [start, end] of ranges) {
    if (start !== position) refuse(file, 'its tensors overlap or leave gaps');
    position = end;
  }
  if (position !== body.length) refuse(file, 'it has bytes that belong to no tensor');
  return tensors;
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}

/** Writes tensors in the given order; used by the benchmark and the tests. */
export function writeSafetensors(tensors: ReadonlyMap<string, StoredTensor>): Uint8Array {
  const header: Record<string, unknown> = {};
  let offset = 0;
  for (const [name, tensor] of tensors) {
    header[name] = { dtype: tensor.type, shape: tensor.shape, data_offsets: [offset, offset + tensor.bytes.length] };
    offset += tensor.bytes.length;
  }
  let text = JSON.stringify(header);
  text += ' '.repeat((8 - (text.length % 8)) % 8);
  const head = new TextEncoder().encode(text);
  const out = new Uint8Array(8 + head.length + offset);
  new DataView(out.buffer).setBigUint64(0, BigInt(head.length), true);
  out.set(head, 8);
  let position = 8 + head.length;
  for (const tensor of tensors.values()) {
    out.set(tensor.bytes, position);
    position += tensor.bytes.length;
  }
  return out;
}

/** The float32 values of an F32 or F16 tensor, aligned and owned by the caller. */
export function toFloat32(tensor: StoredTensor): Float32Array {
  const { bytes } = tensor;
  if (tensor.type === 'F32') return new Float32Array(new Uint8Array(bytes).buffer);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const out = new Float32Array(bytes.length / 2);
  for (let i = 0; i < out.length; i++) out[i] = halfToFloat(view.getUint16(i * 2, true));
  return out;
}

function halfToFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
