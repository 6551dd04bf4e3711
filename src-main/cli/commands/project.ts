import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { createEngine, type Engine } from '../../engine/engine.ts';
import { spawnInference, type SpawnedInference } from '../../inference/spawn.ts';
import { exportFormats } from '../../shared/contract/exporting.ts';
import { contract } from '../../shared/contract/index.ts';
import type { Counts, Job } from '../../shared/contract/types.ts';
import { dispatch } from '../../shared/ipc/server.ts';
import { choice, deviceChoice, languageChoice, needReadable, shares, whole } from '../options.ts';

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
    .addOption(
      choice(
        '--questions <as>',
        'what questions in the files become',
        ['references', 'candidates', 'none'],
        'references',
      ),
    )
    .addOption(languageChoice('--language <code>', 'of all passages; without it each is detected'))
    .option('--person <name>', 'your name, for a new project', 'Me')
    .option('--json', 'one JSON line per step')
    .action(
      async (
        project: string,
        files: string[],
        options: Common & { questions: string; language?: string; person: string },
      ) => {
        needReadable(files);
        const input = {
          sources: files.map((file) => ({ path: resolve(file) })),
          options: { questionsAs: options.questions, ...(options.language ? { language: options.language } : {}) },
        };
        finish(
          await withProject(project, options, options.person, async (call) => {
            const same = (job: Job): boolean =>
              JSON.stringify(job.settings['sources']) === JSON.stringify(input.sources);
            return (await goOn(call, 'import', same)) ?? call('importing', 'start', input);
          }),
        );
      },
    );
  program
    .command('ask')
    .description('generate questions for the passages of a project that have none; goes on where it was stopped')
    .argument('<project>', 'an .asklab file')
    .option('--generator <id>', 'rules or the id of a model', 'rules')
    .option('--candidates <n>', 'questions per passage, at most', whole(1, 40), 6)
    .addOption(deviceChoice())
    .option('--json', 'one JSON line per step')
    .action(async (project: string, options: Common & { generator: string; candidates: number; device: string }) => {
      finish(
        await withProject(project, options, null, async (call) => {
          const stopped = await goOn(call, 'generate');
          if (stopped) return stopped;
          const generators = await call<{ id: string; kind: string }[]>('generation', 'generators');
          const rules = generators.find((generator) => generator.kind === 'rules')?.id;
          const generator = options.generator === 'rules' ? rules : options.generator;
          const { device, candidates } = options;
          return call<Job>('generation', 'start', { generator, device, candidates });
        }),
      );
    });
  program
    .command('export')
    .description('write the accepted questions of a project')
    .argument('<project>', 'an .asklab file')
    .argument('<folder>')
    .addOption(choice('--format <name>', 'format of the files', exportFormats, 'squad-v2'))
    .option('--split <ratios>', 'train,dev,test as shares of one or as counts, for example 0.8,0.1,0.1', shares)
    .addOption(choice('--by <group>', 'what stays together in a split', ['document', 'passage', 'cluster'], 'document'))
    .option('--seed <n>', 'seed of the split', whole(0, 2 ** 31 - 1), 1)
    .option('--references', 'with the questions that came with the passages')
    .option('--json', 'one JSON line per step')
    .action(
      async (
        project: string,
        folder: string,
        options: Common & {
          format: string;
          split?: ReturnType<typeof shares>;
          by: string;
          seed: number;
          references?: boolean;
        },
      ) => {
        const { format, by, seed, split, references: includeReferences = false } = options;
        const input = {
          format,
          folder: resolve(folder),
          split: split ? { by, seed, ...split } : null,
          includeReferences,
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

/** A job of this kind that was stopped goes on; null when there is none. */
async function goOn(call: Call, kind: Job['kind'], same: (job: Job) => boolean = () => true): Promise<Job | null> {
  const stopped = (await call<Job[]>('jobs', 'list')).find(
    (job) => job.kind === kind && job.state === 'stopped' && same(job),
  );
  return stopped ? call<Job>('jobs', 'resume', { id: stopped.id }) : null;
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
  const interrupt = (): void => void engine.runner()?.stop();
  process.on('SIGINT', interrupt); // stays: a second Ctrl+C must not end the closing
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
    if (ended.state === 'stopped') {
      process.stderr.write('asklab: interrupted. What is done is kept; the same command goes on from here.\n');
      return 130;
    }
    for (const problem of ended.problems > 0 ? (engine.project()?.jobs.problems(ended.id, 100) ?? []) : []) {
      process.stderr.write(`${problem.file}${problem.line === null ? '' : `:${problem.line}`}: ${problem.reason}\n`);
    }
    if (ended.message !== null) process.stderr.write(`asklab: ${ended.message}\n`);
    if (!options.json) process.stdout.write(`${ended.state} ${summary(ended.result)}\n`);
    return ended.state === 'done' ? 0 : ended.state === 'done-with-problems' ? 2 : 1;
  } finally {
    await engine.close();
    (inference as SpawnedInference | null)?.kill();
  }
}

/** What a job brought, without its long lists. */
function summary(result: Job['result']): string {
  return JSON.stringify(result ?? {}, (key, value: unknown) => (key === 'pairs' ? undefined : value));
}

function show(job: Job, options: Common): void {
  if (options.json)
    process.stdout.write(
      `${JSON.stringify({ job: job.id, state: job.state, done: job.done, total: job.total, result: job.result })}\n`,
    );
  else if (process.stderr.isTTY)
    process.stderr.write(`\r${job.state} ${job.done}${job.total === null ? '' : ` of ${job.total}`}   `);
}
