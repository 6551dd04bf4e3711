import { expect, test } from 'vitest';
import { DuplicateFinder } from '../../../src-main/engine/io/near.ts';

test('of many texts that are alike each finds one, without being compared with all', () => {
  const texts = new Map<string, string>();
  let compared = 0;
  const finder = new DuplicateFinder((id) => {
    compared += 1;
    return texts.get(id) ?? '';
  });
  const count = 500;
  for (let index = 0; index < count; index += 1) {
    const id = String(index);
    const text = `Lighthouse number ${index} was built in 1850 by Ada Brook. It stands on a rock near Port Elm, and its lamp burns oil.`;
    const pair = finder.add(id, text, 'en');
    texts.set(id, text);
    if (index > 0) expect(pair?.similarity).toBeGreaterThan(0.8);
  }
  expect(compared).toBeLessThan(count * 5);
});
