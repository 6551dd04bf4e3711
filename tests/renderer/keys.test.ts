import { expect, test } from 'vitest';
import { changeable, refusal } from '../../src-renderer/app/keyMap.ts';
import { matches, pressedKeys, type KeyPress } from '../../src-renderer/app/keys.ts';

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

test('a combination becomes a combination, never one of a field itself', () => {
  for (const wanted of ['J', 'Ctrl+C', 'Alt+J', 'Ctrl+Escape', 'Ctrl+'])
    expect(refusal({}, 'Ctrl+Z', wanted)).toEqual({ why: 'not-a-combination' });
  expect(refusal({}, 'A', 'Ctrl+J')).toEqual({ why: 'not-a-key' });
  for (const wanted of ['Ctrl+J', 'Ctrl+Shift+J', 'Ctrl+;', 'Ctrl+9', 'Ctrl+Delete'])
    expect(refusal({}, 'Ctrl+Z', wanted)).toBeNull();
  expect(refusal({}, 'Ctrl+Z', 'Ctrl+F')).toEqual({ why: 'taken', by: 'cmd.filter' });
  expect(refusal({ 'Ctrl+F': 'Ctrl+J' }, 'Ctrl+Z', 'Ctrl+F')).toBeNull();
});

test('a press is written as commands name it, and matches that name', () => {
  const press = (key: string, shiftKey = false): KeyPress => {
    return { key, code: '', ctrlKey: true, metaKey: false, altKey: false, shiftKey };
  };
  expect(pressedKeys(press('z', true))).toBe('Ctrl+Shift+Z');
  expect(pressedKeys(press('?', true))).toBe('Ctrl+?');
  expect(pressedKeys({ ...press('ㅋ'), code: 'KeyZ' })).toBe('Ctrl+Z');
  for (const one of [press('z', true), press('?', true), press('+', true), press('Enter'), press('1')])
    expect(matches(one, pressedKeys(one))).toBe(true);
});

test('every letter, mark and combination that the screens use can be changed', () => {
  const used = new Set(Array.from({ length: 7 }, (_, place) => `Ctrl+${place + 1}`)); // the places, by their order
  for (const [file, text] of Object.entries(sources)) {
    if (/keyMap|app\/keys|commands\.svelte/.test(file)) continue;
    for (const [, list = ''] of text.matchAll(/(?:keys: |\(\s*'[\w.]+',\s*)\[([^\]]*)\]/g))
      for (const [, key = ''] of list.matchAll(/'([^\d\s'])'/g)) used.add(key);
    for (const [, key = ''] of text.matchAll(/'(Ctrl\+[^'\s]+)'/g)) used.add(key);
  }
  expect(used.size).toBeGreaterThan(40);
  expect([...used].sort()).toEqual(changeable.map(({ key }) => key).sort());
});
