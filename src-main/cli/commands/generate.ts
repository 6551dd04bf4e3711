import { createReadStream, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import { chooseQuestions, type Proposal } from '../../engine/generate/choose.ts';
import { listGenerators } from '../../engine/generate/generators.ts';
import { askedOf, decodingRequest, itemsFor, proposalsFrom } from '../../engine/generate/model.ts';
import { proposeByRules } from '../../engine/generate/rules.ts';
import { InferenceClient } from '../../inference/client.ts';
import { spawnInference } from '../../inference/spawn.ts';
import { generationSettings, type GenerationSettings } from '../../shared/contract/generation.ts';
import { language, type Passage } from '../../shared/contract/types.ts';
import type { GenerationResult, ModelInfo } from '../../shared/inference.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { utf16ToCodePoint, verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import type { Span } from '../../shared/text/span.ts';
import { deviceChoice, needReadable, number, whole } from '../options.ts';
import { openOutput } from './generate-output.ts';

const row = z.object({
  id: z.union([z.string(), z.number()]), // comes back as it is
  passage: z.string().min(1, 'is empty'),
  lang: language.optional(),
  answer: z.object({ text: z.string().min(1), start: z.number().int().min(0) }).optional(),
});

interface Options {
  input: string;
  output: string;
  model?: string;
  candidates: number;
  beam: number;
  device: string;
  seed?: number;
  sample?: boolean;
  temperature?: number;
  topK?: number;
  topP?: number;
  resume?: boolean;
  anew?: boolean;
  json?: boolean;
  plain?: boolean;
}

/** `asklab generate`: JSON lines in, JSON lines out, in the same order; no project needed. */
export function generateCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('generate')
    .description('passages in, questions out, as JSON lines; bad rows are named on standard error')
    .requiredOption('--input <file>', 'rows {"id","passage","lang"?,"answer"?:{"text","start"}}; - for standard input')
    .requiredOption(
      '--output <file>',
      'rows {"id","candidates":[{"text","score","focus","answer"}]}; - for standard output',
    )
    .option('--model <directory>', 'a model bundle, or "rules" (default: the bundled model, else the rules)')
    .option('--candidates <n>', 'questions per passage, at most', whole(1, 40), 5)
    .option('--beam <n>', 'beams', whole(1, 16), 4)
    .addOption(deviceChoice())
    .option(
      '--sample',
      'draw questions instead of searching for the likeliest; --beam of them for each thing asked about',
    )
    .option('--seed <n>', 'of --sample: the same seed gives the same questions (default: 1)', whole(0, 2 ** 31 - 1))
    .option('--temperature <n>', 'of --sample (default: 1)', number(0.05, 3))
    .option('--top-k <n>', 'of --sample: only so many likeliest tokens, 0 for all (default: 50)', whole(0, 128))
    .option('--top-p <n>', 'of --sample: only tokens that make up this share (default: 0.95)', number(0.05, 1))
    .option(
      '--plain',
      "each whole passage at once, the beams as they come: no sentence, answer or question word asked for, nothing chosen; so the paper's systems are compared",
    )
    .option('--resume', 'go on with the answers that an interrupted run left in FILE.part, with the same options')
    .option('--anew', 'begin again, whatever an interrupted run left')
    .option('--json', 'one JSON line per step, on standard error where the answers are on standard output')
    .action(async (options: Options, command: Command) => {
      const sampling = ['seed', 'temperature', 'topK', 'topP'] as const;
      const idle = options.sample ? undefined : sampling.find((name) => options[name] !== undefined);
      if (idle !== undefined)
        command.error(`error: --${dashed(idle)} means nothing without --sample.`, { exitCode: 64 });
      if (options.plain && options.model === 'rules')
        command.error('error: --plain means nothing for the rules.', { exitCode: 64 });
      if (options.resume && options.anew)
        command.error('error: --resume and --anew cannot both be meant.', { exitCode: 64 });
      finish(await generate(options));
    });
}

const dashed = (name: string): string => name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`);

async function generate(options: Options): Promise<number> {
  const { model, candidates: most, device, beam, sample, seed = 1, temperature, topK, topP } = options;
  if (options.input !== '-') needReadable([options.input]);
  const settings = generationSettings.parse({
    generator: model ?? 'default',
    candidates: most,
    device,
    decoding: { beams: beam, method: sample ? 'sampling' : beam === 1 ? 'greedy' : 'beam', temperature, topK, topP },
    seed,
  });
  const input: Readable = options.input === '-' ? process.stdin : createReadStream(options.input, 'utf8');
  const output = openOutput(options.output, options.resume ? 'resume' : options.anew ? 'anew' : undefined);
  const plain = options.plain ?? false;
  let source = await openSource(model, settings, plain);
  const where = options.input === '-' ? 'standard input' : options.input;
  const lines = createInterface({ input, crlfDelay: Infinity });
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    lines.close();
  };
  process.on('SIGINT', interrupt); // stays: a second Ctrl+C must not end the closing
  let refused = 0;
  let answered = 0;
  const tell = progress(options, input);
  const before = [...output.answered].reverse(); // of an interrupted run, the first at the end
  try {
    let line = 0;
    for await (const text of lines) {
      line += 1;
      if (interrupted) break;
      if (text.trim() === '') continue;
      const parsed = readRow(text);
      if (typeof parsed === 'string') {
        refused += 1;
        process.stderr.write(`${where}:${line}: ${parsed}\n`);
        continue;
      }
      const { id, passage } = parsed;
      if (before.length > 0) {
        // What stands in the file is in the order of the input: a row that is not there was not answered.
        if (before.at(-1) === id) before.pop();
        else {
          refused += 1;
          process.stderr.write(`${where}:${line}: no question could be made in the run before\n`);
        }
        continue;
      }
      const focus = plain ? 'free' : passage.references.length > 0 ? 'span' : 'sentences';
      const asked = { ...settings, focus } as const;
      const proposals = await source.propose(passage, asked).catch((error: unknown) => error as Error);
      if (!Array.isArray(proposals)) {
        refused += 1;
        process.stderr.write(`${where}:${line}: no question could be made: ${proposals.message}\n`);
        source.close();
        source = await openSource(model, settings, plain); // the process may have ended with it
        continue;
      }
      const inCodePoints = (span: Span | null): Span | null =>
        span && { start: utf16ToCodePoint(passage.text, span.start), end: utf16ToCodePoint(passage.text, span.end) };
      const chosen = plain ? proposals : chooseQuestions(proposals, [], passage, settings.candidates);
      const candidates = chosen.slice(0, settings.candidates).map(({ text, score, focus, answer }) => ({
        text,
        score,
        focus: inCodePoints(focus),
        answer: inCodePoints(answer),
      }));
      await output.write(`${JSON.stringify({ id, candidates })}\n`);
      answered += 1;
      tell(answered, refused, false);
    }
  } finally {
    input.destroy(); // an open standard input would keep the process
    source.close();
    await output.end();
    tell(answered, refused, true);
  }
  if (interrupted) {
    const kept =
      output.part === null ? '' : ` Their answers are in ${output.part}; with --resume the same command goes on.`;
    process.stderr.write(
      `asklab: interrupted after ${output.answered.length - before.length + answered} rows.${kept}\n`,
    );
    return 130;
  }
  if (before.length > 0)
    throw new Error(
      `${output.part ?? ''} is not of this input: it answers "${before.at(-1) ?? ''}", which does not come next. Add --anew to begin again.`,
    );
  output.settle();
  if (refused > 0) process.stderr.write(`${refused === 1 ? '1 row was' : `${refused} rows were`} not answered.\n`);
  return refused > 0 ? 2 : 0;
}

/** Tells how far it is: on a terminal in one line, or with --json in a line of JSON, some times a second. */
function progress(
  { json, output }: Options,
  input: Readable,
): (answered: number, refused: number, over: boolean) => void {
  const bytes = 'path' in input ? statSync(input.path as string).size : null;
  const started = Date.now();
  const out = json && output !== '-' ? process.stdout : process.stderr;
  let told = 0;
  return (answered, refused, over) => {
    const now = Date.now();
    if (!(json || process.stderr.isTTY) || (!over && now - told < 200)) return;
    told = now;
    const rate = (answered * 1000) / Math.max(1, now - started);
    const share =
      over || bytes === null || !('bytesRead' in input) ? null : (input.bytesRead as number) / Math.max(1, bytes);
    if (json) out.write(`${JSON.stringify({ answered, refused, rate, share, over })}\n`);
    else out.write(`\r\u001b[K${over ? '' : `${answered} rows, ${rate.toFixed(1)} a second`}`);
  };
}

/** A row's id and its passage, which is in no project, or the reason why it is not one. */
function readRow(text: string): { id: string | number; passage: Passage } | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = row.safeParse(value);
  if (!parsed.success)
    return parsed.error.issues
      .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
      .join('; ');
  const { id, passage: content, answer } = parsed.data;
  const known = parsed.data.lang ?? detectLanguage(content).language;
  if (known === null) return 'the language is not clear: add "lang" (en, zh, ko, fr, hi)';
  const found = answer ? verifySpan(content, answer.text, answer.start, 'codePoint') : null;
  if (found && !found.ok) return `the answer is not in the passage (${found.reason}): correct its text or leave it out`;
  const passage: Passage = {
    id: String(id),
    documentId: '',
    documentTitle: '',
    position: 1,
    documentPassages: 1,
    title: '',
    excerpt: '',
    language: known,
    words: 0,
    candidates: 0,
    undecided: 0,
    accepted: 0,
    text: content,
    sentences: splitSentences(content, known),
    externalId: String(id),
    references: found?.ok ? [{ id: 'answer', question: '', answer: found.span }] : [],
  };
  return { id, passage };
}

interface Source {
  propose(passage: Passage, settings: GenerationSettings): Promise<Proposal[]>;
  close(): void;
}

async function openSource(model: string | undefined, settings: GenerationSettings, plain: boolean): Promise<Source> {
  const resources = join(dirname(fileURLToPath(import.meta.url)), '../../../resources');
  const bundled = listGenerators(resources, resources).find(
    (generator) => generator.kind === 'model' && generator.problem === null,
  );
  const path = model ?? bundled?.path ?? 'rules';
  if (path === 'rules') {
    return { propose: (passage, asked) => Promise.resolve(proposeByRules(passage, asked)), close: () => undefined };
  }
  const process_ = spawnInference();
  const client = new InferenceClient(process_.port);
  let info: ModelInfo;
  try {
    info = await client.call('load', { path, device: settings.device });
  } catch (error) {
    process_.kill();
    throw error;
  }
  return {
    async propose(passage, asked) {
      const results: GenerationResult[] = [];
      const wanted = askedOf(info, asked);
      const items = itemsFor(passage, wanted);
      const decoding = { ...decodingRequest(wanted.decoding, wanted), ...(plain ? { questionWord: false } : {}) };
      await client.call('generate', { items, decoding }, { onItem: (item) => results.push(item) });
      return proposalsFrom(results, items);
    },
    close: () => process_.kill(),
  };
}
