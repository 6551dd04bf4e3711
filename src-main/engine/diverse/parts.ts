import { width } from './bags.ts';

/** Parts of one split; two splits give a thousand. */
const mostParts = 32;
const batch = 1024;
const batches = 32;
/** Vectors looked at before others have their turn: some milliseconds. */
const atOnce = 4096;

/**
 * Splits vectors by k-means (mini-batches, Sculley 2010; first centres as k-means++ draws them) again and again until a
 * part holds at most `most`. `members` are numbers of vectors. Yields often, for whoever wants to stop or wait.
 */
export function* split(
  vectors: Int8Array,
  members: Int32Array,
  most: number,
  random: () => number,
): Generator<void, Int32Array[]> {
  const done: Int32Array[] = [];
  const open = [members];
  for (let part = open.pop(); part; part = open.pop()) {
    if (part.length <= most) {
      done.push(part);
      continue;
    }
    const parts = yield* splitOnce(vectors, part, Math.min(mostParts, Math.ceil((2 * part.length) / most)), random);
    // Vectors that are all alike stay together: they are cut in reading order.
    if (parts.length > 1) open.push(...parts.reverse());
    else for (let at = 0; at < part.length; at += most) done.push(part.subarray(at, at + most));
  }
  return done;
}

function* splitOnce(
  vectors: Int8Array,
  members: Int32Array,
  count: number,
  random: () => number,
): Generator<void, Int32Array[]> {
  const drawn = (): number => members[Math.floor(random() * members.length)] ?? 0;
  const centres = new Centres(vectors, Array.from({ length: count * 64 }, drawn), count, random);
  const counts = new Float64Array(count);
  for (let turn = 0; turn < batches; turn += 1) {
    const some = Array.from({ length: batch }, drawn);
    const nearest = some.map((member) => centres.nearest(member));
    for (const [index, member] of some.entries()) {
      const centre = nearest[index] ?? 0;
      counts[centre] = (counts[centre] ?? 0) + 1;
      centres.pull(centre, member, 1 / (counts[centre] ?? 1));
    }
    centres.settle();
    yield;
  }
  const owners = new Uint8Array(members.length);
  const sizes = new Int32Array(count);
  for (const [index, member] of members.entries()) {
    const centre = (owners[index] = centres.nearest(member));
    sizes[centre] = (sizes[centre] ?? 0) + 1;
    if (index % atOnce === 0) yield;
  }
  const parts = Array.from(sizes, (size) => new Int32Array(size));
  for (let index = members.length - 1; index >= 0; index -= 1) {
    const owner = owners[index] ?? 0;
    const place = (sizes[owner] = (sizes[owner] ?? 0) - 1);
    const part = parts[owner];
    if (part) part[place] = members[index] ?? 0;
  }
  return parts.filter((part) => part.length > 0);
}

class Centres {
  private readonly vectors: Int8Array;
  private readonly rows: Float32Array;
  private readonly halves: Float64Array; // half of each one's squared length

  /** Each next centre is drawn by its squared distance from those before. */
  constructor(vectors: Int8Array, sample: readonly number[], count: number, random: () => number) {
    this.vectors = vectors;
    this.rows = new Float32Array(count * width);
    this.halves = new Float64Array(count);
    const distances = new Float64Array(sample.length).fill(Infinity);
    let next = sample[0] ?? 0;
    for (let centre = 0; centre < count; centre += 1) {
      this.rows.set(vectors.subarray(next * width, (next + 1) * width), centre * width);
      let sum = 0;
      for (const [index, member] of sample.entries()) {
        const distance = this.squared(member, centre);
        if (distance < (distances[index] ?? 0)) distances[index] = distance;
        sum += distances[index] ?? 0;
      }
      let left = random() * sum;
      next =
        sample[
          Math.max(
            0,
            distances.findIndex((distance) => (left -= distance) < 0),
          )
        ] ?? 0;
    }
    this.settle();
  }

  nearest(member: number): number {
    let best = 0;
    let most = -Infinity;
    for (let centre = 0; centre < this.halves.length; centre += 1) {
      let closeness = -(this.halves[centre] ?? 0);
      for (let at = 0, from = member * width, to = centre * width; at < width; at += 1)
        closeness += (this.vectors[from + at] ?? 0) * (this.rows[to + at] ?? 0);
      if (closeness > most) [best, most] = [centre, closeness];
    }
    return best;
  }

  /** Moves a centre this share of the way. */
  pull(centre: number, member: number, share: number): void {
    for (let at = 0; at < width; at += 1) {
      const here = this.rows[centre * width + at] ?? 0;
      this.rows[centre * width + at] = here + share * ((this.vectors[member * width + at] ?? 0) - here);
    }
  }

  settle(): void {
    for (let centre = 0; centre < this.halves.length; centre += 1) {
      let sum = 0;
      for (const value of this.rows.subarray(centre * width, (centre + 1) * width)) sum += value * value;
      this.halves[centre] = sum / 2;
    }
  }

  private squared(member: number, centre: number): number {
    let sum = 0;
    for (let at = 0; at < width; at += 1) {
      const difference = (this.vectors[member * width + at] ?? 0) - (this.rows[centre * width + at] ?? 0);
      sum += difference * difference;
    }
    return sum;
  }
}
