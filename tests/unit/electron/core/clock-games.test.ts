import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import {
  endTestTill,
  KEY_HEX,
  makeFolder,
  openTestTill,
  seedFolder,
  type TestTill,
} from '../../../parts/till.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 10, 22, 3);

/** Real time, and what somebody has set the PC's clock ahead by. Without a line all the time. */
let realMs: number;
let aheadMs: number;
let till: TestTill;
const clock = { nowMs: () => realMs + aheadMs, monotonicMs: () => realMs - START_MS + 1_000_000 };

beforeEach(async () => {
  [realMs, aheadMs] = [START_MS, 0];
  const dir = makeFolder();
  await seedFolder(dir);
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  createTillSettings(file.settings).setTrustedClock({ offsetMs: 0, trustedMs: START_MS, tseq: 0 });
  file.close();
  till = openTestTill(dir, { clock });
  await till.signIn('cashier');
});
afterEach(() => endTestTill(till));

async function enrol(cardTypeId: string) {
  const reply = await till.client['members.add']({
    opId: till.opId(),
    draft: { lastName: 'Tan' },
    cardTypeId: cardTypeId as CardTypeId,
    cardNumber: null,
    hasMarketingConsent: false,
  });
  return must(reply.cardId, 'a card came with it');
}
const stamp = async (cardId: Awaited<ReturnType<typeof enrol>>) =>
  till.client['stamps.add']({ opId: till.opId(), cardId, count: 1 });
const undo = (undoesOpId: Awaited<ReturnType<typeof stamp>>['opId']) =>
  till.client['entries.undo']({ opId: till.opId(), undoesOpId, reason: 'slip' });

test.each([-11 * 60_000, -3 * DAY_MS, 3 * DAY_MS, 400 * DAY_MS])(
  'a clock that is set by %i ms does not make an old entry young enough to be undone (R-C3)',
  async (byMs) => {
    const { opId } = await stamp(await enrol('coffee'));
    realMs += 11 * 60_000;
    aheadMs = byMs;
    await expect(undo(opId)).rejects.toMatchObject({ code: 'undo_too_late' });
  },
);

test.each([-3 * DAY_MS, 3 * DAY_MS])(
  'a clock that is set by %i ms does not keep a cashier from undoing what was just done',
  async (byMs) => {
    const cardId = await enrol('coffee');
    aheadMs = byMs;
    const { opId } = await stamp(cardId);
    realMs += 60_000;
    expect((await undo(opId)).cardId).toBe(cardId);
  },
);

test('a clock that is set back does not bring back an expired coupon, nor one set ahead take a good one (R-C3)', async () => {
  const cardId = await enrol('welcome');
  const status = async () => {
    const [hit] = await till.client['members.listRecent']({});
    return hit?.cards[0]?.status;
  };
  realMs += 40 * DAY_MS;
  aheadMs = -40 * DAY_MS;
  expect(await status()).toBe('expired');
  await expect(
    till.client['rewards.redeem']({ opId: till.opId(), cardId, rewardId: 'drink' }),
  ).rejects.toMatchObject({ code: 'card_expired' });
  realMs -= 30 * DAY_MS;
  aheadMs = 60 * DAY_MS;
  expect(await status()).toBe('active');
});

test('the day of an action never goes back without a word of the centre', async () => {
  const cardId = await enrol('coffee');
  const dayOf = async () => (await till.client['till.get']({})).businessDay;
  const days: string[] = [await dayOf()];
  for (const byMs of [3 * DAY_MS, -3 * DAY_MS, 400 * DAY_MS, -400 * DAY_MS, 0]) {
    aheadMs = byMs;
    realMs += 6 * 3_600_000;
    await stamp(cardId);
    days.push(await dayOf());
  }
  expect(days).toEqual(days.toSorted());
  expect(days.at(-1)).toBe('2026-11-23');
});

test('an expired coupon stays so over a restart with the PC’s clock set back to before the last answer', async () => {
  const cardId = await enrol('welcome');
  realMs += 40 * DAY_MS;
  const settings = { offsetMs: 0, trustedMs: realMs, tseq: 0 };
  await till.close();
  const file = openTill({ path: join(till.dir, 'till.db'), keyHex: KEY_HEX });
  createTillSettings(file.settings).setTrustedClock(settings);
  file.close();
  aheadMs = -40 * DAY_MS;
  till = openTestTill(till.dir, { clock, bootId: 'next' });
  await till.signIn('cashier');
  await expect(
    till.client['rewards.redeem']({ opId: till.opId(), cardId, rewardId: 'drink' }),
  ).rejects.toMatchObject({ code: 'card_expired' });
});

test('the amount of a purchase can be put right for seven business days, by true time, and not on the eighth (D11)', async () => {
  await till.signIn('supervisor');
  const cardId = await enrol('points');
  const bought = await till.client['points.credit']({
    ...{ opId: till.opId(), cardId, amountMinor: 5_000, receiptNo: 'R1', points: null, reason: '' },
  });
  const { memberId } = bought.member;
  const preview = async () =>
    till.client['purchases.previewEdit']({ memberId, entryOpId: bought.opId, amountMinor: 2_000 });
  const offered = async () => (await till.client['members.get']({ memberId })).history[0]?.canEdit;
  realMs += 7 * DAY_MS;
  await till.signIn('supervisor');
  expect([await offered(), await preview()]).toMatchObject([true, { oldUnits: 50, newUnits: 20 }]);
  realMs += DAY_MS;
  // A PC clock that is set back makes no purchase younger.
  aheadMs = -3 * DAY_MS;
  await till.signIn('supervisor');
  expect(await offered()).toBe(false);
  await expect(preview()).rejects.toMatchObject({ code: 'edit_too_late' });
  const edit = {
    opId: till.opId(),
    memberId,
    entryOpId: bought.opId,
    amountMinor: 2_000,
    reason: 'typed wrong',
  };
  await expect(till.client['purchases.edit'](edit)).rejects.toMatchObject({ code: 'edit_too_late' });
});
