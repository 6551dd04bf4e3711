import type { Command } from 'commander';
import { chooseSettings } from '../../shared/contract/sets.ts';
import { language, passageFilter, type Job, type Language, type PassageFilter } from '../../shared/contract/types.ts';
import { choice, whole } from '../options.ts';
import { goOn, withProject, type Common } from '../project.ts';

interface Options extends Common {
  number: number;
  seed: number;
  name?: string;
  equal?: boolean;
  language?: Language[];
  search?: string;
  state?: PassageFilter['state'];
  set?: string;
}

/** `asklab choose`: a diverse set of a project's passages, kept by name. */
export function chooseCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('choose')
    .description('choose a diverse set of the passages of a project and keep it by a name, which --set takes elsewhere')
    .argument('<project>', 'an .asklab file')
    .requiredOption('--number <n>', 'how many passages', whole(1, 2 ** 31 - 1))
    .option('--seed <n>', 'the same passages, number and seed give the same set', whole(0, 2 ** 31 - 1), 1)
    .option('--name <name>', 'of the set; without it "diverse" with number and seed')
    .option('--equal', 'as many of each language, else in proportion')
    .addOption(choice('--language <codes...>', 'of passages of these languages only', language.options))
    .option('--search <text>', 'of passages that match only')
    .addOption(choice('--state <state>', 'of these passages only', passageFilter.shape.state.unwrap().options))
    .option('--set <name>', 'of the passages of this set only')
    .option('--json', 'one JSON line per step; the last has the evidence')
    .action(async (project: string, options: Options) => {
      const { number, seed, name = `diverse ${number}, seed ${seed}`, equal, search, state, set } = options;
      const passages = { search, languages: options.language, state, set };
      const settings = chooseSettings.parse({ name, passages, number, equal, seed });
      const same = (job: Job): boolean =>
        JSON.stringify(chooseSettings.parse(job.settings)) === JSON.stringify(settings);
      finish(
        await withProject(
          project,
          options,
          null,
          async (call) => (await goOn(call, 'choose', same)) ?? call('sets', 'choose', settings),
        ),
      );
    });
}
