import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import { language, type CandidateFilter, type Language, type Reason } from '../../shared/contract/types.ts';
import { inOrder } from '../../shared/text/language.ts';
import { wordDiff, words } from '../../shared/text/words.ts';
import type { EngineContext } from '../context.ts';
import { hasFacet } from '../store/filter.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';
import { inParts, wide } from '../store/parts.ts';
import { giveWay } from '../turn.ts';

type Service = Handlers<Contract>['insights'];
type Only = Parameters<Service['summary']>[0];
type Summary = Awaited<ReturnType<Service['summary']>>;
type Group = Summary['byLanguage'][number];

export function createInsights(context: EngineContext): Service {
  return {
    async summary(only, { signal }) {
      const project = context.project();
      const made = await decisions(project, only, signal);
      return {
        counts: project.counts(),
        ...made,
        ...(await groups(project, only, signal)),
        byReason: await byReason(project, only, signal),
        editDistance: await editDistances(project, only, signal),
      };
    },
  };
}

const eventsAtOnce = 20_000;

/** The decisions asked about, those over a filter apart; candidates are joined only where a language is asked for. */
async function decisions(
  { database }: Project,
  only: Only,
  signal: AbortSignal,
): Promise<Pick<Summary, 'decisions' | 'together' | 'perHour' | 'secondsPerDecision'>> {
  const join = only.language === undefined ? '' : ' JOIN candidates c ON c.id = e.item AND c.language = @language';
  const parts = [
    "e.rowid > @after AND e.rowid <= @last AND e.kind IN ('decide', 'write')",
    ...(only.person === undefined ? [] : ['e.person = @person']),
    ...(only.since === undefined ? [] : ['e.at >= @since']),
    ...(only.until === undefined ? [] : ['e.at < @until']),
  ];
  // A decision over a filter spends no time on any one question, and is one of its group.
  const together =
    'e.seconds = 0 AND EXISTS (SELECT 1 FROM events o WHERE o.group_id = e.group_id AND o.rowid <> e.rowid)';
  const next = prepare(
    database,
    `SELECT e.at, CASE e.kind WHEN 'decide' THEN e.seconds ELSE 0 END, ${together}
     FROM events e${join} WHERE ${parts.join(' AND ')}`,
  ).raw();
  const last = prepare(database, 'SELECT coalesce(max(rowid), 0) FROM events').pluck().get() as number;
  const hours = new Map<number, number>();
  const seconds: number[] = [];
  let [count, many] = [0, 0];
  for (let row = 0; row < last; row += eventsAtOnce) {
    for (const [at = 0, spent = 0, over = 0] of next.all({
      ...only,
      after: row,
      last: row + eventsAtOnce,
    }) as number[][]) {
      const hour = at - (at % 3_600_000);
      if (over === 0) hours.set(hour, (hours.get(hour) ?? 0) + 1);
      count += 1;
      many += over;
      if (spent > 0) seconds.push(spent);
    }
    await giveWay(signal);
  }
  return {
    decisions: count,
    together: many,
    secondsPerDecision: seconds.sort((left, right) => left - right)[Math.floor(seconds.length / 2)] ?? null,
    perHour: [...hours]
      .sort(([left], [right]) => left - right)
      .map(([hour, decisionsThen]) => ({ hour, decisions: decisionsThen })),
  };
}

const decided = ['accepted', 'edited', 'rejected'] as const;

/** The questions asked about: what their facets tell, and where a time is asked for the decided ones that were decided then. */
function questions({ language: spoken, person, since, until }: Only): {
  filter: CandidateFilter;
  join: string;
  where: string;
} {
  const timed = since !== undefined || until !== undefined;
  const parts = [
    ...(timed ? [hasFacet(decided)] : []),
    ...(since === undefined ? [] : [`s.state ->> 'decidedAt' >= ${since}`]),
    ...(until === undefined ? [] : [`s.state ->> 'decidedAt' < ${until}`]),
  ];
  return {
    filter: { ...(spoken ? { languages: [spoken] } : {}), ...(person === undefined ? {} : { people: [person] }) },
    join: timed ? wide : '',
    where: parts.length === 0 ? '1' : parts.join(' AND '),
  };
}

const columns = [...decided.map((status) => [status]), ['undecided', 'aside'] as const]
  .map((statuses) => `count(*) FILTER (WHERE ${hasFacet(statuses)})`)
  .join(', ');
type Numbers = [accepted: number, edited: number, rejected: number, undecided: number];

async function groups(
  project: Project,
  only: Only,
  signal: AbortSignal,
): Promise<Pick<Summary, 'byLanguage' | 'byGenerator'>> {
  const { filter, join, where } = questions(only);
  const languages = new Map<string, Numbers>();
  const generators = new Map<string, Numbers>();
  const ofLanguage = language.options.map((name) => `WHEN ${hasFacet([name])} THEN '${name}'`).join(' ');
  const asked = { columns: `CASE ${ofLanguage} END, f.generator, ${columns}`, join, where, group: 'GROUP BY 1, 2' };
  const names = new Map<number, string>();
  const nameOf = (generator: number): string => {
    const known = names.get(generator) ?? generatorName(project, generator);
    names.set(generator, known);
    return known;
  };
  await inParts<[string, number, ...Numbers]>(project, filter, asked, signal, (rows) => {
    for (const [key, generator, ...numbers] of rows) {
      add(languages, key, numbers);
      if (nameOf(generator) !== written) add(generators, nameOf(generator), numbers);
    }
  });
  // What people wrote stands under their names.
  const own = { columns: `c.lineage ->> 'generatorName', ${columns}`, join: wide, where, group: 'GROUP BY 1' };
  await inParts<[string, ...Numbers]>(project, { ...filter, generators: [written] }, own, signal, (rows) => {
    for (const [key, ...numbers] of rows) add(generators, key, numbers);
  });
  return {
    byLanguage: sorted(languages, inOrder),
    byGenerator: sorted(generators, (left, right) => (left < right ? -1 : 1)),
  };
}

const written = 'person';

/** The name of a generator by the first question it wrote; of people, who have each their own, what they have in common. */
function generatorName({ database }: Project, generator: number): string {
  const id = prepare(database, 'SELECT name FROM facet_names WHERE number = ?').pluck().get(generator) as string;
  if (id === written) return written;
  const first = `SELECT c.lineage ->> 'generatorName' FROM facets f CROSS JOIN candidates c ON c.row = f.candidate WHERE f.generator = ? LIMIT 1`;
  return prepare(database, first).pluck().get(generator) as string;
}

function add(groupsOf: Map<string, Numbers>, key: string, numbers: Numbers): void {
  const before = groupsOf.get(key) ?? [0, 0, 0, 0];
  groupsOf.set(key, before.map((value, index) => value + (numbers[index] ?? 0)) as Numbers);
}

function sorted(groupsOf: ReadonlyMap<string, Numbers>, order: (left: string, right: string) => number): Group[] {
  return [...groupsOf]
    .sort(([left], [right]) => order(left, right))
    .map(([key, [accepted, edited, rejected, undecided]]) => ({ key, accepted, edited, rejected, undecided }));
}

async function byReason(project: Project, only: Only, signal: AbortSignal): Promise<Summary['byReason']> {
  const { filter, where } = questions(only);
  const counts = new Map<Reason, number>();
  const asked = { columns: "s.state ->> 'reason', count(*)", join: wide, where, group: 'GROUP BY 1' };
  await inParts<[Reason, number]>(project, { ...filter, statuses: ['rejected'] }, asked, signal, (rows) => {
    for (const [reason, count] of rows) counts.set(reason, (counts.get(reason) ?? 0) + count);
  });
  return [...counts].sort(([, left], [, right]) => right - left).map(([reason, count]) => ({ reason, count }));
}

/** How many edited questions differ by how many words, ten and more together. */
async function editDistances(project: Project, only: Only, signal: AbortSignal): Promise<Summary['editDistance']> {
  const { filter, where } = questions(only);
  const histogram = new Map<number, number>();
  const asked = { columns: "c.original, c.language, s.state ->> 'question'", join: wide, where };
  await inParts<[string, Language, string]>(project, { ...filter, statuses: ['edited'] }, asked, signal, (rows) => {
    for (const [original, spoken, question] of rows) {
      const changes = wordDiff(original, question, spoken);
      const changed = (kind: 'added' | 'removed'): number =>
        changes.reduce((sum, part) => sum + (part.kind === kind ? words(part.text, spoken).length : 0), 0);
      const distance = Math.min(10, Math.max(changed('added'), changed('removed')));
      histogram.set(distance, (histogram.get(distance) ?? 0) + 1);
    }
  });
  return [...histogram].sort(([left], [right]) => left - right).map(([words, count]) => ({ words, count }));
}
