import { describe, expect, it } from 'vitest';
import { planBatches } from '../../src-main/inference/batching.ts';
import { Scheduler } from '../../src-main/inference/scheduler.ts';

describe('scheduler', () => {
  it('lets an interactive unit overtake queued bulk units and the running one between its steps', async () => {
    const scheduler = new Scheduler();
    const order: string[] = [];
    let interactive: Promise<void> | null = null;
    const bulk = ['a', 'b'].map((name) =>
      scheduler.add('bulk', async (pause) => {
        for (let step = 0; step < 3; step++) {
          order.push(`${name}${step}`);
          if (name === 'a' && step === 0)
            interactive = scheduler.add('interactive', async () => {
              order.push('now');
            });
          await pause();
        }
      }),
    );
    await Promise.all(bulk);
    await interactive;
    expect(order).toEqual(['a0', 'now', 'a1', 'a2', 'b0', 'b1', 'b2']);
  });

  it('does not begin a cancelled unit and goes on after a failed one', async () => {
    const scheduler = new Scheduler();
    const controller = new AbortController();
    const failed = scheduler.add('bulk', async () => {
      throw new Error('broken');
    });
    const cancelled = scheduler.add('bulk', async () => undefined, controller.signal);
    const last = scheduler.add('bulk', async () => undefined);
    controller.abort();
    await expect(failed).rejects.toThrow('broken');
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    await expect(last).resolves.toBeUndefined();
  });
});

describe('batches', () => {
  const none = (): number => 0;
  it('sorts by length and keeps within the padded tokens', () => {
    expect(planBatches([10, 50, 11, 49, 9], none, { tokens: 102, bytes: 1, passages: 64 })).toEqual([
      [1, 3],
      [2, 0, 4],
    ]);
  });
  it('keeps within the memory budget, and a passage that exceeds it goes alone', () => {
    expect(planBatches([5, 5, 5], () => 10, { tokens: 1000, bytes: 20, passages: 64 })).toEqual([[0, 1], [2]]);
    expect(planBatches([5, 5], () => 100, { tokens: 1000, bytes: 20, passages: 64 })).toEqual([[0], [1]]);
  });
});
