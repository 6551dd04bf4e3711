import { expect, test } from 'vitest';
import { WorkTimer } from '../../src-renderer/features/score/timer.ts';

test('work is counted; breaks, a hidden window and long silence are not', () => {
  let now = 0;
  const timer = new WorkTimer(() => now);
  timer.touch();
  now += 4000;
  timer.touch();
  now += 2500;
  expect(timer.take()).toBe(6.5);
  now += 1000;
  timer.pause();
  now += 600_000;
  timer.touch();
  now += 2000;
  expect(timer.take()).toBe(3);
  now += 3_600_000; // away without a break
  timer.touch();
  expect(timer.take()).toBe(90);
  expect(timer.take()).toBe(0);
});
