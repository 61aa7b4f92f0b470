import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { openTill } from '../../../../db/till/open.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { addMonths } from '../../../../sync/base/business-day.ts';
import type { CardTypeId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { CardType } from '../../../../sync/model/chain.ts';
import { nextVersion, rulesIn } from '../../../../sync/programmes/card-rules.ts';
import { KEY_HEX, makeFolder, openTestTill, seedFolder, type TestTill } from '../../../parts/till.ts';
import * as sample from '../../db/samples.ts';

const POINTS = 'points' as CardTypeId;
const LONG_AGO = '2020-01-15';
const tills: TestTill[] = [];
afterEach(async () => {
  for (const till of tills.splice(0)) {
    await till.close();
    rmSync(till.dir, { recursive: true, force: true });
  }
});

/** The centre's last word of the time, as an exchange leaves it. */
function vouch(dir: string): void {
  const file = openTill({ path: join(dir, 'till.db'), keyHex: KEY_HEX });
  createTillSettings(file.settings).setTrustedClock({ offsetMs: 0, trustedMs: Date.now(), tseq: 0 });
  file.close();
}

/** A till that holds 100 old and 40 new points of one card; `entryCount` says how many movements there are in all. */
async function startOld(
  entryCount = 2,
  expiresOn: string | null = null,
): Promise<{ till: TestTill; today: string }> {
  const dir = makeFolder();
  const ofPoints = { cardTypeId: POINTS };
  await seedFolder(dir, {
    rows: {
      members: [sample.member(1)],
      cards: [sample.card(1, { ...ofPoints, expiresOn })],
      accounts: [sample.account(1, { ...ofPoints, balance: 140, entryCount })],
      entries: [
        sample.entry(1, { kind: 'points.credited', delta: 100, businessDay: LONG_AGO, cardTypeVersion: 2 }),
        sample.entry(2, {
          ...{ accountId: sample.accountId(1), memberId: sample.memberId(1), cardId: sample.cardId(1) },
          ...{ kind: 'points.credited', delta: 40, cardTypeVersion: 2 },
        }),
      ],
    },
  });
  vouch(dir);
  const till = openTestTill(dir);
  tills.push(till);
  await till.signIn('manager');
  const { businessDay: today } = await till.client['till.get']({});
  const documents = await till.client['documents.list']({ kind: 'card-type' });
  const type = CardType.parse(must(documents.find(({ id }) => id === POINTS)?.body, 'there is one'));
  await till.client['documents.save']({
    opId: till.opId(),
    kind: 'card-type',
    id: POINTS,
    baseVersion: type.version,
    body: nextVersion(type, { ...rulesIn(type), validFrom: today, expiresAfterMonths: 24 }),
  });
  return { till, today };
}

const pointsOn = async (till: TestTill): Promise<number> => {
  const member = await till.client['members.get']({ memberId: sample.memberId(1) });
  const { confirmed, pending } = must(member.cards[0], 'a card').balance;
  return confirmed + pending;
};

test('what is due ends by its lot, once, and a dry run only counts', async () => {
  const { till, today } = await startOld();
  const dry = await till.client['expiry.run']({ day: today, isDryRun: true });
  expect(dry).toMatchObject({ accounts: 1, lots: 1, units: 100, elsewhere: 0, waiting: 0 });
  expect(await pointsOn(till)).toBe(140);
  expect(await till.client['expiry.run']({ day: today, isDryRun: false })).toMatchObject({ units: 100 });
  expect(await pointsOn(till)).toBe(40);
  // Its own op is not confirmed yet, so the account waits, and nothing ends a second time.
  const again = await till.client['expiry.run']({ day: today, isDryRun: false });
  expect(again).toMatchObject({ accounts: 0, units: 0, waiting: 1 });
  expect(await pointsOn(till)).toBe(40);
});

test('on the day before nothing is due', async () => {
  const { till } = await startOld();
  const before = await till.client['expiry.run']({ day: '2022-01-14', isDryRun: true });
  expect(before.units).toBe(0);
  const on = await till.client['expiry.run']({ day: addMonths(LONG_AGO, 24), isDryRun: true });
  expect(on.units).toBe(100);
});

test('a PC clock that is years ahead ends nothing that the centre has not said the day of', async () => {
  const { till, today } = await startOld();
  await till.close();
  const aheadMs = 1_100 * 86_400_000;
  const clock = { nowMs: () => Date.now() + aheadMs, monotonicMs: () => performance.now() };
  const later = openTestTill(till.dir, { clock });
  tills.splice(0, 1, later);
  await later.signIn('manager');
  const { businessDay } = await later.client['till.get']({});
  expect(businessDay > addMonths(today, 11)).toBe(true);
  const run = await later.client['expiry.run']({ day: businessDay, isDryRun: true });
  expect([run.units, run.day]).toEqual([100, today]);
  const day = addMonths(LONG_AGO, 24);
  expect(await later.client['expiry.run']({ day, isDryRun: true })).toMatchObject({ units: 100, day });
});

test('a till that was never told the time counts nothing, and says so', async () => {
  const dir = makeFolder();
  await seedFolder(dir);
  const till = openTestTill(dir);
  tills.push(till);
  await till.signIn('manager');
  const run = till.client['expiry.run']({ day: '2026-11-22', isDryRun: true });
  await expect(run).rejects.toMatchObject({ code: 'centre_unreachable' });
});

test('an account with movements that this till does not hold is left to who holds them all', async () => {
  const { till, today } = await startOld(3);
  const run = await till.client['expiry.run']({ day: today, isDryRun: false });
  expect(run).toMatchObject({ accounts: 0, units: 0, elsewhere: 1 });
  expect(await pointsOn(till)).toBe(140);
});

test('a cashier ends nothing, and no day that has not come', async () => {
  const { till, today } = await startOld();
  const code = (day: string): Promise<string> =>
    till.client['expiry.run']({ day, isDryRun: true }).then(
      () => 'done',
      (cause: { code: string }) => cause.code,
    );
  expect(await code(addMonths(today, 1))).toBe('bad_request');
  await till.signIn('cashier');
  expect(await code(today)).toBe('not_allowed');
});

test('what will end is said of a member with its day, own entries counted; of an account that is not all here, nothing', async () => {
  const ending = async (till: TestTill) =>
    till.client['members.listEnding']({ memberId: sample.memberId(1) });
  const { till, today } = await startOld();
  const { ending: before, isPartial } = await ending(till);
  const [soonest] = before;
  expect([soonest?.endsOn, soonest?.units, soonest?.unit, isPartial]).toEqual([
    addMonths(LONG_AGO, 24),
    100,
    'points',
    false,
  ]);
  const cardId = sample.cardId(1);
  const by = { amountMinor: null, receiptNo: '', points: 7, reason: 'sorry' };
  await till.client['points.credit']({ opId: till.opId(), cardId, ...by });
  expect((await ending(till)).ending.at(-1)).toMatchObject({
    ...{ endsOn: addMonths(today, 24), units: 7, isOver: false },
  });
  const { till: other } = await startOld(3);
  expect(await ending(other)).toEqual({ ending: [], isPartial: true });
});

test('what ended and still stands in the balance says so until it is run; of a card past its last day nothing is said', async () => {
  const ending = async (till: TestTill) =>
    (await till.client['members.listEnding']({ memberId: sample.memberId(1) })).ending;
  const { till, today } = await startOld();
  const lots = async () => (await ending(till)).map(({ units, isOver }) => [units, isOver]);
  expect((await lots())[0]).toEqual([100, true]);
  await till.client['expiry.run']({ day: today, isDryRun: false });
  expect((await lots()).every(([, isOver]) => isOver === false)).toBe(true);
  const { till: other } = await startOld(2, today);
  expect(await ending(other)).not.toEqual([]);
  const yesterday = new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10);
  const { till: late } = await startOld(2, yesterday);
  expect(await ending(late)).toEqual([]);
});
