import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import type { MetricValue } from '../../engine/metrics/evaluate.ts';
import { pairItems, readOutputs, readReferences, type FileProblem } from '../../engine/metrics/files.ts';
import { labelOf } from '../../engine/metrics/unanswered.ts';
import { baselineSystems, scoreTable, type System } from '../../engine/metrics/systems.ts';
import { lacksSynonyms } from '../../shared/contract/evaluation.ts';
import type { Language } from '../../shared/contract/types.ts';
import { choice, languageChoice, needReadable, whole } from '../options.ts';

interface Options {
  lang: Language;
  references: string;
  outputs: string;
  profile: 'paper' | 'plain';
  against?: string;
  meteor?: string;
  samples: number;
  baselines: boolean;
  json?: boolean;
}

/** `asklab metrics`: scores outputs against all reference questions of their passage, with both baselines beside them. */
export function metricsCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('metrics')
    .description('BLEU, ROUGE-L, METEOR, chrF and more, each with its signature and a 95 % interval')
    .addOption(languageChoice('--lang <code>', 'of the questions').makeOptionMandatory())
    .requiredOption('--references <file>', 'rows {"id"?,"passage"?,"question"} or {"id"?,"passage"?,"references":[…]}')
    .requiredOption(
      '--outputs <file>',
      'rows {"id" or "passage", "output"} or what "asklab generate" writes (first candidate)',
    )
    .addOption(
      choice('--profile <name>', 'tokens, and METEOR in English or in the language', ['paper', 'plain'], 'paper'),
    )
    .option('--against <file>', 'outputs of another system on the same items: paired bootstrap')
    .option('--meteor <folder>', 'your own METEOR 1.5: its function words and its paraphrase table')
    .option('--samples <n>', 'bootstrap samples', whole(10, 100_000), 1000)
    .option('--no-baselines', 'leave out the two baselines')
    .option('--json', 'one JSON object')
    .action(async (options: Options) => finish(await metrics(options)));
}

async function metrics(options: Options): Promise<number> {
  const { lang: code } = options;
  const problems: FileProblem[] = [];
  const files = [options.outputs, ...(options.against === undefined ? [] : [options.against])];
  needReadable([options.references, ...files]);
  const references = await readReferences(options.references, problems);
  const outputs = [];
  for (const file of files) outputs.push(await readOutputs(file, problems));
  for (const { file, line, reason } of problems)
    process.stderr.write(`${file}:${String(line)}: the row is left out: ${reason}.\n`);
  const { items, missing } = pairItems(references, outputs);
  const [own = []] = items;
  if (own.length === 0)
    throw new Error('No output belongs to a reference: rows are matched by "id", else by "passage".');
  if (missing > 0) process.stderr.write(`${String(missing)} passages have no output and are left out.\n`);
  const systems: System[] = items.map((list, at) => ({ name: files[at] ?? '', baseline: false, items: list }));
  if (options.baselines) systems.push(...baselineSystems(own, code));
  const table = await scoreTable(systems, {
    language: code,
    profile: options.profile,
    samples: options.samples,
    resources: join(fileURLToPath(import.meta.url), '../../../../resources'),
    ...(options.meteor === undefined ? {} : { meteorFolder: options.meteor }),
  });
  const [signature = ''] = table.systems.flatMap(({ values }) =>
    values.flatMap((value) => (value.metric === 'meteor' ? [value.signature] : [])),
  );
  if (lacksSynonyms(signature))
    process.stderr.write('METEOR ran without synonyms: resources/wordnet is missing. Make it with npm run build.\n');
  const columns = table.systems.map(({ name, unanswered, values }) => ({ system: name, unanswered, values }));
  if (options.json === true) {
    const { comparisons } = table;
    process.stdout.write(`${JSON.stringify({ items: own.length, missing, problems, columns, comparisons })}\n`);
  } else {
    for (const { system, unanswered, values } of columns)
      process.stdout.write(`${labelOf(basename(system), unanswered, own.length)}\n${lines(values)}`);
    for (const { system, other, metrics: compared } of table.comparisons) {
      process.stdout.write(`${basename(system)} less ${basename(other)}\n`);
      for (const { metric, difference } of compared)
        process.stdout.write(`  ${metric.padEnd(16)}${interval(difference)}  p=${difference.p.toFixed(4)}\n`);
    }
  }
  return missing > 0 || problems.length > 0 ? 2 : 0;
}

/** A number with its interval, which one passage alone does not have; as wide as the widest of them. */
function interval({ value, low, high }: { value: number; low: number; high: number }): string {
  const around = low === high ? '' : `[${low.toFixed(2)}, ${high.toFixed(2)}]`;
  return `${value.toFixed(2).padStart(7)}  ${around.padEnd(16)}`;
}

function lines(values: readonly MetricValue[]): string {
  return values
    .map(({ metric, score, signature }) => `  ${metric.padEnd(16)}${interval(score)}  ${signature}\n`)
    .join('');
}
