/** Memory by name that is written again at each step: fresh arrays of every output cost copies, page faults and collection. */
import { floatTensor, type RuntimeTensor } from './runtime.ts';

export class Memory {
  private readonly arrays = new Map<string, Float32Array>();

  /** `length` values under this name, as they were left. */
  floats(name: string, length: number): Float32Array {
    const known = this.arrays.get(name);
    if (known !== undefined && known.length >= length) return known.subarray(0, length);
    const fresh = new Float32Array(length);
    this.arrays.set(name, fresh);
    return fresh;
  }

  tensor(name: string, shape: readonly number[]): RuntimeTensor {
    const length = shape.reduce((product, size) => product * size, 1);
    return floatTensor(this.floats(name, length), shape);
  }
}
