import { expect, test } from 'vitest';
import { DuplicateFinder } from '../../../src-main/engine/io/near.ts';
import { fingerprint } from '../../../src-main/shared/text/fingerprint.ts';

test('of many texts that are alike each finds one, without being compared with all', () => {
  const texts: string[] = [];
  let compared = 0;
  const finder = new DuplicateFinder((number) => {
    compared += 1;
    return texts[number] ?? '';
  });
  const count = 500;
  for (let index = 0; index < count; index += 1) {
    const text = `Lighthouse number ${index} was built in 1850 by Ada Brook. It stands on a rock near Port Elm, and its lamp burns oil.`;
    texts.push(text);
    const pair = finder.add(index, fingerprint(text, 'en'), 'en');
    if (index > 0) expect(pair?.similarity).toBeGreaterThan(0.8);
  }
  expect(compared).toBeLessThan(count * 9);
});
