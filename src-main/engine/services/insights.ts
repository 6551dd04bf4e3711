import type { Handlers } from '../../shared/contract/define.ts';
import type { Contract } from '../../shared/contract/index.ts';
import type { Language, Reason } from '../../shared/contract/types.ts';
import { wordDiff } from '../../shared/text/words.ts';
import type { EngineContext } from '../context.ts';
import type { Project } from '../store/project.ts';

export function createInsights(context: EngineContext): Handlers<Contract>['insights'] {
  return {
    summary() {
      const project = context.project();
      const { database } = project;
      const seconds = database
        .prepare("SELECT seconds FROM events WHERE kind = 'decide' AND seconds > 0 ORDER BY seconds")
        .pluck()
        .all() as number[];
      return {
        counts: project.counts(),
        decisions: database
          .prepare("SELECT count(*) FROM events WHERE kind IN ('decide', 'write')")
          .pluck()
          .get() as number,
        secondsPerDecision: seconds[Math.floor(seconds.length / 2)] ?? null,
        byLanguage: groups(project, 'c.language'),
        byGenerator: groups(project, "c.lineage ->> 'generatorName'"),
        byReason: database
          .prepare(
            "SELECT state ->> 'reason' AS reason, count(*) AS count FROM states WHERE status = 'rejected' GROUP BY 1 ORDER BY 2 DESC",
          )
          .all() as { reason: Reason; count: number }[],
        perHour: database
          .prepare(
            "SELECT at / 3600000 * 3600000 AS hour, count(*) AS decisions FROM events WHERE kind IN ('decide', 'write') GROUP BY 1 ORDER BY 1",
          )
          .all() as { hour: number; decisions: number }[],
        editDistance: editDistances(project),
      };
    },
  };
}

function groups(
  project: Project,
  key: string,
): { key: string; accepted: number; edited: number; rejected: number; undecided: number }[] {
  return project.database
    .prepare(
      `SELECT ${key} AS key, count(*) FILTER (WHERE s.status = 'accepted') AS accepted, count(*) FILTER (WHERE s.status = 'edited') AS edited,
       count(*) FILTER (WHERE s.status = 'rejected') AS rejected, count(*) FILTER (WHERE s.status IN ('undecided', 'aside')) AS undecided
       FROM candidates c JOIN states s ON s.candidate_id = c.id GROUP BY 1 ORDER BY 1`,
    )
    .all() as ReturnType<typeof groups>;
}

/** How many edited questions differ by how many words, ten and more together. */
function editDistances(project: Project): { words: number; count: number }[] {
  const rows = project.database
    .prepare(
      "SELECT c.original, c.language, s.state ->> 'question' AS question FROM candidates c JOIN states s ON s.candidate_id = c.id WHERE s.status = 'edited'",
    )
    .all() as { original: string; language: Language; question: string }[];
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
