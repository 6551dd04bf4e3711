import type { MergedFile, RoundAgreement, RoundSummary } from '../../../src-main/shared/contract/rounds.ts';
import { engine } from '../../app/client.ts';
import { frame } from '../../app/frame.svelte.ts';
import { errorText, t } from '../../app/i18n.ts';
import { merging } from '../../app/merging.svelte.ts';

/** The project's rounds, the one looked at, and what came back. */
export class Rounds {
  list = $state.raw<RoundSummary[]>([]);
  currentId = $state<string | null>(null);
  making = $state(false);
  loaded = $state(false);
  merged = $state.raw<MergedFile[]>([]);
  agreement = $state.raw<RoundAgreement | null>(null);
  share = $state<number | null>(null); // of the agreement under way
  failure = $state<string | null>(null);
  #stop: AbortController | null = null;

  /** No derived: commands and late answers ask for it when the screen has gone, where a derived would stand still. */
  get current(): RoundSummary | null {
    return this.list.find((round) => round.id === this.currentId) ?? this.list[0] ?? null;
  }

  async load(): Promise<void> {
    try {
      this.list = (await engine.rounds.list({})).filter((round) => round.kind !== 'score');
    } catch (error) {
      this.fail(error);
    }
    this.loaded = true;
  }
  select(id: string): void {
    this.currentId = id;
    this.making = false;
    this.agreement = null;
    this.#stop?.abort();
  }
  fail(error: unknown): void {
    this.failure = errorText(error);
    frame.assertive = this.failure;
  }

  async writePackages(): Promise<void> {
    const { current } = this;
    const [folder] = (await window.asklabDesktop?.openFileDialog({ kind: 'folder' })) ?? [];
    if (current === null || folder === undefined) return;
    try {
      const files = await engine.rounds.writePackages({ roundId: current.id, folder });
      const first = files[0]?.path;
      frame.notify(
        t('rounds.written', { count: files.length }),
        first === undefined
          ? undefined
          : { label: t('check.showFile'), run: () => void window.asklabDesktop?.revealPath(first) },
      );
      await this.load();
    } catch (error) {
      this.fail(error);
    }
  }

  async merge(paths?: readonly string[]): Promise<void> {
    const files = paths ?? (await window.asklabDesktop?.openFileDialog({ kind: 'return', multiple: true })) ?? [];
    if (files.length === 0) return;
    try {
      this.merged = await merging.run(files);
      this.agreement = null;
      if (this.merged.length === files.length)
        frame.announce(t('rounds.mergedCount', { count: this.merged.filter((one) => one.refused === null).length }));
      await this.load();
    } catch (error) {
      this.fail(error);
    }
  }

  /** Agreement takes seconds on large rounds; choosing another round stops it. */
  async compare(): Promise<void> {
    const { current } = this;
    if (current === null) return;
    this.#stop?.abort();
    const stop = (this.#stop = new AbortController());
    this.share = 0;
    try {
      const found = await engine.rounds.agreement({ roundId: current.id }, { signal: stop.signal });
      if (!stop.signal.aborted) this.agreement = found;
    } catch (error) {
      if (!stop.signal.aborted) this.fail(error);
    } finally {
      if (this.#stop === stop) this.share = null;
    }
  }
  stop(): void {
    this.#stop?.abort();
    this.share = null;
  }
  async close(): Promise<void> {
    if (this.current === null) return;
    await engine.rounds.close({ roundId: this.current.id }).catch((error: unknown) => this.fail(error));
    await this.load();
  }
}
