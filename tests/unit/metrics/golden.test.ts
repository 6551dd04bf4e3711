import { describe, expect, it } from 'vitest';
import { addBleu, bleuStatistics, cocoBleu, sacreBleu } from '../../../src-main/engine/metrics/bleu.ts';
import { addChrf, chrf, chrfStatistics } from '../../../src-main/engine/metrics/chrf.ts';
import { cocoRougeL } from '../../../src-main/engine/metrics/rouge.ts';
import { tokenise13a, tokeniseZh } from '../../../src-main/engine/metrics/tokenise.ts';
import expected from '../../golden/metrics/expected.json' with { type: 'json' };
import { itemsPerLanguage, synthetic, vocabularies } from '../../golden/metrics/synthetic.ts';

const spaces = (text: string): string[] => text.split(' ');

describe('equal to pycocoevalcap and sacrebleu', () => {
  it('has at least 10,000 pairs over five languages', () => {
    expect(itemsPerLanguage * Object.keys(vocabularies).length).toBeGreaterThanOrEqual(10_000);
    expect(Object.keys(expected.languages)).toHaveLength(5);
  });

  it.each(Object.entries(expected.languages))('%s', (language, golden) => {
    const items = synthetic(language);
    expect(items[0]).toEqual(golden.first);
    const pairs = items.map((item) => ({ output: spaces(item.output), references: item.references.map(spaces) }));
    const statistics = pairs.map(bleuStatistics);
    cocoBleu(addBleu(statistics)).forEach((score, order) => expect(score).toBeCloseTo(golden.cocoBleu[order] ?? -1, 9));
    const sentences = statistics.map((item) => cocoBleu(item)[3] ?? 0);
    golden.sentenceBleu4.forEach((score, index) => expect(sentences[index]).toBeCloseTo(score, 9));
    expect(sentences.reduce((sum, score) => sum + score, 0)).toBeCloseTo(golden.sentenceBleu4Sum, 6);
    const rouge = pairs.map((pair) => cocoRougeL(pair.output, pair.references));
    golden.rougeL.forEach((score, index) => expect(rouge[index]).toBeCloseTo(score, 9));
    expect(rouge.reduce((sum, score) => sum + score, 0) / rouge.length).toBeCloseTo(golden.cocoRougeL, 9);
    const sacre = (all: typeof statistics, scores: number[]): void => {
      expect(scores).toHaveLength(4);
      sacreBleu(addBleu(all)).forEach((score, order) => expect(score).toBeCloseTo(scores[order] ?? -1, 7));
    };
    sacre(statistics, golden.sacreNone);
    const cut = language === 'zh' ? tokeniseZh : tokenise13a;
    const own = items.map((item) => bleuStatistics({ output: cut(item.output), references: item.references.map(cut) }));
    sacre(own, golden.sacreOwn);
    expect(chrf(addChrf(items.map((item) => chrfStatistics(item.output, item.references))))).toBeCloseTo(
      golden.chrf,
      7,
    );
  });
});
