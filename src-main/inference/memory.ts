/** Memory by name that one batch after another uses: fresh arrays cost page faults and collection. */
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
}
