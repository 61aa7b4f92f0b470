import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UNITS_MAX } from '../../../../sync/model/units.ts';
import { pointsFor, worthOf } from '../../../../sync/programmes/points-worth.ts';

const FIVE_CENTS = { points: 3, minor: 5 };

test('points are worth their whole share of the rule, down to the minor unit', () => {
  expect([0, 1, 2, 3, 4, 1_240].map((count) => worthOf(FIVE_CENTS, count))).toEqual([0, 1, 3, 5, 6, 2_066]);
  expect(worthOf({ points: 100, minor: 500 }, 1_240)).toBe(6_200);
});

test('an amount takes the points that cover it, rounded up', () => {
  expect([0, 1, 2, 5, 6, 625].map((minor) => pointsFor(FIVE_CENTS, minor))).toEqual([0, 1, 2, 3, 4, 375]);
});

test('what is below nothing is worth nothing and takes nothing', () => {
  expect([worthOf(FIVE_CENTS, -7), pointsFor(FIVE_CENTS, -7)]).toEqual([0, 0]);
});

test('the shop gives at most what the points cover, and takes no point more than that needs', () => {
  const size = fc.integer({ min: 1, max: UNITS_MAX });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: 100_000 }), (points, minor, amountMinor) => {
      const worth = { points, minor };
      const taken = pointsFor(worth, amountMinor);
      expect(Number.isSafeInteger(taken)).toBe(true);
      expect(worthOf(worth, taken)).toBeGreaterThanOrEqual(amountMinor);
      expect(worthOf(worth, taken - 1)).toBeLessThan(amountMinor);
    }),
  );
});

test('points that money filled in come to no more points when they are read back as money', () => {
  const size = fc.integer({ min: 1, max: 10_000 });
  fc.assert(
    fc.property(size, size, fc.integer({ min: 1, max: UNITS_MAX }), (points, minor, count) => {
      const worth = { points, minor };
      expect(pointsFor(worth, worthOf(worth, count))).toBeLessThanOrEqual(count);
    }),
  );
});

test('the largest balance at the largest worth is still a whole number that can be shown', () => {
  expect(worthOf({ points: 1, minor: UNITS_MAX }, UNITS_MAX)).toBe(Number.MAX_SAFE_INTEGER);
});
