import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CardRules, type CardKind } from '../../../../sync/model/chain.ts';
import { UNITS_MAX } from '../../../../sync/model/units.ts';
import { earnFor, type EarnRules } from '../../../../sync/programmes/earn.ts';

const rules = (changes: Partial<CardRules>, kind: CardKind = 'points'): EarnRules => ({
  ...CardRules.parse({ version: 1, name: 'Points', earnPoints: 1, earnPerMinor: 100, ...changes }),
  kind,
});
const buy = (amountMinor: number, tierId = '', earnedToday = 0) => ({ amountMinor, tierId, earnedToday });

describe('what a purchase earns', () => {
  test('whole steps only, the rest of a step earns nothing', () => {
    expect(earnFor(rules({ earnPoints: 3, earnPerMinor: 500 }), buy(1_499)).units).toBe(6);
  });

  test.each([
    ['down', 1],
    ['nearest', 2],
    ['up', 2],
  ] as const)('a part of a step counts rounded %s', (earnRounding, units) => {
    expect(earnFor(rules({ earnRounding }), buy(150)).units).toBe(units);
  });

  test('nothing below the minimum, all of the amount from there on', () => {
    const least = rules({ minSpendMinor: 1_000 });
    expect(earnFor(least, buy(999))).toEqual({ units: 0, uncapped: 0, why: 'below_minimum' });
    expect(earnFor(least, buy(1_000)).units).toBe(10);
  });

  test('a tier multiplies; others get the usual', () => {
    const tiers = rules({ tierFactors: [{ tierId: 'Gold', percent: 150 }] });
    expect(earnFor(tiers, buy(1_000, 'Gold')).units).toBe(15);
    expect(earnFor(tiers, buy(1_000, 'Silver')).units).toBe(10);
  });

  test('a card and day earn no more than the limit, also after a correction took some back', () => {
    const limited = rules({ earnMaxPerDay: 12 });
    expect(earnFor(limited, buy(1_000, '', 5))).toEqual({ units: 7, uncapped: 10, why: 'day_full' });
    expect(earnFor(limited, buy(1_000, '', 12)).units).toBe(0);
    expect(earnFor(limited, buy(1_500, '', -20)).units).toBe(12);
  });

  test('credit gives back its share of the purchase', () => {
    const back = rules({ cashbackBasisPoints: 250 }, 'credit');
    expect(earnFor(back, buy(1_999)).units).toBe(49);
    expect(earnFor({ ...back, earnRounding: 'nearest' }, buy(1_999)).units).toBe(50);
  });

  test('never more than an entry can hold', () => {
    const huge = rules({ earnPoints: UNITS_MAX, earnPerMinor: 1 });
    expect(earnFor(huge, buy(UNITS_MAX)).units).toBe(UNITS_MAX);
  });
});

/** The same by counting, in steps that a person could follow; small numbers only. */
function naive(of: EarnRules, amount: number, percent: number): number {
  if (amount < of.minSpendMinor) return 0;
  if (of.earnRounding === 'step') {
    let points = 0;
    for (let rest = amount; rest >= of.earnPerMinor; rest -= of.earnPerMinor) points += of.earnPoints;
    let units = 0;
    for (let rest = points * percent; rest >= 100; rest -= 100) units += 1;
    return units;
  }
  const under = of.earnPerMinor * 100;
  let rest = amount * of.earnPoints * percent;
  let units = 0;
  for (; rest >= under; rest -= under) units += 1;
  if (of.earnRounding === 'up' && rest > 0) units += 1;
  if (of.earnRounding === 'nearest' && rest + rest >= under) units += 1;
  return units;
}

test('agrees with counting by hand, in whole numbers', () => {
  const drawn = fc.record({
    earnPoints: fc.integer({ min: 0, max: 9 }),
    earnPerMinor: fc.integer({ min: 1, max: 300 }),
    earnRounding: fc.constantFrom('step', 'down', 'nearest', 'up'),
    minSpendMinor: fc.integer({ min: 0, max: 300 }),
    percent: fc.integer({ min: 0, max: 400 }),
    amount: fc.integer({ min: 1, max: 2_000 }),
    limit: fc.integer({ min: 0, max: 60 }),
    before: fc.integer({ min: -5, max: 70 }),
  });
  fc.assert(
    fc.property(drawn, ({ percent, amount, limit, before, ...rest }) => {
      const of = rules({ ...rest, earnMaxPerDay: limit, tierFactors: [{ tierId: 'G', percent }] });
      const earned = earnFor(of, buy(amount, 'G', before));
      const plain = naive(of, amount, percent);
      expect(earned.uncapped).toBe(plain);
      expect(Number.isSafeInteger(earned.units)).toBe(true);
      expect(earned.units).toBe(
        limit === 0 ? plain : Math.min(plain, Math.max(0, limit - Math.max(0, before))),
      );
    }),
    { numRuns: 300 },
  );
});

test('a bigger purchase never earns less', () => {
  const amounts = fc.tuple(fc.integer({ min: 1, max: UNITS_MAX }), fc.integer({ min: 1, max: UNITS_MAX }));
  const rounding = fc.constantFrom('step', 'down', 'nearest', 'up');
  fc.assert(
    fc.property(amounts, rounding, fc.integer({ min: 1, max: 5_000 }), ([one, other], earnRounding, per) => {
      const of = rules({ earnRounding, earnPerMinor: per, earnPoints: 7 });
      const [small, big] = one < other ? [one, other] : [other, one];
      expect(earnFor(of, buy(big)).units).toBeGreaterThanOrEqual(earnFor(of, buy(small)).units);
    }),
  );
});
