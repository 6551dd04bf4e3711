import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { mergeReturn } from '../../src-main/engine/packages/returned.ts';
import { Project } from '../../src-main/engine/store/project.ts';

/** A copy of a sealed file in which one entry says something else. */
export function alter(file: string, to: string, entry: string, change: (text: string) => string): void {
  const entries = unzipSync(readFileSync(file));
  const text = Buffer.from(entries[entry] ?? []).toString();
  const changed = change(text);
  if (changed === text) throw new Error(`Nothing to alter in ${entry}.`);
  writeFileSync(to, zipSync({ ...entries, [entry]: Buffer.from(changed) }));
}

/** Everything that a copy of the lead's project holds about rounds once these files were merged in this order. */
export function stateAfter(base: string, files: readonly string[], copy: string): unknown {
  copyFileSync(base, copy);
  const project = Project.open(copy);
  project.database.pragma('synchronous = OFF');
  for (const file of files) mergeReturn(project, readFileSync(file));
  const rows = [
    'SELECT * FROM round_states ORDER BY round_id, item, person',
    'SELECT round_id, item, status FROM round_items JOIN item_states USING (row) ORDER BY round_id, item',
    'SELECT id FROM events ORDER BY id',
  ].map((sql) => project.database.prepare(sql).all());
  project.close();
  return rows;
}

export function* permutations<T>(values: readonly T[]): Generator<T[]> {
  if (values.length < 2) yield [...values];
  for (const [at, value] of values.entries())
    if (values.length > 1) for (const rest of permutations(values.toSpliced(at, 1))) yield [value, ...rest];
}
