import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Language, Reason } from '../../shared/contract/types.ts';
import { wordDiff } from '../../shared/text/words.ts';
import type { EngineContext } from '../context.ts';

export function createInsights(context: EngineContext): Handlers<Contract>['insights'] {
  return {
    summary(only) {
      const project = context.project();
      const { database } = project;
      const all = <Row>(sql: string): Row[] => database.prepare(sql).all(only) as Row[];
      const decided = decisions(only);
      const seconds = all<{ seconds: number }>(
        `SELECT e.seconds ${decided} AND e.kind = 'decide' AND e.seconds > 0 ORDER BY e.seconds`,
      );
      return {
        counts: project.counts(),
        decisions: all<{ count: number }>(`SELECT count(*) AS count ${decided}`)[0]?.count ?? 0,
        secondsPerDecision: seconds[Math.floor(seconds.length / 2)]?.seconds ?? null,
        byLanguage: all<Group>(groups('c.language', only)),
        byGenerator: all<Group>(groups("c.lineage ->> 'generatorName'", only)),
        byReason: all<{ reason: Reason; count: number }>(
          `SELECT s.state ->> 'reason' AS reason, count(*) AS count ${questions(only)} AND s.status = 'rejected' GROUP BY 1 ORDER BY 2 DESC`,
        ),
        perHour: all<{ hour: number; decisions: number }>(
          `SELECT e.at / 3600000 * 3600000 AS hour, count(*) AS decisions ${decided} GROUP BY 1 ORDER BY 1`,
        ),
        editDistance: editDistances(
          all(
            `SELECT c.original, c.language, s.state ->> 'question' AS question ${questions(only)} AND s.status = 'edited'`,
          ),
        ),
      };
    },
  };
}

interface Only {
  language?: Language | undefined;
  person?: string | undefined;
  since?: number | undefined;
  until?: number | undefined;
}
interface Group {
  key: string;
  accepted: number;
  edited: number;
  rejected: number;
  undecided: number;
}

/** The decisions asked about; candidates are joined only where a language is asked for. */
function decisions({ language, person, since, until }: Only): string {
  const join = language === undefined ? '' : ' JOIN candidates c ON c.id = e.item AND c.language = @language';
  const parts = [
    "e.kind IN ('decide', 'write')",
    ...(person === undefined ? [] : ['e.person = @person']),
    ...(since === undefined ? [] : ['e.at >= @since']),
    ...(until === undefined ? [] : ['e.at < @until']),
  ];
  return `FROM events e${join} WHERE ${parts.join(' AND ')}`;
}

function questions({ language, person, since, until }: Only): string {
  const parts = [
    '1',
    ...(language === undefined ? [] : ['c.language = @language']),
    ...(person === undefined ? [] : ["s.state ->> 'decidedBy' = @person"]),
    ...(since === undefined ? [] : ["s.state ->> 'decidedAt' >= @since"]),
    ...(until === undefined ? [] : ["s.state ->> 'decidedAt' < @until"]),
  ];
  return `FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE ${parts.join(' AND ')}`;
}

function groups(key: string, only: Only): string {
  const count = (name: string, statuses: string): string =>
    `count(*) FILTER (WHERE s.status IN (${statuses})) AS ${name}`;
  const columns = [
    count('accepted', "'accepted'"),
    count('edited', "'edited'"),
    count('rejected', "'rejected'"),
    count('undecided', "'undecided', 'aside'"),
  ];
  return `SELECT ${key} AS key, ${columns.join(', ')} ${questions(only)} GROUP BY 1 ORDER BY 1`;
}

/** How many edited questions differ by how many words, ten and more together. */
function editDistances(
  rows: readonly { original: string; language: Language; question: string }[],
): { words: number; count: number }[] {
  const histogram = new Map<number, number>();
  for (const { original, question, language } of rows) {
    const parts = wordDiff(original, question, language);
    const words = Math.min(
      10,
      Math.max(...(['added', 'removed'] as const).map((kind) => parts.filter((part) => part.kind === kind).length)),
    );
    histogram.set(words, (histogram.get(words) ?? 0) + 1);
  }
  return [...histogram].sort(([left], [right]) => left - right).map(([words, count]) => ({ words, count }));
}
