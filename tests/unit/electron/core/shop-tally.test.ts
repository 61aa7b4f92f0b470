import { expect, test } from 'vitest';
import type { DayEntry } from '../../../../db/replica/columns/day-entries.ts';
import { tallyShop } from '../../../../electron/core/close/shop-tally.ts';

const entry = (changes: Partial<DayEntry>): DayEntry => ({
  opId: 'op' as never,
  kind: 'stamp.added',
  delta: 1,
  amountMinor: null,
  tillId: 'till-1' as never,
  actorId: 'mei' as never,
  wallMs: 9 * 3_600_000,
  cardTypeId: 'coffee',
  undone: null,
  ...changes,
});
const hourOf = (wallMs: number): number => Math.floor(wallMs / 3_600_000) % 24;

test('sums by kind, cashier and programme, with units and the money of purchases', () => {
  const tally = tallyShop(
    [
      entry({ delta: 2, amountMinor: 450 }),
      entry({
        kind: 'points.credited',
        delta: 12,
        amountMinor: 1_250,
        cardTypeId: 'points',
        actorId: 'arun' as never,
      }),
      entry({ kind: 'reward.redeemed', delta: -10, wallMs: 14 * 3_600_000 }),
      entry({ kind: 'credit.toppedUp', delta: 5_000, cardTypeId: 'prepaid' }),
    ],
    hourOf,
  );
  expect(tally.totals).toEqual({ count: 4, purchases: 2, spentMinor: 1_700 });
  expect(Object.fromEntries(tally.kinds)).toEqual({
    'stamp.added': { count: 1, purchases: 1, spentMinor: 450 },
    'points.credited': { count: 1, purchases: 1, spentMinor: 1_250 },
    'reward.redeemed': { count: 1, purchases: 0, spentMinor: 0 },
    'credit.toppedUp': { count: 1, purchases: 0, spentMinor: 0 },
  });
  expect(Object.fromEntries(tally.cashiers)).toEqual({
    mei: { count: 3, purchases: 1, spentMinor: 450 },
    arun: { count: 1, purchases: 1, spentMinor: 1_250 },
  });
  expect(tally.programmes.get('coffee')).toEqual({
    ...{ count: 2, purchases: 1, spentMinor: 450, given: 2, taken: 10 },
  });
  expect([tally.hours[9], tally.hours[14], tally.hours.length]).toEqual([3, 1, 24]);
});

test('what is taken back counts against what it takes back, also of an earlier day', () => {
  const earned = { kind: 'points.credited', delta: 12, amountMinor: 1_250 } as const;
  const spent = { kind: 'reward.redeemed', delta: -10, amountMinor: null } as const;
  const tally = tallyShop(
    [
      entry({ ...earned, cardTypeId: 'points' }),
      entry({ kind: 'entry.corrected', delta: -12, cardTypeId: 'points', undone: earned }),
      entry({ kind: 'entry.corrected', delta: 10, cardTypeId: 'points', undone: spent }),
    ],
    hourOf,
  );
  expect(tally.totals).toEqual({ count: 3, purchases: 0, spentMinor: 0 });
  expect(tally.programmes.get('points')).toMatchObject({ given: 0, taken: -10 });
  expect(tally.kinds.get('entry.corrected')).toEqual({ count: 2, purchases: -1, spentMinor: -1_250 });
});
