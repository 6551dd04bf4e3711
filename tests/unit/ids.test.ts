import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Clock, contentId, uuidV7 } from '../../src-main/engine/store/ids.ts';

const time = fc.integer({ min: 0, max: 2 ** 44 });

test('ids are UUIDs of version 7 that sort by their time', () => {
  fc.assert(
    fc.property(time, time, (left, right) => {
      const ids = [uuidV7(left), uuidV7(right)] as const;
      for (const id of ids)
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
      if (left !== right) expect(ids[0] < ids[1]).toBe(left < right);
      expect(Number.parseInt(ids[0].replaceAll('-', '').slice(0, 12), 16)).toBe(left);
    }),
  );
  expect(new Set(Array.from({ length: 1000 }, () => uuidV7(0))).size).toBe(1000);
});

test('a clock never runs backwards: not when the wall clock does, not after what another device saw, not after a restart', () => {
  const step = fc.oneof(
    fc.record({ now: time }),
    fc.record({ other: time }), // an event of a device whose clock stands there
    fc.constant({ restart: true }),
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => {
      let clock = new Clock('one', null);
      const other = new Clock('two', null);
      let last = '';
      for (const one of steps) {
        if ('restart' in one) clock = new Clock('one', last === '' ? null : last);
        else if ('other' in one) {
          const seen = other.next(one.other);
          clock.observe(seen);
          if (seen > last) last = seen;
        } else {
          const next = clock.next(one.now);
          expect(next > last).toBe(true);
          // It stays at the wall clock unless something later was seen.
          const wall = one.now.toString(16).padStart(12, '0');
          expect(next.slice(0, 12)).toBe(last.slice(0, 12) > wall ? last.slice(0, 12) : wall);
          last = next;
        }
      }
    }),
  );
});

test('what two devices say at once has two times', () => {
  expect(new Clock('one', null).next(5)).not.toBe(new Clock('two', null).next(5));
});

test('the same content has the same id in either normal form, and other parts another', () => {
  expect(contentId('é', 'a')).toBe(contentId('e\u0301', 'a'));
  expect(contentId('ab', 'c')).not.toBe(contentId('a', 'bc'));
});
