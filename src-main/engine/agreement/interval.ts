import { bootstrapInterval, type Interval } from '../metrics/bootstrap.ts';
import { alphaOfUnits, type Agreement, type MeasurementLevel, type Ratings } from './agreement.ts';

/** Krippendorff's alpha with a 95 % bootstrap interval over items; a resample of one category counts as full agreement. */
export function alphaInterval(
  raters: readonly Ratings[],
  level: MeasurementLevel,
  options: { samples?: number; seed?: number } = {},
): Interval | Exclude<Agreement, { value: number }> {
  const size = Math.max(0, ...raters.map((ratings) => ratings.length));
  const units = Array.from({ length: size }, (_item, index) => raters.flatMap((ratings) => ratings[index] ?? []));
  const whole = alphaOfUnits(units, level);
  if (!('value' in whole)) return whole;
  return bootstrapInterval(
    size,
    (items) => {
      const alpha = alphaOfUnits(
        items.map((index) => units[index] ?? []),
        level,
      );
      return 'value' in alpha ? alpha.value : 1;
    },
    options,
  );
}
