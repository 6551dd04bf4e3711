/** Two clusters that become one: each is named by the point that stands in its place, the smaller number from then on. */
export interface Merge {
  left: number;
  right: number;
  height: number; // Ward's distance of the two, as scipy counts it
}

/**
 * Ward's clustering (1963) of points that each stand for so many passages, by the chain of nearest neighbours (Murtagh
 * 1983): O(n²) time, and memory for the centroids alone, which are changed. `centroids` holds `sizes.length` rows of
 * `width` numbers. The merges come in the order of their heights, which never fall.
 */
export function ward(centroids: Float64Array, sizes: Float64Array, width: number): Merge[] {
  const open = Int32Array.from(sizes, (_, point) => point);
  let count = open.length;
  const chain: number[] = [];
  const merges: Merge[] = [];

  /** The squared distance of two clusters, halved; once it is over `least`, anything over it. */
  const distance = (one: number, other: number, least: number): number => {
    const [some, more] = [sizes[one] ?? 0, sizes[other] ?? 0];
    const weight = (some * more) / (some + more);
    const enough = least / weight;
    let sum = 0;
    const end = (one + 1) * width;
    let to = other * width;
    for (let at = one * width; at < end && sum <= enough;) {
      const stop = Math.min(end, at + 32);
      let [one, other] = [0, 0]; // two sums don't wait for each other
      for (; at + 1 < stop; at += 2, to += 2) {
        const difference = (centroids[at] ?? 0) - (centroids[to] ?? 0);
        const next = (centroids[at + 1] ?? 0) - (centroids[to + 1] ?? 0);
        one += difference * difference;
        other += next * next;
      }
      for (; at < stop; at += 1, to += 1) one += ((centroids[at] ?? 0) - (centroids[to] ?? 0)) ** 2;
      sum += one + other;
    }
    return sum * weight;
  };

  while (merges.length < sizes.length - 1) {
    if (chain.length === 0) chain.push(open[0] ?? 0);
    const tip = chain.at(-1) ?? 0;
    const before = chain.at(-2);
    // What came before wins a tie, so that the chain ends.
    let nearest = before ?? -1;
    let least = before === undefined ? Infinity : distance(tip, before, Infinity);
    for (let place = 0; place < count; place += 1) {
      const other = open[place] ?? 0;
      if (other === tip || other === before) continue;
      const found = distance(tip, other, least);
      if (found < least) [nearest, least] = [other, found];
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    chain.length -= 2;
    const [left, right] = tip < nearest ? [tip, nearest] : [nearest, tip];
    merges.push({ left, right, height: Math.sqrt(2 * least) });
    join(centroids, sizes, width, left, right);
    count -= 1;
    open[open.indexOf(right)] = open[count] ?? 0;
  }
  return merges.sort((one, other) => one.height - other.height);
}

function join(centroids: Float64Array, sizes: Float64Array, width: number, left: number, right: number): void {
  const [some, more] = [sizes[left] ?? 0, sizes[right] ?? 0];
  for (let at = 0; at < width; at += 1) {
    const [one, other] = [centroids[left * width + at] ?? 0, centroids[right * width + at] ?? 0];
    centroids[left * width + at] = (one * some + other * more) / (some + more);
  }
  sizes[left] = some + more;
}

/** The clusters of `count` points when so many merges are undone that `clusters` are left, each with its points in order. */
export function cut(merges: readonly Merge[], count: number, clusters: number): number[][] {
  const parents = Int32Array.from({ length: count }, (_, point) => point);
  const find = (point: number): number => {
    let root = point;
    while (parents[root] !== root) root = parents[root] ?? 0;
    return root;
  };
  for (const { left, right } of merges.slice(0, Math.max(0, count - clusters))) parents[find(right)] = find(left);
  const found = new Map<number, number[]>();
  for (let point = 0; point < count; point += 1) {
    const root = find(point);
    const own = found.get(root);
    if (own) own.push(point);
    else found.set(root, [point]);
  }
  return [...found.values()];
}
