import { Command, CommanderError } from 'commander';
import { campaignCommand } from './commands/campaign.ts';
import { chooseCommand } from './commands/choose.ts';
import { generateCommand } from './commands/generate.ts';
import { metricsCommand } from './commands/metrics.ts';
import { modelCommand } from './commands/model.ts';
import { projectCommands } from './commands/project.ts';
import { questionsCommand } from './commands/questions.ts';
import { roundsCommand } from './commands/rounds.ts';

/** Exit codes: 0 done, 1 failed, 2 done but some rows were not, 64 wrong usage, 130 interrupted, 141 nobody reads on. */
export async function run(arguments_: readonly string[]): Promise<number> {
  let exitCode = 0;
  const finish = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('asklab')
    .description('Build question-generation datasets: import, generate, export; the same engine as the app.')
    .exitOverride()
    .showHelpAfterError();
  for (const add of [
    generateCommand,
    projectCommands,
    chooseCommand,
    metricsCommand,
    campaignCommand,
    modelCommand,
    questionsCommand,
    roundsCommand,
  ])
    add(program, finish);
  try {
    await program.parseAsync(arguments_, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 64;
    process.stderr.write(`asklab: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
  return exitCode;
}

// Whoever reads the output may stop reading, as `head` does: that is no error, and no more is wanted.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(141);
});

if (process.argv[1]?.endsWith('main.ts') || process.argv[1]?.endsWith('cli.cjs')) {
  process.exitCode = await run(process.argv.slice(2));
}
