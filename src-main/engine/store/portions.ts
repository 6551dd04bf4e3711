/** Milliseconds of work before other calls have their turn. */
const target = 25;
const least = 10;

/**
 * Does a long work part by part, with a `pause` between. `work` is given how many items to take, chosen by what the last
 * part took, and gives how many there were: fewer end it.
 */
export async function inPortions(work: (size: number) => number, pause: () => Promise<unknown>): Promise<void> {
  for (let size = 100; ;) {
    const started = performance.now();
    if (work(size) < size) return;
    const spent = Math.max(1, performance.now() - started);
    size = Math.max(least, Math.min(size * 2, Math.round((size * target) / spent)));
    await pause();
  }
}
