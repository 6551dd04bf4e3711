import { endsAsQuestion, hasQuestionForm } from '../../shared/text/questionForms.ts';
import type { Language } from '../../shared/text/language.ts';
import { copiedShare, signalTokens } from '../../shared/text/signals.ts';
import { addBleu, bleuStatistics, cocoBleu, sacreBleu } from './bleu.ts';
import { bootstrapInterval, pairedBootstrap, type Interval, type PairedDifference } from '../statistics/bootstrap.ts';
import { addChrf, chrf, chrfStatistics } from './chrf.ts';
import { distinctShare } from './diversity.ts';
import { addMeteor, meteorScore, meteorStatistics } from './meteor.ts';
import { cocoRougeL, rougeLF1 } from './rouge.ts';
import { tokenise, tokenise13a, tokeniserVersion, tokeniseZh, type TokenProfile } from './tokenise.ts';

/** One system's output for one passage, with every reference question of that passage. */
export type EvaluationItem = { id: string; output: string; references: readonly string[]; passage?: string };

/** How to score. */
export type EvaluationOptions = { language: Language; profile: TokenProfile; samples?: number; seed?: number };

/** A metric's name, as tables show it. */
export type MetricName =
  | 'bleu1' | 'bleu2' | 'bleu3' | 'bleu4' | 'sacreBleu' | 'rougeL' | 'rougeLF1' | 'meteor' | 'chrf'
  | 'distinct1' | 'distinct2' | 'distinctOutputs' | 'copiedShare' | 'questionForm' | 'endMark'; // prettier-ignore

/** A number from 0 to 100 with its 95 % interval; numbers of different signatures do not belong in one column. */
export type MetricValue = { metric: MetricName; score: Interval; signature: string };

/** Two systems on the same items: the first minus the second. */
export type MetricComparison = { metric: MetricName; difference: PairedDifference; signature: string };

type Scorer = { metric: MetricName; variant: string; score: (items: readonly number[]) => number };

function scorers(items: readonly EvaluationItem[], { language, profile }: EvaluationOptions): Scorer[] {
  const pairs = items.map((item) => ({
    output: tokenise(item.output, language, profile),
    references: item.references.map((reference) => tokenise(reference, language, profile)),
  }));
  const counted = pairs.map(bleuStatistics);
  const cut = language === 'zh' ? tokeniseZh : tokenise13a;
  const sacre = items.map((item) => bleuStatistics({ output: cut(item.output), references: item.references.map(cut) }));
  const characters = items.map((item) => chrfStatistics(item.output, item.references));
  const aligned = pairs.map((pair) => meteorStatistics(pair.output, pair.references));
  const pick = <Value>(values: readonly Value[], chosen: readonly number[]): Value[] =>
    chosen.flatMap((index) => (index in values ? [values[index] as Value] : []));
  const mean = (values: readonly number[]) => (chosen: readonly number[]) =>
    chosen.length === 0 ? 0 : (100 * pick(values, chosen).reduce((sum, value) => sum + value, 0)) / chosen.length;
  const bleu = (order: number) => (chosen: readonly number[]) =>
    100 * (cocoBleu(addBleu(pick(counted, chosen)))[order] ?? 0);
  const outputs = pairs.map((pair) => pair.output);
  const list: Scorer[] = [
    { metric: 'bleu1', variant: 'coco', score: bleu(0) },
    { metric: 'bleu2', variant: 'coco', score: bleu(1) },
    { metric: 'bleu3', variant: 'coco', score: bleu(2) },
    { metric: 'bleu4', variant: 'coco', score: bleu(3) },
    {
      metric: 'sacreBleu',
      variant: `smooth:exp|own-tok:${language === 'zh' ? 'zh' : '13a'}`,
      score: (chosen) => sacreBleu(addBleu(pick(sacre, chosen))),
    },
    {
      metric: 'rougeL',
      variant: 'coco|beta:1.2',
      score: mean(pairs.map((pair) => cocoRougeL(pair.output, pair.references))),
    },
    { metric: 'rougeLF1', variant: 'f1', score: mean(pairs.map((pair) => rougeLF1(pair.output, pair.references))) },
    {
      metric: 'meteor',
      variant: 'params:en-1.5|stages:exact',
      score: (chosen) => 100 * meteorScore(addMeteor(pick(aligned, chosen))),
    },
    { metric: 'chrf', variant: 'chrF2|order:6', score: (chosen) => chrf(addChrf(pick(characters, chosen))) },
    { metric: 'distinct1', variant: 'share', score: (chosen) => 100 * distinctShare(pick(outputs, chosen), 1) },
    { metric: 'distinct2', variant: 'share', score: (chosen) => 100 * distinctShare(pick(outputs, chosen), 2) },
    { metric: 'distinctOutputs', variant: 'share', score: (chosen) => shareDistinct(pick(items, chosen)) },
    {
      metric: 'questionForm',
      variant: 'share',
      score: mean(items.map((item) => (hasQuestionForm(item.output, language) ? 1 : 0))),
    },
    { metric: 'endMark', variant: 'share', score: mean(items.map((item) => (endsAsQuestion(item.output) ? 1 : 0))) },
  ];
  if (items.every((item) => item.passage !== undefined)) {
    const copied = items.map((item) =>
      copiedShare(signalTokens(item.output, language), signalTokens(item.passage ?? '', language)),
    );
    list.push({ metric: 'copiedShare', variant: 'ngram:3', score: mean(copied) });
  }
  return list;
}

function shareDistinct(items: readonly EvaluationItem[]): number {
  return items.length === 0 ? 0 : (100 * new Set(items.map((item) => item.output)).size) / items.length;
}

function signature(scorer: Scorer, items: readonly EvaluationItem[], { language, profile }: EvaluationOptions): string {
  const most = Math.max(0, ...items.map((item) => item.references.length));
  return `metric:${scorer.metric}|${scorer.variant}|tok:${profile}-${tokeniserVersion}|lang:${language}|refs:1-${String(most)}|n:${String(items.length)}|asklab:1`;
}

/** Every metric of one system, each with its signature and a bootstrap interval over items. */
export function evaluate(items: readonly EvaluationItem[], options: EvaluationOptions): MetricValue[] {
  return scorers(items, options).map((scorer) => ({
    metric: scorer.metric,
    // A resample repeats items, which would only lower the shares of distinct things: those carry no interval.
    score: scorer.metric.startsWith('distinct')
      ? bootstrapInterval(1, () => scorer.score(items.map((_item, index) => index)), options)
      : bootstrapInterval(items.length, scorer.score, options),
    signature: signature(scorer, items, options),
  }));
}

/** Compares two systems on the items both have, by paired bootstrap. The items must stand in the same order. */
export function compare(
  items: readonly EvaluationItem[],
  others: readonly EvaluationItem[],
  options: EvaluationOptions,
): MetricComparison[] {
  if (items.length !== others.length || items.some((item, index) => item.id !== others[index]?.id)) {
    throw new Error('The two systems do not answer the same items in the same order.');
  }
  const theirs = scorers(others, options);
  return scorers(items, options).flatMap((scorer) => {
    const other = theirs.find((candidate) => candidate.metric === scorer.metric);
    if (other === undefined || scorer.metric.startsWith('distinct')) return [];
    const difference = pairedBootstrap(items.length, scorer.score, other.score, options);
    return [{ metric: scorer.metric, difference, signature: signature(scorer, items, options) }];
  });
}
