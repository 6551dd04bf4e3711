import { endsAsQuestion, hasQuestionForm } from '../../shared/text/questionForms.ts';
import type { Language } from '../../shared/text/language.ts';
import { copiedShare, signalTokens } from '../../shared/text/signals.ts';
import { bleuStatistics, cocoBleu, sacreBleu, type BleuStatistics } from './bleu.ts';
import { chrf, chrfStatistics } from './chrf.ts';
import { meteorScore, meteorStatistics, type MeteorStatistics } from './meteor/score.ts';
import type { Meteor } from './meteor/settings.ts';
import { cocoRougeL, rougeLF1 } from './rouge.ts';
import { tokenise, tokenise13a, tokeniseZh, type TokenProfile } from './tokenise.ts';

/** One system's output for one passage, with every reference question of that passage. */
export type EvaluationItem = {
  id: string;
  output: string;
  references: readonly string[];
  passage?: string;
  /** All candidates of the passage, the output among them: what self-BLEU compares. */
  candidates?: readonly string[];
};

/** A metric's name, as tables show it. */
export type MetricName =
  | 'bleu1' | 'bleu2' | 'bleu3' | 'bleu4' | 'sacreBleu1' | 'sacreBleu2' | 'sacreBleu3' | 'sacreBleu' | 'rougeL' | 'rougeLF1' | 'meteor' | 'chrf' | 'selfBleu'
  | 'distinct1' | 'distinct2' | 'distinctOutputs' | 'copiedShare' | 'questionForm' | 'endMark'; // prettier-ignore

/**
 * A family of metrics that are functions of the same sums over items: `count` gives one item's numbers, `metrics` turn
 * sums into scores from 0 to 100. So a resample costs additions only, and the metrics of a family share them.
 */
export type Family = {
  width: number;
  count: (item: TokenisedItem) => readonly number[];
  metrics: readonly { metric: MetricName; variant: string; score: (sums: Float64Array, items: number) => number }[];
};

/** An item with its tokens under the profile. */
export type TokenisedItem = EvaluationItem & {
  tokens: readonly string[];
  referenceTokens: readonly (readonly string[])[];
};

/** Cuts an item's texts once for all metrics. */
export function tokeniseItem(item: EvaluationItem, language: Language, profile: TokenProfile): TokenisedItem {
  return {
    ...item,
    tokens: tokenise(item.output, language, profile),
    referenceTokens: item.references.map((reference) => tokenise(reference, language, profile)),
  };
}

/** Each family for a language and profile. Copied share needs passages, self-BLEU candidates. */
export function families(
  language: Language,
  profile: TokenProfile,
  meteor: Meteor,
  given: { passages: boolean; candidates: boolean },
): Family[] {
  const cut = language === 'zh' ? tokeniseZh : tokenise13a;
  const cutName = language === 'zh' ? 'zh' : '13a';
  const list: Family[] = [
    {
      width: 10,
      count: (item) => bleuRow(bleuStatistics({ output: item.tokens, references: item.referenceTokens })),
      metrics: (['bleu1', 'bleu2', 'bleu3', 'bleu4'] as const).map((metric, order) => ({
        metric,
        variant: 'coco',
        score: (sums) => 100 * (cocoBleu(bleuOf(sums))[order] ?? 0),
      })),
    },
    {
      width: 10,
      count: (item) => bleuRow(bleuStatistics({ output: cut(item.output), references: item.references.map(cut) })),
      metrics: (['sacreBleu1', 'sacreBleu2', 'sacreBleu3', 'sacreBleu'] as const).map((metric, order) => ({
        metric,
        variant: `smooth:exp|own-tok:${cutName}`,
        score: (sums) => sacreBleu(bleuOf(sums))[order] ?? 0,
      })),
    },
    mean('rougeL', 'coco|beta:1.2', (item) => cocoRougeL(item.tokens, item.referenceTokens)),
    mean('rougeLF1', 'f1', (item) => rougeLF1(item.tokens, item.referenceTokens)),
    {
      width: meteorKeys.length,
      count: (item) => {
        const statistics = meteorStatistics(
          meteor.words(item.tokens),
          item.referenceTokens.map((tokens) => meteor.words(tokens)),
          meteor.settings,
        );
        return meteorKeys.map((key) => statistics[key]);
      },
      metrics: [
        {
          metric: 'meteor',
          variant: meteor.variant,
          score: (sums) => 100 * meteorScore(meteorOf(sums), meteor.settings.parameters),
        },
      ],
    },
    {
      width: 18,
      count: (item) => chrfStatistics(item.output, item.references),
      metrics: [{ metric: 'chrf', variant: 'chrF2|order:6', score: (sums) => chrf(Array.from(sums)) }],
    },
    mean('questionForm', 'share', (item) => (hasQuestionForm(item.output, language) ? 1 : 0)),
    mean('endMark', 'share', (item) => (endsAsQuestion(item.output) ? 1 : 0)),
  ];
  if (given.candidates) {
    list.push({
      width: 10,
      count: (item) => {
        const outputs = (item.candidates ?? []).map((candidate) => tokenise(candidate, language, profile));
        return addRows(
          outputs.length < 2
            ? []
            : outputs.map((output, at) =>
                bleuRow(bleuStatistics({ output, references: outputs.filter((_other, place) => place !== at) })),
              ),
        );
      },
      metrics: [
        { metric: 'selfBleu', variant: 'coco|order:4', score: (sums) => 100 * (cocoBleu(bleuOf(sums))[3] ?? 0) },
      ],
    });
  }
  if (given.passages) {
    list.push(
      mean('copiedShare', 'ngram:3', (item) =>
        copiedShare(signalTokens(item.output, language), signalTokens(item.passage ?? '', language)),
      ),
    );
  }
  return list;
}

function mean(metric: MetricName, variant: string, score: (item: TokenisedItem) => number): Family {
  return {
    width: 1,
    count: (item) => [score(item)],
    metrics: [{ metric, variant, score: (sums, items) => (items === 0 ? 0 : (100 * (sums[0] ?? 0)) / items) }],
  };
}

function addRows(rows: readonly (readonly number[])[]): number[] {
  const sum = new Array<number>(10).fill(0);
  for (const row of rows) row.forEach((value, at) => (sum[at] = (sum[at] ?? 0) + value));
  return sum;
}

function bleuRow({ outputLength, referenceLength, matches, totals }: BleuStatistics): number[] {
  return [outputLength, referenceLength, ...matches, ...totals];
}

function bleuOf(sums: Float64Array): BleuStatistics {
  return {
    outputLength: sums[0] ?? 0,
    referenceLength: sums[1] ?? 0,
    matches: Array.from(sums.subarray(2, 6)),
    totals: Array.from(sums.subarray(6, 10)),
  };
}

const meteorKeys = [
  'outputContent', 'outputFunction', 'referenceContent', 'referenceFunction', 'matchedOutputContent',
  'matchedOutputFunction', 'matchedReferenceContent', 'matchedReferenceFunction', 'outputMatches', 'referenceMatches',
  'chunks',
] as const satisfies (keyof MeteorStatistics)[]; // prettier-ignore

function meteorOf(sums: Float64Array): MeteorStatistics {
  const statistics: Partial<MeteorStatistics> = {};
  meteorKeys.forEach((key, at) => (statistics[key] = sums[at] ?? 0));
  return statistics as MeteorStatistics;
}
