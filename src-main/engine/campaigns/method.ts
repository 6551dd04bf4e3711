/** Fixed, so that the same scores give the same report everywhere. */
export const seed = 1;
export const resamples = 1000;
export const permutations = 10_000;
