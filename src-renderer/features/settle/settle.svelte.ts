import type { Client } from '../../../src-main/shared/contract/define.ts';
import type { Contract } from '../../../src-main/shared/contract/index.ts';
import type { Dispute } from '../../../src-main/shared/contract/rounds.ts';
import type { Reason } from '../../../src-main/shared/contract/types.ts';
import { engine } from '../../app/client.ts';
import { frame } from '../../app/frame.svelte.ts';
import { errorText, t } from '../../app/i18n.ts';
import { preferences } from '../../app/preferences.svelte.ts';

type Settled = Awaited<ReturnType<Client<Contract>['settling']['settle']>>;
export type Mode = 'list' | 'edit' | 'reasons' | 'note' | 'back';

/** The questions on which people differ, one at a time. */
export class Settle {
  dispute = $state.raw<Dispute | null>(null);
  position = $state(0);
  total = $state(0);
  waiting = $state(0);
  agreed = $state(0);
  undoLabel = $state<string | null>(null);
  redoLabel = $state<string | null>(null);
  mode = $state<Mode>('list');
  text = $state('');
  alike = $state(true); // one fix for the same wording on the same passage
  loaded = $state(false);
  focused = $state(false);
  failure = $state.raw<{ message: string; retry: () => void } | null>(null);
  #busy = false;
  #shownAt = Date.now();

  get keysAct(): boolean {
    return this.mode === 'list' && this.focused && preferences.letters && this.dispute !== null;
  }

  async load(step: 'here' | 'next' | 'previous' = 'here'): Promise<void> {
    try {
      const { dispute } = this;
      const around = dispute && { roundId: dispute.roundId, item: dispute.item };
      const answer = await engine.settling.queue({ around, step, place: Math.max(1, this.position) });
      const changed = answer.dispute?.item !== dispute?.item;
      this.dispute = answer.dispute;
      this.position = answer.position;
      this.total = answer.total;
      this.waiting = answer.waiting;
      this.agreed = answer.agreed;
      this.undoLabel = answer.undo;
      this.redoLabel = answer.redo;
      this.loaded = true;
      if (changed) {
        this.mode = 'list';
        this.alike = true;
        this.#shownAt = Date.now();
        if (answer.dispute !== null) frame.announce(answer.dispute.current);
      }
    } catch (error) {
      this.fail(error, () => void this.load(step));
    }
  }

  /** The queue has changed. What this person just did reads it anew itself: shown before, the next key would find it at work still. */
  arrived(): void {
    if (!this.#busy && this.mode === 'list' && this.dispute === null) void this.load();
  }

  accept(question?: string): void {
    const { dispute } = this;
    if (dispute === null) return;
    const { roundId, item } = dispute;
    void this.#write(() =>
      engine.settling.settle({
        roundId,
        item,
        verdict: 'accept',
        seconds: this.#seconds(),
        alike: this.alike,
        ...(question ? { question } : {}),
      }),
    );
  }
  reject(reason: Reason, note?: string): void {
    const { dispute } = this;
    if (dispute === null) return;
    if (reason === 'other' && note === undefined) {
      this.text = '';
      this.mode = 'note';
      return;
    }
    const { roundId, item } = dispute;
    void this.#write(() =>
      engine.settling.settle({
        roundId,
        item,
        verdict: 'reject',
        reason,
        seconds: this.#seconds(),
        alike: this.alike,
        ...(note ? { note } : {}),
      }),
    );
  }
  #seconds(): number {
    return Math.round((Date.now() - this.#shownAt) / 100) / 10;
  }
  sendBack(note: string): void {
    const { dispute } = this;
    if (dispute === null || note.trim() === '') return;
    const { roundId, item } = dispute;
    void this.#write(() => engine.settling.sendBack({ roundId, item, note }));
  }
  async step(which: 'undo' | 'redo'): Promise<void> {
    await this.#write(() => (which === 'undo' ? engine.settling.undo({}) : engine.settling.redo({})));
  }

  async #write(call: () => Promise<Settled>): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    try {
      const answer = await call();
      frame.savedAt = answer.savedAt;
      this.failure = null;
      this.mode = 'list';
      if (answer.changed > 1) frame.notify(t('settle.alikeDone', { count: answer.changed }));
      await this.load(); // what was settled has left the queue: the one that took its place
    } catch (error) {
      this.fail(error, () => void this.#write(call));
    } finally {
      this.#busy = false;
    }
  }
  fail(error: unknown, retry: () => void): void {
    this.failure = { message: errorText(error), retry };
    frame.assertive = errorText(error);
  }
}
