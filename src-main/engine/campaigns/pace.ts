import type { ReportSection } from '../../shared/contract/campaigns.ts';
import { words } from '../../shared/text/words.ts';
import { tooFast } from '../rounds/reading.ts';
import type { ScoreRow } from './scores.ts';
import type { Table } from './table.ts';

/** By rater, the questions scored faster than reading allows, those shown again too. Told and counted all the same. */
export function paceOf(table: Table): ReportSection['pace'] {
  return table.raters.flatMap((rater) => {
    const shown = shownTo(rater, [...table.first, ...table.repeated]);
    const seen = new Set<string>();
    let fast = 0;
    for (const { passage, question, language, words: passageWords, seconds } of shown) {
      if (tooFast(seconds, words(question, language).length, passageWords, !seen.has(passage))) fast += 1;
      seen.add(passage);
    }
    return shown.length === 0 ? [] : [{ rater, questions: shown.length, fast, share: fast / shown.length }];
  });
}

/** One row of each question that a rater scored, in the rater's order: its other rows are other criteria and systems. */
function shownTo(rater: string, rows: readonly ScoreRow[]): ScoreRow[] {
  const own = rows.filter((row) => row.rater === rater);
  const shown = new Map(own.map((row) => [`${row.item} ${row.repeat}`, row]));
  return [...shown.values()].sort((left, right) => left.position - right.position);
}
