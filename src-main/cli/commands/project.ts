import { resolve } from 'node:path';
import type { Command } from 'commander';
import { checkedChoices, exportFormats } from '../../shared/contract/exporting.ts';
import { importFormats, importOptions } from '../../shared/contract/importing.ts';
import { language, status, type Counts, type Job } from '../../shared/contract/types.ts';
import { choice, columnRole, deviceChoice, languageChoice, needReadable, shares, tally, whole } from '../options.ts';
import { goOn, withProject, type Common } from '../project.ts';

/** `asklab import`, `questions`, `export` and `stats`: the app's own services on a project file. */
export function projectCommands(program: Command, finish: (code: number) => void): void {
  program
    .command('import')
    .description(
      'read passages (txt, md, jsonl, csv, tsv, SQuAD, LAB, Parquet) into a project, made when it is not there',
    )
    .argument('<project>', 'an .asklab file')
    .argument('<files...>', 'the files to read')
    .addOption(
      choice(
        '--questions <as>',
        'what questions in the files become',
        ['references', 'candidates', 'none'],
        'references',
      ),
    )
    .addOption(languageChoice('--language <code>', 'of all passages; without it each is detected'))
    .option('--column <name=role>', 'what a column of a table holds, once for each: Body=text', columnRole)
    .addOption(choice('--format <name>', 'how the files are read; without it by what they hold', importFormats))
    .option('--encoding <name>', 'of the files, for example GB18030; without it by what they hold')
    .option('--aligned <file>', 'questions in a file of their own, line by line with the passages')
    .addOption(
      choice('--passages <how>', 'what parts the passages of a text', ['blank-line', 'line', 'whole'], 'blank-line'),
    )
    .option('--shortest <n>', 'characters: a shorter passage of a text is left out', whole(0, 100_000), 20)
    .option('--longest <n>', 'characters: a longer one is cut between two sentences', whole(50, 100_000), 4000)
    .option('--person <name>', 'your name, for a new project', 'Me')
    .option('--json', 'one JSON line per step')
    .action(
      async (
        project: string,
        files: string[],
        options: Common & {
          questions: string;
          language?: string;
          column?: Record<string, string>;
          format?: string;
          encoding?: string;
          aligned?: string;
          passages: string;
          shortest: number;
          longest: number;
          person: string;
        },
      ) => {
        const { language: spoken, column, format, encoding, aligned } = options;
        needReadable([...files, ...(aligned ? [aligned] : [])]);
        const input = {
          sources: files.map((file) => ({ path: resolve(file) })),
          options: {
            questionsAs: options.questions,
            splitter: { mode: options.passages, minimum: options.shortest, maximum: options.longest },
            ...(spoken ? { language: spoken } : {}),
            ...(column ? { columns: column } : {}),
            ...(format ? { format } : {}),
            ...(encoding ? { encoding } : {}),
            ...(aligned ? { questionsPath: resolve(aligned) } : {}),
          },
        };
        finish(
          await withProject(project, options, options.person, async (call) => {
            const { sources } = input;
            const wanted = JSON.stringify({ sources, options: importOptions.parse(input.options) });
            const same = ({ settings }: Job): boolean =>
              JSON.stringify({ sources: settings['sources'], options: settings['options'] }) === wanted;
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
    .option('--set <name>', 'for the passages of this set only')
    .option('--anew', 'cancel a run that was stopped, keeping its questions, and begin another')
    .option('--json', 'one JSON line per step')
    .action(
      async (
        project: string,
        options: Common & { generator: string; candidates: number; device: string; set?: string; anew?: boolean },
      ) => {
        finish(
          await withProject(project, options, null, async (call) => {
            const generators = await call<{ id: string; kind: string }[]>('generation', 'generators');
            const rules = generators.find((generator) => generator.kind === 'rules')?.id;
            const generator = options.generator === 'rules' ? rules : options.generator;
            const { device, candidates, set } = options;
            const passages = { state: 'none', set };
            const stopped = (await call<Job[]>('jobs', 'list')).find(
              ({ kind, state }) => kind === 'generate' && state === 'stopped',
            );
            if (stopped && options.anew) await call('jobs', 'cancel', { id: stopped.id });
            else if (stopped) {
              refuseOther(stopped, { generator, device, candidates, set });
              return call<Job>('jobs', 'resume', { id: stopped.id });
            }
            return call<Job>('generation', 'start', { generator, device, candidates, passages });
          }),
        );
      },
    );
  program
    .command('export')
    .description('write the accepted questions of a project')
    .argument('<project>', 'an .asklab file')
    .argument('<folder>', 'where the files go')
    .addOption(choice('--format <name>', 'format of the files', exportFormats, 'squad-v2'))
    .option('--split <ratios>', 'train,dev,test as shares of one or as counts, for example 0.8,0.1,0.1', shares)
    .addOption(choice('--by <group>', 'what stays together in a split', ['document', 'passage', 'cluster'], 'document'))
    .option('--seed <n>', 'seed of the split', whole(0, 2 ** 31 - 1), 1)
    .addOption(
      choice(
        '--checked <how>',
        'any question, those a second person checked, those both agreed on',
        checkedChoices,
        'any',
      ),
    )
    .addOption(choice('--status <names...>', 'which questions', status.options).default(['accepted', 'edited']))
    .addOption(choice('--language <codes...>', 'of these languages only', language.options))
    .option('--set <name>', 'of the passages of this set only')
    .option('--references', 'with the questions that came with the passages')
    .option('--lineage', 'with where each question came from, in formats that have a place for it')
    .option(
      '--fields <names...>',
      'of the fields that a format may go without, these only: for example id is_impossible',
    )
    .option('--neutralise-formulas', 'in CSV: a cell that a spreadsheet would compute begins with an apostrophe')
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
          checked: string;
          status: string[];
          language?: string[];
          set?: string;
          references?: boolean;
          lineage?: boolean;
          neutraliseFormulas?: boolean;
          fields?: string[];
        },
      ) => {
        const { format, by, seed, split, checked, status: statuses, language: languages, set } = options;
        const input = {
          format,
          folder: resolve(folder),
          split: split ? { by, seed, ...split } : null,
          checked,
          statuses,
          ...(languages ? { languages } : {}),
          ...(set === undefined ? {} : { set }),
          includeReferences: options.references ?? false,
          lineage: options.lineage ?? false,
          neutraliseFormulas: options.neutraliseFormulas ?? false,
          ...(options.fields ? { fields: options.fields } : {}),
        };
        finish(await withProject(project, options, null, (call) => call('exporting', 'start', input), false));
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
          process.stdout.write(`${options.json ? JSON.stringify(counts) : tally(counts)}\n`);
          return 0;
        }),
      );
    });
}

/** A run that was stopped goes on as it was begun: other options are not let pass in silence. */
function refuseOther({ settings }: Job, wanted: Record<string, unknown>): void {
  const begun: Record<string, unknown> = { ...settings, set: (settings['passages'] as { set?: string }).set };
  const different = Object.keys(wanted).filter((name) => wanted[name] !== begun[name]);
  if (different.length === 0) return;
  const told = different.map((name) => `--${name} ${String(begun[name] ?? 'none')}`).join(', ');
  throw new Error(
    `A run was stopped that began with ${told}. Give the same to go on with it, or --anew to begin another.`,
  );
}
