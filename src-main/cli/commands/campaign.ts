import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Option, type Command } from 'commander';
import { reportFiles } from '../../engine/campaigns/files.ts';
import { reportOf } from '../../engine/campaigns/report.ts';
import { readScores } from '../../engine/campaigns/scores.ts';

const formats = { markdown: 'report.md', latex: 'table.tex', json: 'report.json' } as const;

/** `asklab campaign report`: the report of a scoring campaign from its exported scores alone. */
export function campaignCommand(program: Command, finish: (code: number) => void): void {
  program
    .command('campaign')
    .description('human scoring of systems')
    .command('report')
    .description('means, intervals, tests and agreement from scores.csv, the same bytes as the app writes')
    .argument('<scores>', 'the CSV file that the app exported')
    .addOption(
      new Option('--format <name>', 'what to print').choices(['markdown', 'latex', 'json']).default('markdown'),
    )
    .option('--output <folder>', 'write report.md, report.json and table.tex into this folder instead')
    .action(async (scores: string, options: { format: keyof typeof formats; output?: string }) => {
      const files = reportFiles(await reportOf(readScores(read(scores), scores)));
      if (options.output === undefined) process.stdout.write(files[formats[options.format]]);
      else save(options.output, files);
      finish(0);
    });
}

function read(path: string): string {
  try {
    return readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch {
    throw new Error(`${path} cannot be read. Give the scores.csv that Asklab exported.`);
  }
}

function save(folder: string, files: Record<string, string>): void {
  mkdirSync(folder, { recursive: true });
  const there = Object.keys(files).filter((name) => existsSync(join(folder, name)));
  if (there.length > 0)
    throw new Error(`${folder} already holds ${there.join(', ')}. Nothing was written; choose another folder.`);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}
