/** `asklab metrics` on two systems: what it prints is what the engine says of the same files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { MetricComparison, MetricValue } from '../../src-main/engine/metrics/evaluate.ts';
import { pairItems, readOutputs, readReferences } from '../../src-main/engine/metrics/files.ts';
import { baselineSystems, scoreTable } from '../../src-main/engine/metrics/systems.ts';
import { asklab } from './cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'asklab-cli-metrics-'));
const place = (name: string): string => join(folder, name);
const [references, good, poor] = ['references.jsonl', 'good.jsonl', 'poor.jsonl'].map(place) as [
  string,
  string,
  string,
];

beforeAll(() => {
  const rows = Array.from({ length: 12 }, (_, at) => ({
    id: `p${at}`,
    passage: `The lighthouse of Elm Point ${at} was built in ${1860 + at}. It burned oil for ${at + 3} years.`,
    question: `When was the lighthouse of Elm Point ${at} built?`,
  }));
  const write = (path: string, objects: object[]): void =>
    writeFileSync(path, objects.map((one) => JSON.stringify(one)).join('\n'));
  write(references, rows);
  write(
    good,
    rows.map(({ id, question }, at) => ({ id, output: at % 4 === 0 ? 'When was it built?' : question })),
  );
  write(
    poor,
    rows.map(({ id }) => ({ id, output: 'Who burned oil here?' })),
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

function metrics(...words: string[]): { status: number | null; out: string; err: string } {
  const files = ['--references', references, '--outputs', good];
  return asklab(folder, 'metrics', '--lang', 'en', ...files, '--samples', '60', ...words);
}

interface Printed {
  items: number;
  missing: number;
  problems: unknown[];
  columns: { system: string; unanswered: number; values: MetricValue[] }[];
  comparisons: { system: string; other: string; metrics: MetricComparison[] }[];
}

test.each(['paper', 'plain'] as const)(
  '--against --json --profile %s gives the engine’s own numbers',
  async (profile) => {
    const { status, out, err } = metrics('--against', poor, '--json', '--profile', profile);
    expect({ status, err }).toEqual({ status: 0, err: '' });
    const printed = JSON.parse(out) as Printed;
    expect(printed).toMatchObject({ items: 12, missing: 0, problems: [] });
    expect(printed.columns.map(({ system }) => system.replace(/ \(.*/u, ''))).toEqual([
      good,
      poor,
      'central sentence',
      'rules',
    ]);
    for (const { values } of printed.columns)
      for (const { metric, signature } of values) expect(signature).toMatch(`metric:${metric}|`);
    expect(printed.columns[0]?.values[0]?.signature).toContain(`tok:${profile}-`);

    const { items } = pairItems(await readReferences(references, []), [
      await readOutputs(good, []),
      await readOutputs(poor, []),
    ]);
    const systems = items.map((list, at) => ({ name: [good, poor][at] ?? '', baseline: false, items: list }));
    const own = items[0] ?? [];
    const table = await scoreTable([...systems, ...baselineSystems(own, 'en')], {
      language: 'en',
      profile,
      samples: 60,
      resources: 'resources',
    });
    const asPrinted = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
    expect(printed.columns).toEqual(
      asPrinted(table.systems.map(({ name, unanswered, values }) => ({ system: name, unanswered, values }))),
    );
    expect(printed.comparisons).toEqual(asPrinted(table.comparisons));

    const [against] = printed.comparisons;
    expect([against?.system, against?.other]).toEqual([good, poor]);
    const difference = (metric: string): MetricComparison['difference'] | undefined =>
      against?.metrics.find((one) => one.metric === metric)?.difference;
    // Two in 61: none of 60 resamples speaks for the poor system.
    for (const metric of ['bleu4', 'sacreBleu1', 'sacreBleu', 'rougeL', 'meteor', 'chrf', 'distinct1', 'distinct2'])
      expect(difference(metric)?.p, metric).toBeCloseTo(2 / 61, 9);
    expect(difference('bleu4')?.low).toBeGreaterThan(0);
  },
);

test('as text it names the systems, their difference and p of each metric', () => {
  const { status, out } = metrics('--against', poor, '--no-baselines');
  expect(status).toBe(0);
  expect(out).toContain('good.jsonl less poor.jsonl\n');
  for (const metric of ['bleu4', 'sacreBleu3', 'distinct2'])
    expect(out).toMatch(new RegExp(`\\n {2}${metric} .*p=0\\.0328`));
  expect(out).not.toContain('central sentence');
});
