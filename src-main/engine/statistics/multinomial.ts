/**
 * Draws how often each of several kinds comes up when as many items as there are get drawn with replacement: exactly the
 * counts that drawing item by item would give, kind by kind as binomials of what is left. Fills the array it is given.
 */
export function multinomial(counts: ArrayLike<number>, random: () => number): (drawn: Float64Array) => void {
  const kinds = Array.from(counts);
  const total = kinds.reduce((sum, count) => sum + count, 0);
  return (drawn) => {
    let items = total; // left to draw
    let weight = total; // of the kinds left
    kinds.forEach((count, kind) => {
      const some = count >= weight ? items : binomial(items, count / weight, random);
      drawn[kind] = some;
      items -= some;
      weight -= count;
    });
  };
}

/** How many of `trials` succeed, each with the given chance. */
export function binomial(trials: number, chance: number, random: () => number): number {
  if (trials === 0 || chance <= 0) return 0;
  if (chance >= 1) return trials;
  if (chance > 0.5) return trials - binomial(trials, 1 - chance, random);
  return trials * chance < 10 ? byInversion(trials, chance, random) : byRejection(trials, chance, random);
}

/** Kachitvichyanukul and Schmeiser 1988, BINV: walks up the distribution, a step for each success. */
function byInversion(trials: number, chance: number, random: () => number): number {
  const odds = chance / (1 - chance);
  let left = random();
  let probability = (1 - chance) ** trials;
  let successes = 0;
  while (left > probability && successes < trials) {
    left -= probability;
    successes += 1;
    probability *= (odds * (trials - successes + 1)) / successes;
  }
  return successes;
}

/** Hörmann 1993, "The generation of binomial random variates", BTRS: transformed rejection with squeeze. */
function byRejection(trials: number, chance: number, random: () => number): number {
  const spread = Math.sqrt(trials * chance * (1 - chance));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * chance;
  const centre = trials * chance + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * spread;
  const logOdds = Math.log(chance / (1 - chance));
  const mode = Math.floor((trials + 1) * chance);
  const atMode = logFactorial(mode) + logFactorial(trials - mode);
  for (;;) {
    const u = random() - 0.5;
    const v = random();
    const us = 0.5 - Math.abs(u);
    const successes = Math.floor(((2 * a) / us + b) * u + centre);
    if (us >= 0.07 && v <= squeeze) return successes;
    if (successes < 0 || successes > trials) continue;
    const height = Math.log((v * alpha) / (a / (us * us) + b));
    const wanted = atMode - logFactorial(successes) - logFactorial(trials - successes) + (successes - mode) * logOdds;
    if (height <= wanted) return successes;
  }
}

const small = [0, 0];

/** The logarithm of n!, by sums below 128 and by Stirling's series above. */
function logFactorial(n: number): number {
  if (n < 128) {
    for (let at = small.length; at <= n; at += 1) small.push((small[at - 1] ?? 0) + Math.log(at));
    return small[n] ?? 0;
  }
  return (n + 0.5) * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI) + 1 / (12 * n) - 1 / (360 * n ** 3);
}
