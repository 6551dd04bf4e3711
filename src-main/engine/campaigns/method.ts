import { percentileInterval, type Interval } from '../statistics/bootstrap.ts';
import { seededRandom } from '../statistics/random.ts';

/** Fixed, so that the same scores give the same report everywhere. */
export const seed = 1;
export const resamples = 1000;
export const permutations = 10_000;

/** Resamples of a section's passages, drawn once: every interval of the section rests on the same ones. */
export class Resamples {
  private readonly size: number;
  private readonly drawn: Uint32Array;

  constructor(size: number) {
    this.size = size;
    const random = seededRandom(seed);
    this.drawn = Uint32Array.from({ length: resamples * size }, () => Math.floor(random() * size));
  }

  /** The mean of one value per passage with its 95 % percentile interval; null where every passage is without. */
  mean(values: readonly (number | null)[]): Interval | null {
    const whole = meanAt(values, values.keys());
    if (whole === null) return null;
    const means: number[] = [];
    for (let sample = 0; sample < resamples; sample += 1) {
      const mean = meanAt(values, this.drawn.subarray(sample * this.size, (sample + 1) * this.size));
      if (mean !== null) means.push(mean); // A resample may hold only passages without a value.
    }
    return percentileInterval(whole, means);
  }
}

function meanAt(values: readonly (number | null)[], places: Iterable<number>): number | null {
  let sum = 0;
  let count = 0;
  for (const place of places) {
    const value = values[place] ?? null;
    if (value === null) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}
