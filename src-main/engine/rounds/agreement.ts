import { setImmediate as turn } from 'node:timers/promises';
import { language as languages, reason as reasons, type Language, type Reason } from '../../shared/contract/types.ts';
import type { AgreementTable, RoundAgreement } from '../../shared/contract/rounds.ts';
import { agreementReport } from '../agreement/report.ts';
import type { Project } from '../store/project.ts';
import { prepare } from '../store/statements.ts';

/** Ordered: how much of the question may stand. Weighted coefficients go by this order. */
const scale: Record<string, number> = { reject: 0, edit: 1, accept: 2 };

interface Column {
  verdicts: (number | null)[];
  reasons: (string | null)[];
}

interface Options {
  samples: number;
  signal: AbortSignal;
  onProgress: (share: number) => void;
}

/**
 * Agreement of everyone in a round, the author's first verdict being one of them: over all languages, in each, and on
 * each reason (named or not, by those who rejected or kept the question). Nobody and nothing is left out.
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
  const steps = sections.length + reasons.options.length;
  const report = (ratings: (number | null)[][], step: number): ReturnType<typeof agreementReport> =>
    agreementReport(ratings, {
      samples,
      seed: 1,
      signal,
      onProgress: (share) => onProgress((step + share) / steps),
    });
  const tables: AgreementTable[] = [];
  for (const [step, language] of sections.entries()) {
    const places = language === null ? null : itemLanguages.flatMap((one, index) => (one === language ? [index] : []));
    const ratings = columns.map(({ verdicts }) =>
      places === null ? verdicts : places.map((at) => verdicts[at] ?? null),
    );
    const found = await report(ratings, step);
    tables.push({
      language,
      items: found.items,
      observed: observedShare(ratings),
      alpha: found.alpha,
      fleiss: found.fleiss.estimate,
      fleissRatings: found.fleiss.ratings,
      pairs: found.pairs
        .filter((pair) => pair.items > 0)
        .map(({ left, right, items, observed, kappa, kappaLinear }) => ({
          left: ids[left] ?? '',
          right: ids[right] ?? '',
          items,
          observed,
          kappa,
          kappaWeighted: kappaLinear,
        })),
    });
  }
  const byReason: RoundAgreement['reasons'] = [];
  for (const [index, reason] of reasons.options.entries()) {
    const ratings = columns.map((column) =>
      column.verdicts.map((verdict, at) => (verdict === null ? null : Number(column.reasons[at] === reason))),
    );
    const named = ratings.reduce((sum, column) => sum + column.filter((value) => value === 1).length, 0);
    if (named === 0) continue;
    const found = await report(ratings, sections.length + index);
    byReason.push({ reason: reason satisfies Reason, items: found.items, named, alpha: found.alpha.nominal });
  }
  onProgress(1);
  return {
    people: ids.map((id) => ({ id, name: names.get(id)?.name ?? id, colour: names.get(id)?.colour ?? '#4f5b63' })),
    tables,
    reasons: byReason,
    signature: `scale reject<edit<accept; bootstrap over questions, ${samples} resamples of all questions (multinomial over their patterns of verdicts), seed 1`,
  };
}

/** Share of pairs of judgements of the same question that are equal, or null without such a pair. */
function observedShare(ratings: readonly (readonly (number | null)[])[]): number | null {
  let [equal, pairs] = [0, 0];
  const size = ratings[0]?.length ?? 0;
  for (let at = 0; at < size; at += 1) {
    for (let right = 1; right < ratings.length; right += 1) {
      const one = ratings[right]?.[at] ?? null;
      if (one === null) continue;
      for (let left = 0; left < right; left += 1) {
        const other = ratings[left]?.[at] ?? null;
        if (other === null) continue;
        pairs += 1;
        equal += Number(one === other);
      }
    }
  }
  return pairs === 0 ? null : equal / pairs;
}

/** One column of judgements per person over the round's items; the first verdicts are the column "author". */
async function read(
  project: Project,
  roundId: string,
  signal: AbortSignal,
): Promise<{ ids: string[]; itemLanguages: Language[]; columns: Column[] }> {
  const items = prepare(
    project.database,
    `SELECT i.item, p.language, i.hidden ->> '$.first.verdict', i.hidden ->> '$.first.reason'
     FROM round_items i JOIN passages p ON p.id = i.passage_id WHERE i.round_id = ?`,
  )
    .raw()
    .all(roundId) as [string, Language, string | null, string | null][];
  const place = new Map(items.map(([item], index) => [item, index]));
  const empty = (): Column => ({
    verdicts: Array<number | null>(items.length).fill(null),
    reasons: Array<string | null>(items.length).fill(null),
  });
  // The author first, then people in the order in which they were added.
  const byPerson = new Map<string, Column>();
  if (items.some(([, , first]) => first !== null)) {
    byPerson.set('author', {
      verdicts: items.map(([, , first]) => (first === null ? null : (scale[first] ?? null))),
      reasons: items.map((row) => row[3]),
    });
  }
  const voters = prepare(
    project.database,
    `SELECT person FROM round_states v LEFT JOIN people p ON p.id = v.person WHERE round_id = ? AND verdict IS NOT NULL
     GROUP BY person ORDER BY p.rowid, person`,
  ).pluck();
  for (const person of voters.all(roundId) as string[]) byPerson.set(person, empty());
  const votes = prepare(
    project.database,
    `SELECT item, person, verdict, CASE verdict WHEN 'reject' THEN state ->> '$.payload.reason' END
     FROM round_states WHERE round_id = ? AND verdict IS NOT NULL`,
  ).raw();
  let count = 0;
  for (const [item, person, verdict, reason] of votes.iterate(roundId) as Iterable<
    [string, string, string, string | null]
  >) {
    const column = byPerson.get(person);
    const at = place.get(item);
    if (column === undefined || at === undefined) continue;
    column.verdicts[at] = scale[verdict] ?? null;
    column.reasons[at] = reason;
    count += 1;
  }
  if (count > 0) await turn(undefined, { signal });
  return { ids: [...byPerson.keys()], itemLanguages: items.map((row) => row[1]), columns: [...byPerson.values()] };
}
