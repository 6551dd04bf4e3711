/** The same value with one place somewhere inside it replaced, taken away or added; each step of `path` picks a key. */
export function spoilt(value: unknown, path: readonly number[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined || typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[first % (keys.length + 1)] ?? 'extra';
  const inner = spoilt((value as Record<string, unknown>)[key], rest, by);
  return Array.isArray(value)
    ? value.map((entry: unknown, index) => (String(index) === key ? inner : entry))
    : { ...value, [key]: inner };
}
