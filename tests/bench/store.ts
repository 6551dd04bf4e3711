/**
 * npm run bench [-- import export choose million-import million-export million browse paint] [--passages N] [--folder DIR] [--json FILE]
 * Shares compare two sides that take turns in one run, so that what else the machine does falls on both.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchBrowse, benchMillion } from './store/browse.ts';
import { benchChoose } from './store/choose.ts';
import { benchExport } from './store/export.ts';
import { print, type Figures } from './store/figures.ts';
import { benchPaint } from './store/paint.ts';
import { benchImport, type Size } from './store/import.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    passages: { type: 'string', default: '100000' }, // LAB's size, with 2.25 questions each
    folder: { type: 'string' },
    json: { type: 'string' },
  },
});
const passages = Number(values.passages);
const folder = values.folder ?? mkdtempSync(join(tmpdir(), 'asklab-bench-'));
mkdirSync(folder, { recursive: true });

const lab: Size = { name: 'LAB', passages, questions: passages * 2.25 };
const many: Size = { name: 'at a million', passages: 200_000, questions: 1_000_000 };
const benches: Record<string, () => Promise<Figures>> = {
  import: () => benchImport(folder, lab),
  export: () => benchExport(folder, lab),
  choose: () => benchChoose(folder, lab),
  'million-import': () => benchImport(folder, many),
  'million-export': () => benchExport(folder, many),
  million: () => benchMillion(folder),
  browse: () => benchBrowse(folder), // in the folder of `million`
  paint: () => benchPaint(folder), // in the window, in the same folder
};
const figures: Figures = [];
try {
  for (const [name, bench] of Object.entries(benches)) {
    if (positionals.length > 0 && !positionals.includes(name)) continue;
    for (const figure of await bench()) {
      print(figure);
      figures.push(figure);
    }
  }
} finally {
  if (values.folder === undefined) rmSync(folder, { recursive: true, force: true });
}
if (values.json !== undefined) {
  const entries = figures.map(({ name, value, target }) => [name, { value, target }]);
  writeFileSync(values.json, `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`);
}
