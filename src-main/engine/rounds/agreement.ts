import { setImmediate as turn } from 'node:timers/promises';
import { language as languages, reason as reasons, type Language } from '../../shared/contract/types.ts';
import type { AgreementTable, ReasonAgreement, RoundAgreement } from '../../shared/contract/rounds.ts';
import { agreementReport, type AgreementReport, type PairAgreement } from '../agreement/report.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

/** Ordered: how much of the question may stand. Weighted coefficients go by this order. */
const scale: Record<string, number> = { reject: 0, edit: 1, accept: 2 };

interface Column {
  verdicts: (number | null)[];
  reasons: (string | null)[];
  words: Map<number, string>; // of the reason "other", by place
}

/** A reason that somebody gave, and how often; `text` is a free one. */
type Given = Pick<ReasonAgreement, 'reason' | 'text' | 'named'>;

const mostFreeReasons = 10; // the most common: each costs as much as a fixed reason

interface Options {
  samples: number;
  signal: AbortSignal;
  onProgress: (share: number) => void;
}

/**
 * Agreement of everyone in a round, the author's first verdict being one of them: over all languages, in each, and on
 * each reason (named or not, by those who rejected or kept the question), a free one too that was given twice. Nobody and nothing is left out.
 */
export async function roundAgreement(
  project: Project,
  roundId: string,
  { samples, signal, onProgress }: Options,
): Promise<RoundAgreement> {
  const { ids, itemLanguages, columns } = await read(project, roundId, signal);
  const names = new Map(project.people().map((person) => [person.id, person]));
  const present = languages.options.filter((language) => itemLanguages.includes(language));
  const sections: (Language | null)[] = present.length > 1 ? [null, ...present] : [null];
  const given = reasonsGiven(columns);
  const steps = sections.length + given.length;
  let step = 0;
  const report = async (ratings: (number | null)[][]): Promise<AgreementReport> => {
    const found = await agreementReport(ratings, {
      samples,
      seed: 1,
      signal,
      onProgress: (share) => onProgress((step + share) / steps),
    });
    step += 1;
    return found;
  };
  const tables: AgreementTable[] = [];
  for (const language of sections) {
    const places = language === null ? null : itemLanguages.flatMap((one, index) => (one === language ? [index] : []));
    const found = await report(
      columns.map(({ verdicts }) => (places === null ? verdicts : places.map((at) => verdicts[at] ?? null))),
    );
    const pairs = pairsOf(found, ids, ({ kappaLinear }) => ({ kappaWeighted: kappaLinear }));
    tables.push({ language, ...common(found), alpha: found.alpha, pairs });
  }
  const byReason: ReasonAgreement[] = [];
  for (const one of given) {
    const found = await report(columns.map((column) => givenOrNot(column, one)));
    byReason.push({ ...one, ...common(found), alpha: found.alpha.nominal, pairs: pairsOf(found, ids, () => ({})) });
  }
  onProgress(1);
  return {
    people: ids.map((id) => ({ id, name: names.get(id)?.name ?? id, colour: names.get(id)?.colour ?? '#4f5b63' })),
    tables,
    reasons: byReason,
    signature: `scale reject<edit<accept; bootstrap over questions, ${samples} resamples of all questions (multinomial over their patterns of verdicts), seed 1`,
  };
}

function common({
  items,
  observed,
  fleiss,
}: AgreementReport): Pick<ReasonAgreement, 'items' | 'observed' | 'fleiss' | 'fleissRatings'> {
  return { items, observed, fleiss: fleiss.estimate, fleissRatings: fleiss.ratings };
}

/** The pairs that have judged the same questions. */
function pairsOf<More>(
  { pairs }: AgreementReport,
  ids: readonly string[],
  more: (pair: PairAgreement) => More,
): (ReasonAgreement['pairs'][number] & More)[] {
  return pairs
    .filter((pair) => pair.items > 0)
    .map((pair) => {
      const { left, right, items, observed, kappa } = pair;
      return { left: ids[left] ?? '', right: ids[right] ?? '', items, observed, kappa, ...more(pair) };
    });
}

/** The fixed reasons in their order, then free ones that were given more than once, the most common first. */
function reasonsGiven(columns: readonly Column[]): Given[] {
  const fixed = new Map<string | null, number>();
  for (const column of columns) for (const reason of column.reasons) fixed.set(reason, (fixed.get(reason) ?? 0) + 1);
  const free = new Map<string, Given & { text: string }>();
  for (const column of columns) {
    for (const text of column.words.values()) {
      const known = free.get(folded(text)) ?? { reason: 'other', text, named: 0 };
      free.set(folded(text), { ...known, named: known.named + 1 });
    }
  }
  return [
    ...reasons.options
      .map((reason) => ({ reason, text: null, named: fixed.get(reason) ?? 0 }))
      .filter(({ named }) => named > 0),
    ...[...free.values()]
      .filter(({ named }) => named > 1)
      .sort((one, other) => other.named - one.named)
      .slice(0, mostFreeReasons),
  ];
}

/** Free reasons are the same whatever their capitals and spaces. */
function folded(words: string): string {
  return words.replace(/\s+/gu, ' ').trim().toLowerCase();
}

function givenOrNot({ verdicts, reasons: named, words }: Column, { reason, text }: Given): (number | null)[] {
  const ratings = verdicts.map((verdict, at) =>
    verdict === null ? null : Number(text === null && named[at] === reason),
  );
  if (text !== null) for (const [at, one] of words) if (folded(one) === folded(text)) ratings[at] = 1;
  return ratings;
}

/** One column of judgements per person over the round's items; the first verdicts are the column "author". */
async function read(
  project: Project,
  roundId: string,
  signal: AbortSignal,
): Promise<{ ids: string[]; itemLanguages: Language[]; columns: Column[] }> {
  const items = prepare(
    project.database,
    `SELECT i.item, p.language, i.hidden ->> '$.first.verdict', i.hidden ->> '$.first.reason',
       CASE i.hidden ->> '$.first.reason' WHEN 'other' THEN i.hidden ->> '$.first.note' END
     FROM round_items i JOIN passages p ON p.id = i.passage_id WHERE i.round_id = ?`,
  )
    .raw()
    .all(roundId) as [string, Language, string | null, string | null, string | null][];
  const place = new Map(items.map(([item], index) => [item, index]));
  const byPerson = new Map<string, Column>();
  const put = (person: string, at: number, verdict: string, reason: string | null, words: string | null): void => {
    let column = byPerson.get(person);
    if (column === undefined) {
      const nothing = Array<null>(items.length).fill(null);
      column = { verdicts: [...nothing], reasons: [...nothing], words: new Map() };
      byPerson.set(person, column);
    }
    column.verdicts[at] = scale[verdict] ?? null;
    column.reasons[at] = reason;
    if (words) column.words.set(at, words);
  };
  for (const [at, [, , verdict, reason, words]] of items.entries())
    if (verdict !== null) put('author', at, verdict, reason, words);
  const votes = prepare(
    project.database,
    `SELECT item, person, verdict, CASE verdict WHEN 'reject' THEN state ->> '$.payload.reason' END,
       CASE WHEN verdict = 'reject' AND state ->> '$.payload.reason' = 'other' THEN state ->> '$.payload.note' END
     FROM round_states WHERE round_id = ? AND verdict IS NOT NULL`,
  ).raw();
  for (const [item, person, verdict, reason, words] of votes.iterate(roundId) as Iterable<
    [string, string, string, string | null, string | null]
  >) {
    const at = place.get(item);
    if (at !== undefined) put(person, at, verdict, reason, words);
  }
  await turn(undefined, { signal });
  // The author first, then people in the order in which they were added.
  const known = ['author', ...project.people().map(({ id }) => id)];
  const ids = [...known.filter((id) => byPerson.has(id)), ...[...byPerson.keys()].filter((id) => !known.includes(id))];
  return {
    ids,
    itemLanguages: items.map((row) => row[1]),
    columns: ids.flatMap((id) => byPerson.get(id) ?? []),
  };
}
