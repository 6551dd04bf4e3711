/** Runs work units one at a time; interactive ones overtake bulk ones, even between the steps of a running bulk unit. */
import { cancelledError } from './errors.ts';

export type Priority = 'interactive' | 'bulk';

/** One batch. `pause` is awaited between steps. */
export type WorkUnit = (pause: () => Promise<void>) => Promise<void>;

interface QueuedUnit {
  readonly run: WorkUnit;
  readonly signal: AbortSignal | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

export class Scheduler {
  private readonly queues: Record<Priority, QueuedUnit[]> = { interactive: [], bulk: [] };
  private running = false;
  private draining: Promise<void> = Promise.resolve();

  /** Resolves when the unit has run. Rejects with its error, or 'cancelled' when it was aborted before it began. */
  add(priority: Priority, run: WorkUnit, signal?: AbortSignal): Promise<void> {
    const done = new Promise<void>((resolve, reject) => this.queues[priority].push({ run, signal, resolve, reject }));
    if (!this.running) this.draining = this.drain();
    return done;
  }

  /** Resolves when nothing runs or waits. */
  idle(): Promise<void> {
    return this.draining;
  }

  private async drain(): Promise<void> {
    this.running = true;
    for (;;) {
      await nextTurn();
      const unit = this.queues.interactive.shift();
      if (unit) {
        await this.runUnit(unit, nextTurn);
        continue;
      }
      const bulk = this.queues.bulk.shift();
      if (!bulk) break;
      await this.runUnit(bulk, () => this.overtake());
    }
    this.running = false;
  }

  /** Called between the steps of a bulk unit. */
  private async overtake(): Promise<void> {
    await nextTurn();
    for (let unit = this.queues.interactive.shift(); unit; unit = this.queues.interactive.shift()) {
      await this.runUnit(unit, nextTurn);
    }
  }

  private async runUnit(unit: QueuedUnit, pause: () => Promise<void>): Promise<void> {
    if (unit.signal?.aborted) {
      unit.reject(cancelledError());
      return;
    }
    try {
      await unit.run(pause);
      unit.resolve();
    } catch (error) {
      unit.reject(error);
    }
  }
}
