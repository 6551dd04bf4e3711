/** Longer than this without a key or a move of the mouse is a pause, not reading. */
const idle = 90_000;

/** Time spent on what is shown: stands still in breaks, while the window is hidden and after a minute and a half of nothing. */
export class WorkTimer {
  private spent = 0;
  private since: number | null = null;
  private readonly now: () => number;

  constructor(now: () => number = () => performance.now()) {
    this.now = now;
  }

  /** A sign of work: a key, a move, a new question. */
  touch(): void {
    this.count();
    this.since = this.now();
  }

  pause(): void {
    this.count();
    this.since = null;
  }

  /** Seconds since the last call, then counts from nought. */
  take(): number {
    this.count();
    const seconds = this.spent / 1000;
    this.spent = 0;
    return Math.round(seconds * 10) / 10;
  }

  private count(): void {
    if (this.since === null) return;
    const now = this.now();
    this.spent += Math.min(now - this.since, idle);
    this.since = now;
  }
}
