import type { Snippet } from 'svelte';

/** What a screen puts into the frame around it: its part of the bar, the progress line, the saved time, notices. */
class Frame {
  title = $state<string | null>(null);
  bar = $state.raw<Snippet | null>(null); // left, after the title
  barEnd = $state.raw<Snippet | null>(null); // right, before jobs and search
  progress = $state<number | null>(null); // 0 to 1
  savedAt = $state<number | null>(null);
  notice = $state.raw<{ text: string; kind?: 'error'; action?: { label: string; run: () => void } } | null>(null);
  polite = $state('');
  assertive = $state('');
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** A wide change: a line above the hints for eight seconds. */
  notify(text: string, action?: { label: string; run: () => void }): void {
    clearTimeout(this.#timer);
    this.notice = action ? { text, action } : { text };
    this.polite = text;
    this.#timer = setTimeout(() => (this.notice = null), 8000);
  }
  /** What was told is no longer so, as after an undo; an error stays. */
  dismiss(): void {
    if (this.notice?.kind !== 'error') this.notice = null;
  }
  /** What went wrong, until it is closed. */
  fail(text: string): void {
    clearTimeout(this.#timer);
    this.notice = { text, kind: 'error' };
  }
  /** Read out by a screen reader; shown nowhere. */
  announce(text: string): void {
    this.polite = text;
  }
}

export const frame = new Frame();
