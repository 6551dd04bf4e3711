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
import { utf16ToCodePoint, verifySpan } from '../../shared/text/offsets.ts';
import { splitSentences } from '../../shared/text/sentences.ts';
import type { Span } from '../../shared/text/span.ts';
import { deviceChoice, needReadable, whole } from '../options.ts';

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
  let source = await openSource(model, settings);
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
      const asked = { ...settings, focus: passage.references.length > 0 ? 'span' : 'sentences' } as const;
      const proposals = await source.propose(passage, asked).catch((error: unknown) => error as Error);
      if (!Array.isArray(proposals)) {
        refused += 1;
        process.stderr.write(`${where}:${line}: no question could be made: ${proposals.message}\n`);
        source.close();
        source = await openSource(model, settings); // the process may have ended with it
        continue;
      }
      const inCodePoints = (span: Span | null): Span | null =>
        span && { start: utf16ToCodePoint(passage.text, span.start), end: utf16ToCodePoint(passage.text, span.end) };
      const candidates = chooseQuestions(proposals, [], passage, settings.candidates).map(
        ({ text, score, focus, answer }) => ({ text, score, focus: inCodePoints(focus), answer: inCodePoints(answer) }),
      );
      await output.write(`${JSON.stringify({ id, candidates })}\n`);
      answered += 1;
    }
  } finally {
    input.destroy(); // an open standard input would keep the process
    source.close();
    await output.end();
  }
  if (interrupted) {
    const kept = output.part === null ? '' : ` Their answers are in ${output.part}.`;
    process.stderr.write(`asklab: interrupted after ${answered} rows.${kept}\n`);
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
