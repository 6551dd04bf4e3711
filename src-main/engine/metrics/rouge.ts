/** Length of the longest common subsequence of two token lists. */
export function commonSubsequence(left: readonly string[], right: readonly string[]): number {
  const [long, short] = left.length < right.length ? [right, left] : [left, right];
  const row = new Uint32Array(short.length + 1);
  for (const token of long) {
    let diagonal = 0;
    for (let at = 1; at <= short.length; at += 1) {
      const above = row[at] ?? 0;
      row[at] = short[at - 1] === token ? diagonal + 1 : Math.max(above, row[at - 1] ?? 0);
      diagonal = above;
    }
  }
  return row[short.length] ?? 0;
}

/** ROUGE-L of one output as pycocoevalcap computes it: best precision and best recall of any reference, beta 1.2. */
export function cocoRougeL(output: readonly string[], references: readonly (readonly string[])[]): number {
  if (output.length === 0) return 0;
  let precision = 0;
  let recall = 0;
  for (const reference of references) {
    const common = commonSubsequence(output, reference);
    precision = Math.max(precision, common / output.length);
    recall = Math.max(recall, reference.length === 0 ? 0 : common / reference.length);
  }
  if (precision === 0 || recall === 0) return 0;
  const weight = 1.2 ** 2;
  return ((1 + weight) * precision * recall) / (recall + weight * precision);
}

/** ROUGE-L F1 of one output against its best reference. */
export function rougeLF1(output: readonly string[], references: readonly (readonly string[])[]): number {
  let best = 0;
  for (const reference of references) {
    const length = output.length + reference.length;
    if (length > 0) best = Math.max(best, (2 * commonSubsequence(output, reference)) / length);
  }
  return best;
}
