/** A measured figure; `target` is the least it should be, or the most where `atMost` says so. */
export interface Figure {
  name: string;
  value: number;
  target: number | null;
  atMost?: boolean;
}
export type Figures = Figure[];

export async function seconds(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export function print({ name, value, target, atMost = false }: Figure): void {
  const shown = value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(2);
  const met = target === null ? '' : (atMost ? value <= target : value >= target) ? 'met' : 'NOT MET';
  const aim = target === null ? '' : `${atMost ? '≤' : '≥'} ${target}`;
  console.log(`${name.padEnd(66)}${shown.padStart(12)}  ${aim.padEnd(8)}${met}`);
}
