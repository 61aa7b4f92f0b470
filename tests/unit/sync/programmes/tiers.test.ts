import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, addMonths } from '../../../../sync/base/business-day.ts';
import { Tier } from '../../../../sync/model/chain.ts';
import {
  earnedTier,
  mayTierFollow,
  nextTier,
  ranksOn,
  tierChange,
  tierRulesIn,
  type EarnedTier,
  type SpentDay,
  type StandingTier,
} from '../../../../sync/programmes/tiers.ts';

const silver = Tier.parse({
  ...{ tierId: 'silver', version: 1, name: 'Silver', rank: 1, thresholdMinor: 20_000 },
  ...{ withinMonths: 12, validMonths: 12, renewalMinor: 15_000 },
});
const gold = Tier.parse({
  ...{ tierId: 'gold', version: 1, name: 'Gold', rank: 2, thresholdMinor: 50_000 },
  ...{ withinMonths: 12, validMonths: 12, renewalMinor: 40_000 },
});
const TIERS = [silver, gold];
const spent = (day: string, spentMinor: number): SpentDay => ({
  ...{ day, spentMinor },
  lastAtMs: Date.parse(`${day}T12:00:00Z`),
});
const earned = (days: readonly SpentDay[], asOf: string, tiers = TIERS) => earnedTier(tiers, days, asOf);

test('a tier is reached on the day on which the money of its months comes to it, and lasts its months', () => {
  const days = [spent('2026-01-10', 12_000), spent('2026-03-05', 8_000)];
  expect(earned(days, '2026-03-04')).toBeNull();
  expect(earned(days, '2026-03-05')).toEqual({
    ...{ tierId: 'silver', version: 1, since: '2026-03-05', until: '2027-03-05', spentMinor: 20_000 },
    atMs: Date.parse('2026-03-05T12:00:00Z'),
  });
  expect(earned(days, '2027-03-05')?.tierId).toBe('silver');
  expect(earned(days, '2027-03-06')).toBeNull();
});

test('money of longer ago than its months does not count', () => {
  expect(earned([spent('2025-03-05', 12_000), spent('2026-03-05', 8_000)], '2026-04-01')).toBeNull();
  expect(earned([spent('2025-03-06', 12_000), spent('2026-03-05', 8_000)], '2026-04-01')).not.toBeNull();
});

test('enough spent within its term makes it go on by one more, at once, and only once', () => {
  const days = [spent('2026-01-10', 20_000), spent('2026-06-01', 15_000)];
  expect(earned(days, '2026-06-01')?.until).toBe('2028-01-10');
  expect(earned([...days, spent('2026-07-01', 14_000)], '2026-07-01')?.until).toBe('2028-01-10');
  expect(earned([...days, spent('2027-07-01', 15_000)], '2027-07-01')?.until).toBe('2029-01-10');
  // What reached it renews nothing.
  expect(earned([spent('2026-01-10', 19_999 + 20_000)], '2026-02-01')?.until).toBe('2027-01-10');
});

test('after its last day comes what the money still reaches', () => {
  const days = [spent('2026-01-10', 50_000), spent('2026-08-01', 20_000)];
  expect(earned(days, '2027-01-10')?.tierId).toBe('gold');
  expect(earned(days, '2027-01-11')).toMatchObject({ tierId: 'silver', since: '2027-01-11' });
  expect(earned(days, '2028-01-12')).toBeNull();
});

test('a later version takes nothing from whoever had reached the one before, and counts from its day', () => {
  const harder = nextTier(silver, {
    ...{ ...tierRulesIn(silver), version: 2 },
    ...{ thresholdMinor: 40_000, validFrom: '2026-06-01' },
  });
  const before = [spent('2026-03-05', 20_000)];
  expect(earned(before, '2026-07-01', [harder])).toMatchObject({ version: 1, since: '2026-03-05' });
  expect(earned([spent('2026-06-01', 20_000)], '2026-07-01', [harder])).toBeNull();
  const easier = nextTier(silver, {
    ...{ ...tierRulesIn(silver), version: 2 },
    ...{ thresholdMinor: 10_000, validFrom: '2026-06-01' },
  });
  // The first day of a version counts what was spent before it.
  expect(earned([spent('2026-03-05', 12_000)], '2026-05-31', [easier])).toBeNull();
  expect(earned([spent('2026-03-05', 12_000)], '2026-06-01', [easier])).toMatchObject({
    ...{ version: 2, since: '2026-06-01' },
  });
});

test('a version starts today or later, and keeps every one before it', () => {
  const rules = { ...tierRulesIn(silver), validFrom: '2026-11-22' };
  const next = nextTier(silver, rules);
  expect(mayTierFollow(silver, next, '2026-11-22')).toBe(true);
  expect(mayTierFollow(silver, next, '2026-11-23')).toBe(false);
  expect(mayTierFollow(silver, { ...next, earlier: [] }, '2026-11-22')).toBe(false);
});

const somePurchases = fc.array(
  fc.record({ at: fc.integer({ min: 0, max: 1_200 }), spentMinor: fc.integer({ min: -9_000, max: 30_000 }) }),
  { maxLength: 30 },
);

test('in whichever order purchases become known, and however they are added up, the tier is the same', () => {
  fc.assert(
    fc.property(somePurchases, fc.integer(), fc.integer({ min: 0, max: 1_500 }), (purchases, seed, ahead) => {
      const days = purchases.map(({ at, spentMinor }) => spent(addDays('2024-01-01', at), spentMinor));
      const asOf = addDays('2024-01-01', ahead);
      const other = days
        .map((day, at) => ({ day, key: Math.sin(at + seed) }))
        .sort((one, two) => one.key - two.key)
        .map(({ day }) => day);
      const sums = new Map<string, SpentDay>();
      for (const each of days) {
        const sum = each.spentMinor + (sums.get(each.day)?.spentMinor ?? 0);
        sums.set(each.day, { ...each, spentMinor: sum });
      }
      const whole = earned([...sums.values()], asOf);
      expect(earned(other, asOf)).toEqual(whole);
      expect(earnedTier([gold, silver], days, asOf)).toEqual(whole);
    }),
  );
});

test('each purchase is read a few times, however many there are', () => {
  let reads = 0;
  const days = Array.from({ length: 1_000 }, (_, at) => ({
    ...{ spentMinor: 400, lastAtMs: at },
    get day() {
      reads += 1;
      return addDays('2024-01-01', at);
    },
  }));
  expect(earned(days, '2026-11-22')?.tierId).toBe('gold');
  expect(reads).toBeLessThanOrEqual(5_000);
});

test('a tier never lasts beyond the terms of its version', () => {
  fc.assert(
    fc.property(somePurchases, fc.integer({ min: 0, max: 1_500 }), (purchases, ahead) => {
      const days = purchases.map(({ at, spentMinor }) => spent(addDays('2024-01-01', at), spentMinor));
      const asOf = addDays('2024-01-01', ahead);
      const now = earned(days, asOf);
      if (now === null) return;
      expect(now.since <= asOf).toBe(true);
      expect(now.until !== null && now.until >= asOf && now.until <= addMonths(asOf, 24)).toBe(true);
    }),
  );
});

const NONE: StandingTier = { tier: '', tierUntil: null, reason: null, handAtMs: 0 };
const at = (asOf: string) => ({ asOf, rankOf: ranksOn(TIERS, asOf) });
const silverNow = earned([spent('2026-03-05', 20_000)], '2026-03-05');
const reasonOf = ({ atMs: _atMs, ...reason }: EarnedTier) => reason;

test('what spending gave is written once, and goes when the spending is taken back', () => {
  if (silverNow === null) throw new Error('silver is reached');
  const next = tierChange(NONE, silverNow, at('2026-03-05'));
  expect(next).toEqual({ tier: 'silver', tierUntil: '2027-03-05', reason: reasonOf(silverNow) });
  const standing = { ...NONE, ...next };
  expect(tierChange(standing, silverNow, at('2026-04-01'))).toBeNull();
  expect(tierChange(standing, null, at('2026-04-01'))).toEqual({ tier: '', tierUntil: null, reason: null });
  // It ran out: its date says so to everybody.
  expect(tierChange(standing, null, at('2027-03-06'))).toBeNull();
});

test('more money on the day on which it was reached is no other tier', () => {
  const [before, after] = [20_000, 26_000].map((sum) => earned([spent('2026-03-05', sum)], '2026-03-05'));
  if (before == null || after == null) throw new Error('silver is reached');
  const standing = { ...NONE, ...tierChange(NONE, before, at('2026-03-05')) };
  expect(after.spentMinor).toBe(26_000);
  expect(tierChange(standing, after, at('2026-03-05'))).toBeNull();
});

test('what a person set by hand stays, unless a purchase after that reaches something better', () => {
  if (silverNow === null) throw new Error('silver is reached');
  const byHand = (tier: string, tierUntil: string | null, handAtMs: number): StandingTier => ({
    ...{ tier, tierUntil, reason: null, handAtMs },
  });
  const [before, after] = [silverNow.atMs - 1, silverNow.atMs + 1];
  const day = at('2026-03-06');
  expect(tierChange(byHand('gold', null, before), silverNow, day)).toBeNull();
  expect(tierChange(byHand('gold', '2026-03-05', before), silverNow, day)?.tier).toBe('silver');
  expect(tierChange(byHand('', null, before), silverNow, day)?.tier).toBe('silver');
  // She was taken down by hand after that.
  expect(tierChange(byHand('', null, after), silverNow, day)).toBeNull();
  expect(tierChange(byHand('Friends of the house', null, before), silverNow, day)).toBeNull();
});
