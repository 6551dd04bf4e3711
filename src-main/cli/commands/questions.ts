import type { Command } from 'commander';
import {
  candidateFilter,
  language,
  status,
  type Candidate,
  type CandidateFilter,
} from '../../shared/contract/types.ts';
import { choice, number, whole } from '../options.ts';
import { withProject, type Common } from '../project.ts';

interface Options extends Common {
  search?: string;
  language?: CandidateFilter['languages'];
  status?: CandidateFilter['statuses'];
  signal?: CandidateFilter['signal'];
  scoreFrom?: number;
  scoreTo?: number;
  lengthFrom?: number;
  lengthTo?: number;
  order?: CandidateFilter['order'];
  most?: number;
}

const page = 500;

/** `asklab questions`: what Review's filter holds, one line a question. */
export function questionsCommand(program: Command, finish: (code: number) => void): void {
  const { signal, order } = candidateFilter.shape;
  program
    .command('questions')
    .description('the questions of a project that a filter holds: log-probability, length, text')
    .argument('<project>', 'an .asklab file')
    .option('--search <words>', 'in the question')
    .addOption(choice('--language <codes...>', 'of these languages only', language.options))
    .addOption(choice('--status <names...>', 'of these only', status.options))
    .addOption(
      choice('--signal <name>', 'with this signal only; near: nearly like an earlier one', signal.unwrap().options),
    )
    .option('--score-from <n>', 'log-probability per token, at least', number(-100, 0))
    .option('--score-to <n>', 'log-probability per token, at most', number(-100, 0))
    .option('--length-from <n>', 'words, in Chinese characters, at least', whole(0, 10_000))
    .option('--length-to <n>', 'at most', whole(0, 10_000))
    .addOption(choice('--order <how>', 'least sure, shortest or longest first; else as read', order.unwrap().options))
    .option('--most <n>', 'so many at most', whole(1, 10_000_000))
    .option('--json', 'each with all that is known of it, as JSON')
    .action(async (project: string, options: Options) => {
      const { search, language: languages, status: statuses, most = Infinity, json, ...rest } = options;
      const filter = { search, languages, statuses, ...rest };
      finish(
        await withProject(project, options, null, async (call) => {
          let left = most;
          for (let cursor: string | null = null; left > 0;) {
            const input: object = { filter, cursor, limit: Math.min(page, left) };
            const { rows, next }: { rows: Candidate[]; next: string | null } = await call('review', 'list', input);
            for (const row of rows) process.stdout.write(`${json ? JSON.stringify(row) : line(row)}\n`);
            left -= rows.length;
            if (next === null) break;
            cursor = next;
          }
          return 0;
        }),
      );
    });
}

function line({ score, signals, question }: Candidate): string {
  return `${score === null ? '' : score.toFixed(2)}\t${signals.length}\t${question}`;
}
