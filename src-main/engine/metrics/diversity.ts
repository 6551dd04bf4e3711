import { addBleu, bleuStatistics, cocoBleu } from './bleu.ts';
import { countNgrams } from './ngrams.ts';

/** Share of different n-grams among all n-grams of all outputs. */
export function distinctShare(outputs: readonly (readonly string[])[], order: number): number {
  const seen = new Set<string>();
  let total = 0;
  for (const output of outputs) {
    for (const [key, count] of countNgrams(output, order)) {
      seen.add(key);
      total += count;
    }
  }
  return total === 0 ? 0 : seen.size / total;
}

/** BLEU-4 of each candidate of a passage against its siblings, over all passages with two or more; high means alike. */
export function selfBleu(groups: readonly (readonly (readonly string[])[])[]): number {
  const statistics = groups.flatMap((group) =>
    group.length < 2
      ? []
      : group.map((output, index) =>
          bleuStatistics({ output, references: group.filter((_other, at) => at !== index) }),
        ),
  );
  return statistics.length === 0 ? 0 : (cocoBleu(addBleu(statistics))[3] ?? 0);
}
