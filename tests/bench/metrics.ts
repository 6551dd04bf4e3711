/**
 * `npm run bench:metrics`: 25,000 pairs through every metric, against pycocoevalcap in the same run where a Python with
 * it is found (`ASKLAB_PYTHON`, else python3). `--json FILE` writes {figure: {value, target}}.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bleuStatistics, addBleu, cocoBleu } from '../../src-main/engine/metrics/bleu.ts';
import { evaluateSystem } from '../../src-main/engine/metrics/evaluate.ts';
import { readInstalledMeteor, readParaphrases } from '../../src-main/engine/metrics/meteor/installed.ts';
import { addMeteor, meteorScore, meteorStatistics } from '../../src-main/engine/metrics/meteor/score.ts';
import { meteorFor } from '../../src-main/engine/metrics/meteor/settings.ts';
import { readWordNet } from '../../src-main/engine/metrics/meteor/wordnet.ts';
import { cocoRougeL } from '../../src-main/engine/metrics/rouge.ts';
import { synthetic } from '../golden/metrics/synthetic.ts';

const pairs = 25_000;
const reference = `
import json, sys, time, pycocoevalcap
from pathlib import Path
from pycocoevalcap.bleu.bleu import Bleu
from pycocoevalcap.rouge.rouge import Rouge
from pycocoevalcap.meteor.meteor import Meteor
items = json.load(open(sys.argv[1]))
outputs = {i: [item["output"]] for i, item in enumerate(items)}
references = {i: item["references"] for i, item in enumerate(items)}
start = time.perf_counter()
bleu, _ = Bleu(4).compute_score(references, outputs, verbose=0)
rouge, _ = Rouge().compute_score(references, outputs)
middle = time.perf_counter()
meteor, _ = Meteor().compute_score(references, outputs)
end = time.perf_counter()
print(json.dumps({"bleuRouge": middle - start, "meteor": end - middle, "bleu4": bleu[3], "rougeL": rouge, "meteorScore": meteor,
  "folder": str(Path(pycocoevalcap.__path__[0]) / "meteor")}))
`;

const base = synthetic('en');
const items = Array.from({ length: pairs }, (_item, at) => {
  const { output = '', references = [] } = base[at % base.length] ?? {};
  return { id: String(at), output, references };
});
const folder = mkdtempSync(join(tmpdir(), 'asklab-bench-'));
const file = join(folder, 'items.json');
writeFileSync(file, JSON.stringify(items));
const python = process.env['ASKLAB_PYTHON'] ?? 'python3';
const answer = spawnSync(python, ['-c', reference, file], { encoding: 'utf8', maxBuffer: 1 << 26 });
rmSync(folder, { recursive: true });
type Reference = {
  bleuRouge: number;
  meteor: number;
  bleu4: number;
  rougeL: number;
  meteorScore: number;
  folder: string;
};
const other = answer.status === 0 ? (JSON.parse(answer.stdout.trim().split('\n').at(-1) ?? '') as Reference) : null;
if (other === null) console.log(`${python} with pycocoevalcap was not found: no ratios. Set ASKLAB_PYTHON.`);

const cut = (text: string): string[] => text.split(' ');
const seconds = (from: number): number => (performance.now() - from) / 1000;
const synonymSets = await readWordNet(join(import.meta.dirname, '../../resources'));

let start = performance.now();
const bleu = cocoBleu(
  addBleu(items.map((item) => bleuStatistics({ output: cut(item.output), references: item.references.map(cut) }))),
)[3];
const rouge = items.reduce((sum, item) => sum + cocoRougeL(cut(item.output), item.references.map(cut)), 0) / pairs;
const bleuRouge = seconds(start);

start = performance.now();
const installed = other === null ? null : await readInstalledMeteor(other.folder);
const settle = meteorFor('en', 'paper', { synonymSets });
const words = (text: string): string[] => settle.words(cut(text));
const worded = items.map((item) => ({ output: words(item.output), references: item.references.map(words) }));
const meteor = meteorFor('en', 'paper', {
  synonymSets,
  ...(installed === null ? {} : { installedWords: installed.functionWords }),
  ...(installed?.paraphraseFile
    ? {
        paraphrases: await readParaphrases(
          installed.paraphraseFile,
          worded.flatMap(({ output, references }) => [output, ...references]),
        ),
      }
    : {}),
});
const score = meteorScore(
  addMeteor(worded.map(({ output, references }) => meteorStatistics(output, references, meteor.settings))),
  meteor.settings.parameters,
);
const meteorSeconds = seconds(start);

start = performance.now();
await evaluateSystem(items, { language: 'en', profile: 'paper', meteor });
const all = seconds(start);
const memory =
  Number(/VmHWM:\s+(\d+)/u.exec(readIfThere('/proc/self/status'))?.[1] ?? 0) / 1024 ||
  process.memoryUsage().rss / 2 ** 20;

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const figures: Record<string, { value: number; target: number | null }> = {
  'BLEU + ROUGE-L, times faster than pycocoevalcap': {
    value: other === null ? 0 : other.bleuRouge / bleuRouge,
    target: 5,
  },
  'METEOR, times faster than pycocoevalcap': { value: other === null ? 0 : other.meteor / meteorSeconds, target: 3 },
  'memory of all metrics with intervals, MB, at most': { value: memory, target: 1000 },
  'all metrics with 1,000 resamples over METEOR alone': { value: all / meteorSeconds, target: null },
};
for (const [name, { value, target }] of Object.entries(figures))
  console.log(`${name}: ${value.toFixed(2)}${target === null ? '' : ` (target ${String(target)})`}`);
if (other !== null)
  console.log(
    `differences: BLEU-4 ${Math.abs((bleu ?? 0) - other.bleu4).toExponential(1)}, ROUGE-L ${Math.abs(rouge - other.rougeL).toExponential(1)}, METEOR ${Math.abs(score - other.meteorScore).toExponential(1)}`,
  );
const at = process.argv.indexOf('--json');
if (at > 0) writeFileSync(process.argv[at + 1] ?? 'bench-metrics.json', `${JSON.stringify(figures, null, 2)}\n`);
