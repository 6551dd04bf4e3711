import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { z } from 'zod';
import { chooseQuestions, type Proposal } from '../../engine/generate/choose.ts';
import { listGenerators } from '../../engine/generate/generators.ts';
import { decodingRequest, itemsFor, proposalsFrom } from '../../engine/generate/model.ts';
import { proposeByRules } from '../../engine/generate/rules.ts';
import { InferenceClient } from '../../inference/client.ts';
import { spawnInference } from '../../inference/spawn.ts';
import { generationSettings, type GenerationSettings } from '../../shared/contract/generation.ts';
import { language, type Passage } from '../../shared/contract/types.ts';
import type { GenerationResult } from '../../shared/inference.ts';
import { detectLanguage } from '../../shared/text/language.ts';
import { verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';

const row = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  passage: z.string().min(1, 'is empty'),
  lang: language.optional(),
  answer: z.object({ text: z.string().min(1), start: z.number().int().min(0) }).optional(),
});

interface Options {
  input: string;
  output: string;
  model?: string;
  candidates: string;
  beam: string;
  device: string;
  seed: string;
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
    .option('--candidates <n>', 'questions per passage, at most', '5')
    .option('--beam <n>', 'beams', '4')
    .option('--device <name>', 'auto, cpu or webgpu', 'auto')
    .option('--seed <n>', 'seed for sampling', '1')
    .action(async (options: Options) => finish(await generate(options)));
}

async function generate(options: Options): Promise<number> {
  const settings = generationSettings.parse({
    generator: options.model ?? 'default',
    candidates: Number(options.candidates),
    device: options.device,
    decoding: { beams: Number(options.beam), method: Number(options.beam) === 1 ? 'greedy' : 'beam' },
    seed: Number(options.seed),
  });
  const input: Readable = options.input === '-' ? process.stdin : createReadStream(options.input, 'utf8');
  await new Promise<void>((resolve, reject) => {
    if (options.input === '-') return resolve();
    input
      .once('open', () => resolve())
      .once('error', (error) => reject(new Error(`${options.input} cannot be read: ${error.message}`)));
  });
  const output: Writable = options.output === '-' ? process.stdout : createWriteStream(options.output, 'utf8');
  const source = await openSource(options.model, settings);
  let refused = 0;
  try {
    let line = 0;
    for await (const text of createInterface({ input, crlfDelay: Infinity })) {
      line += 1;
      if (text.trim() === '') continue;
      const parsed = readRow(text);
      if (typeof parsed === 'string') {
        refused += 1;
        process.stderr.write(`${options.input}:${line}: ${parsed}\n`);
        continue;
      }
      const asked = { ...settings, focus: parsed.references.length > 0 ? 'span' : 'sentences' } as const;
      const chosen = chooseQuestions(await source.propose(parsed, asked), [], parsed, settings.candidates);
      const candidates = chosen.map(({ text, score, focus, answer }) => ({ text, score, focus, answer }));
      if (!output.write(`${JSON.stringify({ id: parsed.id, candidates })}\n`)) {
        await new Promise((resolve) => output.once('drain', resolve));
      }
    }
  } finally {
    source.close();
    if (output !== process.stdout) await new Promise((resolve) => output.end(resolve));
  }
  if (refused > 0) process.stderr.write(`${refused} rows were not answered.\n`);
  return refused > 0 ? 2 : 0;
}

/** A row as a passage that is in no project, or the reason why it is not one. */
function readRow(text: string): Passage | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
  const parsed = row.safeParse(value);
  if (!parsed.success) return z.prettifyError(parsed.error).replaceAll('\n', ' ');
  const { id, passage, answer } = parsed.data;
  const known = parsed.data.lang ?? detectLanguage(passage).language;
  if (known === null) return 'the language is not clear: add "lang" (en, zh, ko, fr, hi)';
  const found = answer ? verifySpan(passage, answer.text, answer.start, 'codePoint') : null;
  if (found && !found.ok) return `the answer is not in the passage (${found.reason}): correct its text or leave it out`;
  return {
    id,
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
    text: passage,
    sentences: splitSentences(passage, known),
    externalId: id,
    references: found?.ok ? [{ id: 'answer', question: '', answer: found.span }] : [],
  };
}

interface Source {
  propose(passage: Passage, settings: GenerationSettings): Promise<Proposal[]>;
  close(): void;
}

async function openSource(model: string | undefined, settings: GenerationSettings): Promise<Source> {
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
  try {
    await client.call('load', { path, device: settings.device });
  } catch (error) {
    process_.kill();
    throw error;
  }
  return {
    async propose(passage, asked) {
      const results: GenerationResult[] = [];
      const items = itemsFor(passage, asked);
      await client.call(
        'generate',
        { items, decoding: decodingRequest(asked.decoding, asked) },
        { onItem: (item) => results.push(item) },
      );
      return proposalsFrom(results, items);
    },
    close: () => process_.kill(),
  };
}
