const pause = 500; // milliseconds

/** The moment between the last decision on a passage and the next passage, in Review and in Check. */
export class Turning {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #last: string | null = null;

  /** Turns in a moment. `decision`: what was decided, on what. */
  begin(decision: readonly unknown[], turn: () => void): void {
    clearTimeout(this.#timer);
    this.#last = JSON.stringify(decision);
    this.#timer = setTimeout(turn, pause);
  }
  /** The same key before the passage turns was meant for the next one, which nobody has read yet. */
  repeats(decision: readonly unknown[]): boolean {
    return this.#last === JSON.stringify(decision);
  }
  /** Somebody else turns. */
  hold(): void {
    clearTimeout(this.#timer);
  }
  /** Another passage is shown, or the decision was taken back. */
  end(): void {
    clearTimeout(this.#timer);
    this.#last = null;
  }
}
