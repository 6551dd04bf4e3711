/** Union-find over numbers that count from 0. */
export class Groups {
  private parent = new Int32Array(1024); // the parent plus one; 0 is a root

  /** Whether they were in two groups until now. */
  join(left: number, right: number): boolean {
    const [one, other] = [this.find(left), this.find(right)];
    if (one === other) return false;
    // The later one hangs under the earlier, so that a group's root is its first member.
    this.parent[Math.max(one, other)] = Math.min(one, other) + 1;
    return true;
  }

  find(member: number): number {
    while (member >= this.parent.length) this.grow();
    let root = member;
    for (let next = this.parent[root] ?? 0; next > 0; next = this.parent[root] ?? 0) root = next - 1;
    for (let node = member; node !== root;) {
      const next = (this.parent[node] ?? 0) - 1;
      this.parent[node] = root + 1;
      node = next;
    }
    return root;
  }

  private grow(): void {
    const parent = new Int32Array(this.parent.length * 2);
    parent.set(this.parent);
    this.parent = parent;
  }
}
