import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { z } from 'zod';
import { centralSentenceQuestion, rulesBaselineName, rulesQuestion } from '../../engine/metrics/baselines.ts';
import { compare, evaluate, type EvaluationItem, type MetricValue } from '../../engine/metrics/evaluate.ts';
import { language, type Language } from '../../shared/contract/types.ts';

const referenceRow = z.object({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  passage: z.string().optional(),
  question: z.string().optional(),
  references: z.array(z.string()).optional(),
});
const candidate = z.union([z.string(), z.object({ text: z.string() }).transform((value) => value.text)]);
const outputRow = z.object({
  id: z.union([z.string(), z.number()]).transform(String).optional(),
  passage: z.string().optional(),
  output: z.string().optional(),
  question: z.string().optional(),
  text: z.string().optional(),
  candidates: z.array(candidate).optional(),
});

interface Options {
  lang: string;
  references: string;
  outputs: string;
  profile: string;
  against?: string;
  samples: string;
  baselines: boolean;
  json?: boolean;
}

/** `asklab metrics`: scores outputs against all reference questions of their passage, with both baselines beside them. */
export function metricsCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('metrics')
    .description('BLEU, ROUGE-L, METEOR, chrF and more, each with its signature and a 95 % interval')
    .requiredOption('--lang <code>', 'en, zh, ko, fr or hi')
    .requiredOption('--references <file>', 'rows {"id"?,"passage"?,"question"} or {"id","passage"?,"references":[…]}')
    .requiredOption(
      '--outputs <file>',
      'rows {"id" or "passage", "output"} or what "asklab generate" writes (first candidate)',
    )
    .option('--profile <name>', 'paper or plain tokenisation', 'paper')
    .option('--against <file>', 'outputs of another system on the same items: paired bootstrap')
    .option('--samples <n>', 'bootstrap samples', '1000')
    .option('--no-baselines', 'leave out the two baselines')
    .option('--json', 'one JSON object')
    .action((options: Options) => finish(metrics(options)));
}

function metrics(options: Options): number {
  const settings = {
    language: language.parse(options.lang),
    profile: z.enum(['paper', 'plain']).parse(options.profile),
    samples: z.coerce.number().int().min(10).max(100_000).parse(options.samples),
  };
  const references = readReferences(options.references);
  const { items, missing } = pair(references, readOutputs(options.outputs));
  if (items.length === 0)
    throw new Error('No output belongs to a reference: rows are matched by "id", else by "passage".');
  if (missing > 0) process.stderr.write(`${String(missing)} items have no output and are left out.\n`);
  const columns: { system: string; values: MetricValue[] }[] = [
    { system: options.outputs, values: evaluate(items, settings) },
  ];
  const comparisons = [];
  if (options.against !== undefined) {
    const other = pair(references, readOutputs(options.against)).items;
    const shared = new Set(other.map((item) => item.id));
    const left = items.filter((item) => shared.has(item.id));
    const known = new Set(left.map((item) => item.id));
    const right = other.filter((item) => known.has(item.id));
    columns.push({ system: options.against, values: evaluate(right, settings) });
    comparisons.push(...compare(left, right, settings));
  }
  if (options.baselines && items.every((item) => item.passage !== undefined)) {
    const baseline = (make: (passage: string, code: Language) => string): MetricValue[] =>
      evaluate(
        items.map((item) => ({ ...item, output: make(item.passage ?? '', settings.language) })),
        settings,
      );
    columns.push({ system: 'central sentence', values: baseline(centralSentenceQuestion) });
    columns.push({ system: rulesBaselineName, values: baseline(rulesQuestion) });
  }
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify({ items: items.length, missing, columns, comparisons })}\n`);
    return missing > 0 ? 2 : 0;
  }
  for (const { system, values } of columns) {
    process.stdout.write(`${system}\n`);
    for (const { metric, score, signature } of values) {
      process.stdout.write(
        `  ${metric.padEnd(16)}${score.value.toFixed(2).padStart(7)}  [${score.low.toFixed(2)}, ${score.high.toFixed(2)}]  ${signature}\n`,
      );
    }
  }
  for (const { metric, difference } of comparisons) {
    process.stdout.write(
      `  ${metric.padEnd(16)}${difference.value.toFixed(2).padStart(7)}  [${difference.low.toFixed(2)}, ${difference.high.toFixed(2)}]  p=${difference.p.toFixed(4)}\n`,
    );
  }
  return missing > 0 ? 2 : 0;
}

type Reference = { id: string; passage?: string; questions: string[] };

function rows<Row>(file: string, schema: z.ZodType<Row>): Row[] {
  return readFileSync(file === '-' ? 0 : file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (line.trim() === '') return [];
      try {
        return [schema.parse(JSON.parse(line))];
      } catch (error) {
        const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
        throw new Error(`${file}:${String(index + 1)}: ${reason}`, { cause: error });
      }
    });
}

/** References by passage where rows name one, else by id: every question of a passage counts. */
function readReferences(file: string): Map<string, Reference> {
  const known = new Map<string, Reference>();
  for (const row of rows(file, referenceRow)) {
    const key = row.passage ?? row.id;
    if (key === undefined) throw new Error(`${file}: a row needs "id" or "passage".`);
    const entry = known.get(key) ?? {
      id: row.id ?? key,
      questions: [],
      ...(row.passage === undefined ? {} : { passage: row.passage }),
    };
    entry.questions.push(...(row.references ?? []), ...(row.question === undefined ? [] : [row.question]));
    known.set(key, entry);
  }
  return known;
}

function readOutputs(file: string): Map<string, string> {
  const outputs = new Map<string, string>();
  for (const row of rows(file, outputRow)) {
    const text = row.output ?? row.question ?? row.text ?? row.candidates?.[0] ?? '';
    for (const key of [row.id, row.passage]) if (key !== undefined && !outputs.has(key)) outputs.set(key, text);
  }
  return outputs;
}

function pair(
  references: Map<string, Reference>,
  outputs: Map<string, string>,
): { items: EvaluationItem[]; missing: number } {
  const items: EvaluationItem[] = [];
  let missing = 0;
  for (const reference of references.values()) {
    const output =
      outputs.get(reference.id) ?? (reference.passage === undefined ? undefined : outputs.get(reference.passage));
    if (output === undefined || reference.questions.length === 0) missing += 1;
    else
      items.push({
        id: reference.id,
        output,
        references: reference.questions,
        ...(reference.passage === undefined ? {} : { passage: reference.passage }),
      });
  }
  return { items, missing };
}
