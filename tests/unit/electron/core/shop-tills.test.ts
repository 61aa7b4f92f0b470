import { expect, test } from 'vitest';
import { shopTills } from '../../../../electron/core/close/shop-tills.ts';
import type { Ctx } from '../../../../electron/core/ctx.ts';
import { CENTRE_TILL } from '../../../../sync/base/ids.ts';

const store = { timeZone: 'UTC', cutOffHour: 4 };
const at = (text: string): number => Date.parse(text);
/** What is said of the shop by an office whose copy heard of something new at that moment. */
const seenAt = (lastSyncAtMs: number | null) => {
  const ctx = { settings: { enrolment: () => null }, sync: { status: () => ({ lastSyncAtMs }) } };
  const lastOf = new Map([[CENTRE_TILL, at('2026-11-20T09:00Z')]]);
  const seen = { day: '2026-11-20', store, told: null, lastOf, cursor: 9 };
  return shopTills(ctx as unknown as Ctx, 'store-1', seen);
};

test('what the centre booked itself is whole once the copy has come past the day, and no till of the shop', () => {
  const [centre, ...more] = seenAt(at('2026-11-21T04:00Z'));
  expect(more).toEqual([]);
  expect(centre).toMatchObject({ tillId: CENTRE_TILL, isWhole: true, isSilent: false });
  const early = at('2026-11-21T03:59Z');
  expect(seenAt(early)).toMatchObject([{ isWhole: false, completeToMs: early }]);
  expect(seenAt(null)).toMatchObject([{ isWhole: false, completeToMs: null }]);
});
