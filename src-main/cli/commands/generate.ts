import { createReadStream, createWriteStream, renameSync, statSync } from 'node:fs';
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
import { deviceChoice, needReadable, whole } from '../options.ts';

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
  candidates: number;
  beam: number;
  device: string;
  seed: number;
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
    .option('--seed <n>', 'seed for sampling', whole(0, 2 ** 31 - 1), 1)
    .action(async (options: Options) => finish(await generate(options)));
}

async function generate(options: Options): Promise<number> {
  const { model, candidates: most, device, beam, seed } = options;
  if (options.input !== '-') needReadable([options.input]);
  const settings = generationSettings.parse({
    generator: model ?? 'default',
    candidates: most,
    device,
    decoding: { beams: beam, method: beam === 1 ? 'greedy' : 'beam' },
    seed,
  });
  const input: Readable = options.input === '-' ? process.stdin : createReadStream(options.input, 'utf8');
  const output = openOutput(options.output);
  const source = await openSource(model, settings);
  const lines = createInterface({ input, crlfDelay: Infinity });
  let interrupted = false;
  const interrupt = (): void => {
    interrupted = true;
    lines.close();
  };
  process.on('SIGINT', interrupt); // stays: a second Ctrl+C must not end the closing
  let refused = 0;
  let answered = 0;
  try {
    let line = 0;
    for await (const text of lines) {
      line += 1;
      if (interrupted) break;
      if (text.trim() === '') continue;
      const parsed = readRow(text);
      if (typeof parsed === 'string') {
        refused += 1;
        process.stderr.write(`${options.input === '-' ? 'standard input' : options.input}:${line}: ${parsed}\n`);
        continue;
      }
      const asked = { ...settings, focus: parsed.references.length > 0 ? 'span' : 'sentences' } as const;
      const chosen = chooseQuestions(await source.propose(parsed, asked), [], parsed, settings.candidates);
      const candidates = chosen.map(({ text, score, focus, answer }) => ({ text, score, focus, answer }));
      await output.write(`${JSON.stringify({ id: parsed.id, candidates })}\n`);
      answered += 1;
    }
  } finally {
    input.destroy(); // an open standard input would keep the process
    source.close();
    await output.end();
  }
  if (interrupted) {
    const where = output.part === null ? '' : ` Their answers are in ${output.part}.`;
    process.stderr.write(`asklab: interrupted after ${answered} rows.${where}\n`);
    return 130;
  }
  output.settle();
  if (refused > 0) process.stderr.write(`${refused === 1 ? '1 row was' : `${refused} rows were`} not answered.\n`);
  return refused > 0 ? 2 : 0;
}

interface Output {
  part: string | null; // where the rows stand until all are there: an interrupted run never looks finished
  write(text: string): Promise<void>;
  end(): Promise<void>;
  settle(): void;
}

const isPlain = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? true;

function openOutput(path: string): Output {
  // A device or a pipe, as /dev/null is, takes the rows itself: a file must never stand in its place.
  const part = path === '-' || !isPlain(path) ? null : `${path}.part`;
  const stream: Writable = path === '-' ? process.stdout : createWriteStream(part ?? path, 'utf8');
  const failed = new Promise<never>((_, reject) =>
    stream.once('error', (error) =>
      reject(new Error(`${path} cannot be written: ${error.message}. Choose another place.`)),
    ),
  );
  failed.catch(() => undefined); // Said by the write that waits for it.
  const step = (start: (done: () => void) => void): Promise<void> =>
    Promise.race([new Promise<void>((resolve) => start(resolve)), failed]);
  return {
    part,
    write: (text) => step((done) => (stream.write(text) ? done() : stream.once('drain', done))),
    end: () => (path === '-' ? Promise.resolve() : step((done) => stream.end(done))),
    settle: () => part !== null && renameSync(part, path),
  };
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
  if (!parsed.success)
    return parsed.error.issues
      .map(({ path, message }) => [path.join('.'), message].filter(Boolean).join(': '))
      .join('; ');
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
