import { width } from './bags.ts';
import { split } from './parts.ts';
import { cut, ward } from './ward.ts';

/** The most vectors that Ward's clustering takes at once. */
export const groupLimit = 1500;
/** Of a cluster's other vectors, how many are named as the nearest to the chosen one. */
const namedNearest = 3;

/** A cluster's vector nearest to its centroid, by number; how many the cluster has; those left out that are most like it. */
export interface Chosen {
  member: number;
  cluster: number;
  near: number[];
}

/**
 * Clusters vectors, `members` by number, into `places` clusters and chooses the most central one of each. Up to
 * {@link groupLimit} vectors by Ward alone; more are split first, then Ward's clusters are made within each group, in
 * proportion to the groups, or, where there are fewer places than groups, of the groups. Yields how many were clustered.
 */
export function* chooseCentral(
  vectors: Int8Array,
  members: Int32Array,
  places: number,
  random: () => number,
): Generator<number, { chosen: Chosen[]; groups: number }> {
  if (places === 0) return { chosen: [], groups: 0 };
  const groups: Int32Array[] = [];
  const splitting = split(vectors, members, groupLimit, random);
  for (let next = splitting.next(); ; next = splitting.next()) {
    if (next.done === true) {
      groups.push(...next.value);
      break;
    }
    yield 0;
  }
  const chosen: Chosen[] = [];
  if (places < groups.length) {
    for (const cluster of wardOf(
      groups.map((group) => centroidOf(vectors, group)),
      groups,
      places,
    )) {
      const joined = Int32Array.from(cluster.flatMap((group) => [...(groups[group] ?? [])]));
      chosen.push(central(vectors, joined.sort()));
      yield joined.length;
    }
    return { chosen, groups: groups.length };
  }
  const shares = proportional(
    groups.map((group) => group.length),
    places,
  );
  for (const [index, group] of groups.entries()) {
    const alone = Array.from(group, (member) => Int32Array.of(member));
    for (const cluster of wardOf(
      alone.map((one) => centroidOf(vectors, one)),
      alone,
      shares[index] ?? 0,
    ))
      chosen.push(
        central(
          vectors,
          Int32Array.from(cluster, (at) => group[at] ?? 0),
        ),
      );
    yield group.length;
  }
  return { chosen, groups: groups.length };
}

/** Clusters of groups, by their places in the list. */
function wardOf(centroids: readonly Float64Array[], groups: readonly Int32Array[], clusters: number): number[][] {
  const rows = new Float64Array(groups.length * width);
  for (const [index, centroid] of centroids.entries()) rows.set(centroid, index * width);
  const sizes = Float64Array.from(groups, (group) => group.length);
  return cut(ward(rows, sizes, width), groups.length, clusters);
}

function centroidOf(vectors: Int8Array, members: Int32Array): Float64Array {
  const sum = new Float64Array(width);
  for (const member of members)
    for (let at = 0; at < width; at += 1) sum[at] = (sum[at] ?? 0) + (vectors[member * width + at] ?? 0);
  return sum.map((value) => value / members.length);
}

/** Vectors of one length are the nearer, the more they point the same way; one without words is the nearest to none. */
function central(vectors: Int8Array, members: Int32Array): Chosen {
  const [member = 0] = mostAlike(vectors, centroidOf(vectors, members), members, 1);
  const own = Float64Array.from(vectors.subarray(member * width, (member + 1) * width));
  const others = members.filter((other) => other !== member);
  return { member, cluster: members.length, near: mostAlike(vectors, own, others, namedNearest) };
}

/** The members most alike to a vector, the most alike first and among equals the first. */
function mostAlike(vectors: Int8Array, vector: Float64Array, members: Int32Array, count: number): number[] {
  const found: { member: number; likeness: number }[] = [];
  for (const member of members) {
    const likeness = cosine(vectors, member, vector);
    if (found.length === count && likeness <= (found.at(-1)?.likeness ?? 0)) continue;
    const place = found.findIndex((other) => other.likeness < likeness);
    found.splice(place < 0 ? found.length : place, 0, { member, likeness });
    found.length = Math.min(found.length, count);
  }
  return found.map(({ member }) => member);
}

function cosine(vectors: Int8Array, member: number, vector: Float64Array): number {
  let product = 0;
  let length = 0;
  for (let at = 0, from = member * width; at < width; at += 1) {
    const value = vectors[from + at] ?? 0;
    product += value * (vector[at] ?? 0);
    length += value * value;
  }
  return length === 0 ? -Infinity : product / Math.sqrt(length);
}

/** Places in proportion to sizes, never more than a size; where there are enough each gets one first. Largest remainders. */
export function proportional(sizes: readonly number[], places: number): number[] {
  const all = sizes.reduce((sum, size) => sum + size, 0);
  if (places >= all) return [...sizes];
  const first = places >= sizes.filter((size) => size > 0).length ? 1 : 0;
  const counts = sizes.map((size) => Math.min(size, first));
  const given = counts.reduce((sum, count) => sum + count, 0);
  const exact = sizes.map((size, index) => ((size - (counts[index] ?? 0)) * (places - given)) / (all - given));
  const whole = counts.map((count, index) => count + Math.floor(exact[index] ?? 0));
  let left = places - whole.reduce((sum, count) => sum + count, 0);
  const byRest = exact.map((value, index) => ({ index, rest: value % 1 }));
  byRest.sort((one, other) => other.rest - one.rest || one.index - other.index);
  for (const { index } of byRest) {
    if (left === 0) break;
    if ((whole[index] ?? 0) >= (sizes[index] ?? 0)) continue;
    whole[index] = (whole[index] ?? 0) + 1;
    left -= 1;
  }
  return whole;
}
