import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clampHlc, hlcMs, nextHlc, toHlc } from '../../../../sync/base/clock.ts';

test('a hybrid clock always rises, whatever the wall clock does', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 4_102_444_800_000 }), { minLength: 2, maxLength: 50 }),
      (walls) => {
        let last: string | null = null;
        for (const wallMs of walls) {
          const next = nextHlc(last, wallMs);
          expect(last === null || next > last).toBe(true);
          last = next;
        }
      },
    ),
  );
});

test('the counter carries into the milliseconds instead of overflowing', () => {
  expect(nextHlc(toHlc(1000, 0xffff), 5)).toBe(toHlc(1001, 0));
});

test('a clock ahead of the centre is clamped, one behind is left', () => {
  expect(hlcMs(clampHlc(toHlc(9_000), 5_000))).toBe(5_000);
  expect(clampHlc(toHlc(4_000, 3), 5_000)).toBe(toHlc(4_000, 3));
});

test('ops clamped to one instant keep their order', () => {
  expect(clampHlc(toHlc(9_000), 5_000, 1) < clampHlc(toHlc(9_000, 1), 5_000, 2)).toBe(true);
});
