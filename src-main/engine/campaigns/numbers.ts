/** Every number in a value to six decimals: enough to read, and equal however the sums were ordered. */
export function rounded<Value>(value: Value): Value {
  if (typeof value === 'number') return (Math.round(value * 1e6) / 1e6 + 0) as Value;
  if (Array.isArray(value)) return value.map((entry: unknown) => rounded(entry)) as Value;
  if (value !== null && typeof value === 'object')
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, rounded(entry as unknown)])) as Value;
  return value;
}

export function meanOf(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}
