/** Numbers by keys of two numbers: open addressing, at most half full, three words a place. */
export class KeyTable {
  private table = new Int32Array(3 << 12);
  private used = 0;

  /** The number that has this key already, or null after it was given to this one. */
  add(one: number, other: number, number: number): number | null {
    if (this.used * 6 >= this.table.length) this.grow();
    const at = this.seek(one, other);
    const known = this.table[at + 2] ?? 0;
    if (known > 0) return known - 1;
    this.table.set([one, other, number + 1], at);
    this.used += 1;
    return null;
  }

  private seek(one: number, other: number): number {
    const places = this.table.length / 3;
    for (let place = one & (places - 1); ; place = (place + 1) & (places - 1)) {
      const at = place * 3;
      if (this.table[at + 2] === 0 || (this.table[at] === one && this.table[at + 1] === other)) return at;
    }
  }

  private grow(): void {
    const before = this.table;
    this.table = new Int32Array(before.length * 2);
    for (let at = 0; at < before.length; at += 3) {
      const entry = before.subarray(at, at + 3);
      if (entry[2] !== 0) this.table.set(entry, this.seek(entry[0] ?? 0, entry[1] ?? 0));
    }
  }
}
