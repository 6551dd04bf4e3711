import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createEngine, type Engine } from '../../engine/engine.ts';
import { spawnInference, type SpawnedInference } from '../../inference/spawn.ts';
import { contract } from '../../shared/contract/index.ts';
import type { Counts, Job } from '../../shared/contract/types.ts';
import { dispatch } from '../../shared/ipc/server.ts';

interface Common {
  json?: boolean;
}

type Call = <Answer>(service: string, method: string, input?: unknown) => Promise<Answer>;

/** `asklab import`, `questions`, `export` and `stats`: the app's own services on a project file. */
export function projectCommands(program: Command, finish: (code: number) => void): void {
  program
    .command('import')
    .description('read passages (txt, md, jsonl, csv, tsv, SQuAD, LAB) into a project, made when it is not there')
    .argument('<project>', 'an .asklab file')
    .argument('<files...>')
    .option('--questions <as>', 'references, candidates or none', 'references')
    .option('--language <code>', 'en, zh, ko, fr or hi, where it should not be detected')
    .option('--person <name>', 'your name, for a new project', 'Me')
    .option('--json', 'one JSON line per step')
    .action(
      async (
        project: string,
        files: string[],
        options: Common & { questions: string; language?: string; person: string },
      ) => {
        const input = {
          sources: files.map((file) => ({ path: resolve(file) })),
          options: { questionsAs: options.questions, ...(options.language ? { language: options.language } : {}) },
        };
        finish(await withProject(project, options, options.person, (call) => call('importing', 'start', input)));
      },
    );
  program
    .command('ask')
    .description('generate questions for the passages of a project that have none; goes on where it was stopped')
    .argument('<project>', 'an .asklab file')
    .option('--generator <id>', 'rules or the id of a model', 'rules')
    .option('--candidates <n>', 'questions per passage, at most', '6')
    .option('--device <name>', 'auto, cpu or webgpu', 'auto')
    .option('--json', 'one JSON line per step')
    .action(async (project: string, options: Common & { generator: string; candidates: string; device: string }) => {
      finish(
        await withProject(project, options, null, async (call) => {
          const stopped = (await call<Job[]>('jobs', 'list')).find(
            (job) => job.kind === 'generate' && job.state === 'stopped',
          );
          if (stopped) return call<Job>('jobs', 'resume', { id: stopped.id });
          const generators = await call<{ id: string; kind: string }[]>('generation', 'generators');
          const rules = generators.find((generator) => generator.kind === 'rules')?.id;
          const generator = options.generator === 'rules' ? rules : options.generator;
          return call<Job>('generation', 'start', {
            generator,
            device: options.device,
            candidates: Number(options.candidates),
          });
        }),
      );
    });
  program
    .command('export')
    .description('write the accepted questions of a project')
    .argument('<project>', 'an .asklab file')
    .argument('<folder>')
    .option(
      '--format <name>',
      'squad-v1, squad-v2, hf-jsonl, hf-parquet, lab, lmqg, csv, label-studio, argilla, doccano, alpaca, sharegpt, openai-chat, preference, lalm',
      'squad-v2',
    )
    .option('--split <ratios>', 'train,dev,test as shares of one or as counts, for example 0.8,0.1,0.1')
    .option('--by <group>', 'what stays together: document, passage or cluster', 'document')
    .option('--seed <n>', 'seed of the split', '1')
    .option('--references', 'with the questions that came with the passages')
    .option('--json', 'one JSON line per step')
    .action(
      async (
        project: string,
        folder: string,
        options: Common & { format: string; split?: string; by: string; seed: string; references?: boolean },
      ) => {
        const [train = 0, dev = 0, test = 0] = (options.split ?? '').split(',').map(Number);
        const split = options.split ? { by: options.by, seed: Number(options.seed), train, dev, test } : null;
        const input = {
          format: options.format,
          folder: resolve(folder),
          split,
          includeReferences: options.references ?? false,
        };
        finish(await withProject(project, options, null, (call) => call('exporting', 'start', input)));
      },
    );
  program
    .command('stats')
    .description('counts of a project')
    .argument('<project>', 'an .asklab file')
    .option('--json', 'as one JSON line')
    .action(async (project: string, options: Common) => {
      finish(
        await withProject(project, options, null, async (call) => {
          const counts = await call<Counts>('projects', 'counts');
          const lines = Object.entries(counts).map(([name, value]) => `${name.padEnd(20)} ${value}`);
          process.stdout.write(`${options.json ? JSON.stringify(counts) : lines.join('\n')}\n`);
          return null;
        }),
      );
    });
}

/** Opens (or makes, when `person` is given) the project, runs the job that `work` starts, and closes. SIGINT leaves it resumable. */
async function withProject(
  path: string,
  options: Common,
  person: string | null,
  work: (call: Call) => Promise<Job | null>,
): Promise<number> {
  let inference: SpawnedInference | null = null;
  const engine: Engine = createEngine({
    userData: join(homedir(), '.config', 'Asklab'),
    resources: join(dirname(fileURLToPath(import.meta.url)), '../../../resources'),
    emit: (name, payload) => {
      if (name === 'job') show(payload as Job, options);
    },
    inference: () => {
      inference = spawnInference();
      return Promise.resolve(inference.port);
    },
  });
  const call: Call = (service, method, input = {}) =>
    dispatch(contract, engine.handlers, service, method, input, new AbortController().signal) as Promise<never>;
  const interrupt = (): void => void engine.close().then(() => process.exit(130));
  process.once('SIGINT', interrupt);
  try {
    const file = resolve(path);
    if (person !== null && !existsSync(file))
      await call('projects', 'create', {
        path: file,
        name: file
          .split(/[\\/]/)
          .at(-1)
          ?.replace(/\.asklab$/, ''),
        person,
      });
    else await call('projects', 'open', { path: file });
    const job = await work(call);
    if (job === null) return 0;
    const ended = await engine.runner()?.wait(job.id);
    if (!ended) return 1;
    for (const problem of ended.problems > 0 ? (engine.project()?.jobs.problems(ended.id, 100) ?? []) : []) {
      process.stderr.write(`${problem.file}${problem.line === null ? '' : `:${problem.line}`}: ${problem.reason}\n`);
    }
    if (ended.message !== null) process.stderr.write(`asklab: ${ended.message}\n`);
    if (!options.json) process.stdout.write(`${ended.state} ${JSON.stringify(ended.result ?? {})}\n`);
    return ended.state === 'done' ? 0 : ended.state === 'done-with-problems' ? 2 : 1;
  } finally {
    process.removeListener('SIGINT', interrupt);
    await engine.close();
    (inference as SpawnedInference | null)?.kill();
  }
}

function show(job: Job, options: Common): void {
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ job: job.id, state: job.state, done: job.done, total: job.total, result: job.result })}\n`,
    );
  else if (process.stderr.isTTY)
    process.stderr.write(`\r${job.state} ${job.done}${job.total === null ? '' : ` of ${job.total}`}   `);
}
