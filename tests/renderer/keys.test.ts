import { expect, test } from 'vitest';
import { changeable, refusal } from '../../src-renderer/app/keyMap.ts';

const sources = import.meta.glob<string>(['../../src-renderer/app/**/*', '../../src-renderer/features/**/*'], {
  eager: true,
  query: '?raw',
  import: 'default',
});

test('a key is refused where it means something else, with what it means', () => {
  expect(refusal({}, 'A', 'J')).toBeNull();
  expect(refusal({}, 'A', 'X')).toEqual({ why: 'taken', by: 'cmd.reject' });
  expect(refusal({ X: 'K' }, 'A', 'X')).toBeNull();
  expect(refusal({ X: 'K' }, 'A', 'K')).toEqual({ why: 'taken', by: 'cmd.reject' });
  expect(refusal({ A: 'J' }, 'A', 'A')).toBeNull();
});

test('only letters and marks: digits number choices, + joins combinations', () => {
  for (const wanted of ['1', '+', ' ', 'Enter', 'ArrowUp', 'ㅁ', ''])
    expect(refusal({}, 'A', wanted)).toEqual({ why: 'not-a-key' });
  expect(refusal({}, 'A', ';')).toBeNull();
});

test('every bare letter and mark that the screens use can be changed', () => {
  const used = new Set<string>();
  for (const text of Object.values(sources))
    for (const [, list = ''] of text.matchAll(/(?:keys: |\(\s*'[\w.]+',\s*)\[([^\]]*)\]/g))
      for (const [, key = ''] of list.matchAll(/'([^\d\s'])'/g)) used.add(key);
  expect(used.size).toBeGreaterThan(15);
  expect([...used].sort()).toEqual(changeable.map(({ key }) => key).sort());
});
