import { setImmediate as turn } from 'node:timers/promises';
import type { CampaignReport, ReportSection } from '../../shared/contract/campaigns.ts';
import { language as languageSchema, type Language } from '../../shared/contract/types.ts';
import { agreementOf, repeatsOf, systemOrderOf } from './consistency.ts';
import { differencesOf, powerOf } from './differences.ts';
import { readingRule } from '../rounds/reading.ts';
import { paceOf } from './pace.ts';
import { readingLists } from './reading.ts';
import { rounded } from './numbers.ts';
import type { ScoreRow } from './scores.ts';
import { averageName, Table } from './table.ts';
import { permutations, resamples, Resamples, seed } from './method.ts';

/** What made the numbers: two reports are comparable only when these are equal. */
const method = [
  'asklab-scoring-3',
  'mean of the passages\u2019 means over raters, 0 where a system has no question',
  `95% interval by ${resamples} bootstrap resamples of passages`,
  `paired permutation test with ${permutations} sign flips of passages, two-sided, Holm over the pairs of systems, the criteria together and the average apart`,
  'Krippendorff\u2019s alpha, ordinal',
  'Spearman correlation, mean of the pairs of raters',
  `speed flag: ${readingRule}`,
  `seed ${seed}`,
].join('; ');

/**
 * Table 5 of the paper with what it lacks: intervals, tests and agreement. A pure function of the rows and their order, so
 * that the exported CSV alone gives the same report. `checkpoint` lets other work in and may throw to cancel.
 */
export async function reportOf(
  rows: readonly ScoreRow[],
  checkpoint: () => Promise<void> = async () => void (await turn()),
): Promise<CampaignReport> {
  const systems = new Map(rows.map((row) => [row.system, row.human]));
  const criteria = [...new Set(rows.map((row) => row.criterion))];
  const raters = [...new Set(rows.flatMap((row) => (row.rater === '' ? [] : [row.rater])))];
  const languages = languageSchema.options.filter((one) => rows.some((row) => row.language === one));
  const sections: ReportSection[] = [];
  const parts = languages.length > 1 ? [null, ...languages] : [null];
  for (const language of parts) {
    const own = language === null ? rows : rows.filter((row) => row.language === language);
    sections.push(await sectionOf(new Table(own, [...systems.keys()], criteria, raters), language, checkpoint));
  }
  return {
    campaign: rows[0]?.campaign ?? '',
    method,
    criteria,
    systems: [...systems].map(([name, human]) => ({ name, human })),
    raters,
    sections,
  };
}

async function sectionOf(
  table: Table,
  language: Language | null,
  checkpoint: () => Promise<void>,
): Promise<ReportSection> {
  const measures = [...table.criteria, averageName];
  const draws = new Resamples(table.passages.length);
  const means: ReportSection['table'] = [];
  for (const system of table.systems) {
    for (const measure of measures) {
      means.push({
        system,
        criterion: measure,
        mean: rounded(draws.mean(table.passageMeans(system, measure))),
        scores: table.scoreCount(system, measure),
      });
    }
    await checkpoint();
  }
  const byRater = table.raters.flatMap((rater) =>
    table.systems.flatMap((system) =>
      measures.map((measure) => ({ rater, system, criterion: measure, mean: table.raterMean(rater, system, measure) })),
    ),
  );
  const agreement: ReportSection['agreement'] = [];
  for (const criterion of table.criteria) {
    agreement.push(await agreementOf(table, criterion));
    await checkpoint();
  }
  return {
    language,
    passages: table.passages.length,
    items: table.items.length,
    scores: table.first.length,
    table: means,
    unanswered: table.systems.flatMap((system) => {
      const passages = table.unanswered.get(system)?.size ?? 0;
      return passages === 0 ? [] : [{ system, passages, answered: rounded(table.answeredMean(system)) }];
    }),
    byRater: byRater.map((entry) => rounded(entry)),
    agreement: agreement.map((entry) => rounded(entry)),
    systemOrder: rounded(systemOrderOf(table)),
    pace: rounded(paceOf(table)),
    repeats: repeatsOf(table).map((entry) => rounded(entry)),
    differences: rounded(await differencesOf(table, draws, checkpoint)),
    power: rounded(powerOf(table)),
    ...rounded(readingLists(table)),
  };
}
