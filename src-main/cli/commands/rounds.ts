import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Client } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type {
  AgreementTable,
  HandKind,
  ReasonAgreement,
  RoundAgreement,
  RoundSummary,
} from '../../shared/contract/rounds.ts';
import {
  language,
  type CandidateFilter,
  type Language,
  type Person,
  type ProjectInfo,
} from '../../shared/contract/types.ts';
import { choice, languageList, needReadable, whole } from '../options.ts';
import { tellInterrupted, withProject, type Call, type Common } from '../project.ts';

type Answers<Method extends keyof Client<Contract>['rounds']> = Awaited<ReturnType<Client<Contract>['rounds'][Method]>>;

interface OfRound extends Common {
  round?: string;
}

const roles = { review: 'annotator', check: 'checker', adjudicate: 'adjudicator' } as const;

interface MakeOptions extends Common {
  name: string;
  people: string;
  kind: HandKind;
  addPeople?: boolean;
  overlap: number;
  count?: number;
  filter?: string;
  languages?: Language[];
  balanceLanguages: boolean;
  balanceDifficulties?: boolean;
  rejected: boolean;
  alsoChecked?: boolean;
  guidelines?: string[];
  seed: number;
}

/** `asklab rounds`: a lead's side of checks and scoring without a window. */
export function roundsCommand(program: Command, finish: (code: number) => void): void {
  const rounds = program
    .command('rounds')
    .description('rounds of checking and scoring: make, list, write packages, merge what comes back, agreement');
  rounds
    .command('list')
    .description('the rounds of a project, who works on them and how far they are')
    .argument('<project>', 'an .asklab file')
    .option('--json', 'one JSON line per round')
    .action(async (project: string, options: Common) => {
      finish(
        await withProject(project, options, null, async (call) => {
          for (const round of await call<RoundSummary[]>('rounds', 'list'))
            print(options.json ? JSON.stringify(round) : listed(round));
          return 0;
        }),
      );
    });
  rounds
    .command('make')
    .description('make a round: of undecided questions to review, decided ones to check, disputed ones to adjudicate')
    .argument('<project>', 'an .asklab file')
    .requiredOption('--name <name>', 'of the round')
    .addOption(choice('--kind <kind>', 'what is to be done', ['review', 'check', 'adjudicate'], 'check'))
    .requiredOption('--people <names>', 'who does it, with commas between')
    .option('--add-people', 'add those who are not in the project yet, as annotators, checkers or adjudicators')
    .option('--overlap <n>', 'people per question; one to adjudicate', whole(1, 9), 1)
    .option('--count <n>', 'questions; all that match without it', whole(1, 1_000_000))
    .option('--filter <name>', 'only what a saved filter of Review holds')
    .option('--languages <codes>', 'only questions in these, with commas between', languageList)
    .option('--no-balance-languages', 'draw as they come instead of as many of each language')
    .option('--balance-difficulties', 'as many easy, medium and hard ones')
    .option('--no-rejected', 'to check: leave out rejected questions; all in the round then know the first verdict')
    .option('--also-checked', 'also questions that another round of the kind holds')
    .option('--guidelines <language=file...>', 'Markdown for one language, for example en=guide.md')
    .option('--seed <n>', 'of the draw', whole(0, 2 ** 31), 1)
    .option('--json', 'the round as one JSON line')
    .action(async (project: string, options: MakeOptions) => {
      const guidelines = (options.guidelines ?? []).map(readGuideline);
      finish(
        await withProject(project, options, null, async (call) => {
          const people = await peopleNamed(call, options.people, options.addPeople ? roles[options.kind] : undefined);
          const { name, kind, overlap, seed, count, rejected, balanceLanguages, balanceDifficulties } = options;
          const filter = {
            ...(options.filter === undefined ? {} : await filterNamed(call, options.filter)),
            ...(options.languages ? { languages: options.languages } : {}),
          };
          const made = await call<RoundSummary>('rounds', 'create', {
            name,
            guidelines,
            ...{ kind, people, overlap, seed, filter, withRejected: rejected, balanceLanguages, balanceDifficulties },
            count: count ?? null,
            onlyUnchecked: !options.alsoChecked,
          });
          print(options.json ? JSON.stringify(made) : listed(made));
          return 0;
        }),
      );
    });
  rounds
    .command('package')
    .description('write the sealed package of each person of a round')
    .argument('<project>', 'an .asklab file')
    .argument('<folder>')
    .option('--round <name>', 'name or id of the round; needed where there are several')
    .option('--json', 'one JSON line per package')
    .action(async (project: string, folder: string, options: OfRound) => {
      finish(
        await withProject(project, options, null, async (call) => {
          const { id } = await chosen(call, options.round);
          const input = { roundId: id, folder: resolve(folder) };
          for (const file of await call<Answers<'writePackages'>>('rounds', 'writePackages', input))
            print(options.json ? JSON.stringify(file) : `${file.name}: ${file.items} questions, ${file.path}`);
          return 0;
        }),
      );
    });
  rounds
    .command('merge')
    .description(
      'take in returned files, each wholly or not at all; a file that is refused changes nothing, and the exit code is 2',
    )
    .argument('<project>', 'an .asklab file')
    .argument('<files...>')
    .option('--json', 'one JSON line per file')
    .action(async (project: string, files: string[], options: Common) => {
      needReadable(files);
      finish(
        await withProject(project, options, null, async (call) => {
          const paths = files.map((file) => resolve(file));
          const merged = await call<Answers<'mergeReturns'>>('rounds', 'mergeReturns', { paths });
          for (const one of merged) {
            if (options.json) print(JSON.stringify(one));
            else if (one.refused === null)
              print(`${one.person ?? ''}, ${one.round ?? ''}: ${one.added} new events, ${one.known} known`);
            else process.stderr.write(`${one.path}: ${one.message ?? one.refused}\n`);
          }
          const taken = merged.filter((one) => one.refused === null).length;
          if (merged.length < paths.length)
            return tellInterrupted(` ${taken} of ${paths.length} files were taken in. The same command goes on.`);
          return taken < paths.length ? 2 : 0;
        }),
      );
    });
  rounds
    .command('agreement')
    .description('agreement of everyone in a round, with 95 % bootstrap intervals')
    .argument('<project>', 'an .asklab file')
    .option('--round <name>', 'name or id of the round; needed where there are several')
    .option('--samples <n>', 'resamples', whole(0, 5000), 1000)
    .option('--json', 'as one JSON line')
    .action(async (project: string, options: OfRound & { samples: number }) => {
      finish(
        await withProject(project, options, null, async (call) => {
          const { id } = await chosen(call, options.round, ['review', 'check']);
          const found = await call<RoundAgreement>('rounds', 'agreement', { roundId: id, samples: options.samples });
          print(options.json ? JSON.stringify(found) : agreementText(found));
          return 0;
        }),
      );
    });
}

function readGuideline(named: string): { language: string; text: string } {
  const [, code = '', path = ''] = /^(\w\w)=(.+)$/su.exec(named) ?? [];
  if (!language.safeParse(code).success)
    throw new Error(`"${named}" names no language. Write one of ${language.options.join(', ')}, =, and a file.`);
  needReadable([path]);
  return { language: code, text: readFileSync(path, 'utf8') };
}

/** A filter that the project's person has saved in Review. */
async function filterNamed(call: Call, name: string): Promise<CandidateFilter> {
  const saved = await call<{ name: string; filter: CandidateFilter }[]>('review', 'filters');
  const found = saved.find((one) => one.name === name);
  if (found) return found.filter;
  const names = saved.map((one) => `"${one.name}"`).join(', ');
  throw new Error(
    names === ''
      ? 'No filter is saved in Review. Save one there, or leave out --filter.'
      : `No filter saved in Review is named "${name}". There are ${names}.`,
  );
}

/** Ids of people by name. A name that the project does not have is an error, unless it is to be added, in this role. */
async function peopleNamed(call: Call, names: string, role?: Person['role']): Promise<string[]> {
  const wanted = new Set(names.split(',').map((name) => name.trim()));
  wanted.delete('');
  let people = (await call<ProjectInfo | null>('projects', 'current'))?.people ?? [];
  const unknown = [...wanted].filter((name) => people.every((person) => person.name !== name));
  if (unknown.length > 0 && role === undefined)
    throw new Error(
      `The project has nobody named ${unknown.map((name) => `"${name}"`).join(' or ')}. It has ${people.map((person) => person.name).join(', ')}. Write a name as it stands there, or add new people with --add-people.`,
    );
  for (const name of unknown) ({ people } = await call<ProjectInfo>('people', 'add', { name, role }));
  return people.filter((person) => wanted.has(person.name)).map(({ id }) => id);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** The round of that name or id, or the only one. */
async function chosen(call: Call, name: string | undefined, kinds?: RoundSummary['kind'][]): Promise<RoundSummary> {
  const all = await call<RoundSummary[]>('rounds', 'list');
  const fitting = all.filter((round) => kinds?.includes(round.kind) ?? true);
  const found = name === undefined ? fitting : fitting.filter((round) => round.id === name || round.name === name);
  const [only] = found;
  if (only && found.length === 1) return only;
  const names = fitting.map((round) => `"${round.name}" (${round.id})`).join(', ');
  if (names === '') throw new Error('The project has no such round. Make one with asklab rounds make, or in the app.');
  throw new Error(`Name one round with --round: ${names}.`);
}

function listed({ id, kind, name, items, byStatus, people, closedAt }: RoundSummary): string {
  const statuses = Object.entries(byStatus).filter(([, count]) => count > 0);
  return [
    `${name} (${kind}${closedAt === null ? '' : ', closed'}) ${id}`,
    `  ${items} questions: ${statuses.map(([status, count]) => `${count} ${status}`).join(', ')}`,
    ...people.map((person) => {
      const fast = person.fast > 0 ? `, ${person.fast} faster than reading allows` : '';
      return `  ${person.name}: ${person.decided} of ${person.assigned}${fast}`;
    }),
  ].join('\n');
}

function agreementText({ people, tables, reasons, signature }: RoundAgreement): string {
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const pairText = ({ left, right, items, observed, kappa }: ReasonAgreement['pairs'][number]): string =>
    `  ${names.get(left) ?? left} and ${names.get(right) ?? right}: ${items} questions, observed ${estimate(observed)}, kappa ${estimate(kappa)}`;
  return [
    ...tables.flatMap((table) => [
      `${table.language ?? 'all languages'}: ${table.items} questions judged by two or more`,
      `  observed ${estimate(table.observed)}`,
      `  alpha nominal ${estimate(table.alpha.nominal)}, ordinal ${estimate(table.alpha.ordinal)}, interval ${estimate(table.alpha.interval)}`,
      `  Fleiss' kappa ${estimate(table.fleiss)}`,
      ...table.pairs.map((pair) => `${pairText(pair)}, weighted ${estimate(pair.kappaWeighted)}`),
    ]),
    ...reasons.flatMap((row) => [
      `${row.reason}${row.text === null ? '' : ` "${row.text}"`}: named ${row.named} times`,
      `  observed ${estimate(row.observed)}, alpha nominal ${estimate(row.alpha)}, Fleiss' kappa ${estimate(row.fleiss)}`,
      ...row.pairs.map(pairText),
    ]),
    ...(reasons.length > 0
      ? ['A reason is given or not: between two values every level of alpha and every weight of kappa gives the same.']
      : []),
    signature,
  ].join('\n');
}

function estimate(one: AgreementTable['fleiss']): string {
  return 'value' in one
    ? `${number(one.value)} [${number(one.low)}, ${number(one.high)}]`
    : `undefined (${one.undefinedBecause})`;
}

function number(value: number): string {
  return value.toFixed(3);
}
