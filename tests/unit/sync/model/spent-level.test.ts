import fc from 'fast-check';
import { expect, test } from 'vitest';
import { roundSpent, spentLevel, SPENT_LEVELS } from '../../../../sync/model/spent-level.ts';

const purchases = fc.integer({ min: 1, max: 100_000 });
const average = fc.integer({ min: 100, max: 50_000_000 });

test('money that is rounded stays where it is when it is rounded again: every way to a copy ends the same', () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: -5, max: 1_000_000 }), (spent, count) => {
      const once = roundSpent(spent, count);
      expect(roundSpent(once, count)).toBe(once);
      expect(spentLevel(once, count)).toBe(spentLevel(spent, count));
      expect(spentLevel(spent, count)).toBeLessThanOrEqual(SPENT_LEVELS);
    }),
  );
});

test('it is within a tenth of what was spent', () => {
  fc.assert(
    fc.property(purchases, average, fc.nat(99), (count, each, rest) => {
      const spent = count * each + (rest % count);
      expect(Math.abs(roundSpent(spent, count) - spent) / spent).toBeLessThan(0.1);
    }),
  );
});

test('who spent less is never rounded above who spent more in as many purchases', () => {
  fc.assert(
    fc.property(purchases, fc.nat(2 ** 40), fc.nat(2 ** 40), (count, left, right) => {
      const [less, more] = left < right ? [left, right] : [right, left];
      expect(roundSpent(less, count)).toBeLessThanOrEqual(roundSpent(more, count));
    }),
  );
});
