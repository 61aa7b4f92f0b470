import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { contract } from '../../../../electron/contract/index.ts';
import { dayAt } from '../../../../sync/base/business-day.ts';
import { must } from '../../../../sync/base/must.ts';
import { LiveShop } from '../../../parts/live-shop.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { overHttp, TestTill, type CardRef } from '../../crm/test-till.ts';

let postgres: PostgresPart;
let shop: LiveShop;
let other: TestTill;
let day: string;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  shop = new LiveShop(await postgres.createDatabase());
  await shop.open();
  day = dayAt(shop.realMs, 'Asia/Singapore', 4);
  other = await TestTill.enrol(overHttp(shop.server.url));
}, 60_000);
afterEach(() => shop.end());

const look = async (businessDay: string | null = null) => {
  const shown = await shop.till.client['day.getShop']({ businessDay, storeId: null });
  expect(contract['day.getShop'].output.parse(shown)).toEqual(shown);
  return shown;
};
const otherIn = (shown: Awaited<ReturnType<typeof look>>) =>
  must(
    shown.tills.find(({ tillId }) => tillId === other.enrolled.tillId),
    'the other till is told',
  );
const there = () => ({ wallMs: shop.realMs, businessDay: day });
/** Stamps that the other till makes at this moment of the shop, on the card of somebody new or known. */
const stampThere = (count: number, known?: CardRef): CardRef => {
  const ref = known ?? other.makeMember();
  if (known === undefined) Object.assign(must(other.ops.at(-1), 'just made'), there());
  const amount = { amountMinor: 450, receiptNo: 'R1' };
  other.make({ kind: 'stamp.added', ...ref, cardTypeVersion: 1, count, ...amount }, there());
  return ref;
};

test('figures are of all tills, own actions at once; each till says up to when it is in them', async () => {
  await shop.stamp(3);
  stampThere(2);
  await other.sync();
  const before = await look();
  // The other one's work is at the centre, and has not come here.
  expect(otherIn(before)).toMatchObject({ isOnTheWay: true, isWhole: false, name: 'Test till' });
  expect(before.totals).toEqual({ count: 1, purchases: 1, spentMinor: 0 });
  await shop.sync();
  const shown = await look();
  expect(shown).toMatchObject({ businessDay: day, today: day, line: 'up', toldAtMs: shop.realMs });
  expect(shown.totals).toEqual({ count: 2, purchases: 2, spentMinor: 450 });
  expect(shown.programmes).toMatchObject([
    { id: 'stamp', unit: 'stamps', given: 5, taken: 0, spentMinor: 450 },
  ]);
  expect(shown.kinds).toEqual([{ kind: 'stamp.added', count: 2, purchases: 2, spentMinor: 450 }]);
  const own = must(shown.tills[0], 'this till comes first');
  expect([own.isOwn, own.completeToMs, own.isWhole]).toEqual([true, shop.realMs, false]);
  expect(otherIn(shown)).toMatchObject({
    ...{ isOnTheWay: false, isSilent: false, outstanding: 0, completeToMs: shop.realMs, isWhole: false },
  });
});

test('a till that is not heard of is said to be missing, and with the line down the last word of the centre stands', async () => {
  stampThere(2);
  await other.sync();
  await shop.sync();
  const heardAtMs = shop.realMs;
  shop.realMs += 20 * 60_000;
  expect(otherIn(await look())).toMatchObject({ isSilent: true, heardAtMs, completeToMs: heardAtMs });
  await shop.lineDown();
  await shop.sync().catch(() => undefined);
  await shop.stamp(1);
  const shown = await look();
  expect([shown.line, shown.toldAtMs]).toEqual(['down', shop.realMs]);
  expect(otherIn(shown)).toMatchObject({ completeToMs: heardAtMs, name: 'Test till' });
  expect(shown.totals.count).toBe(2);
  expect(shown.tills[0]).toMatchObject({ isOwn: true, outstanding: 1 });
});

test('what a till said to have and did not send, and what a manager has to answer, are named with their reason', async () => {
  const ref = stampThere(2);
  await other.sync();
  // It tells its newest op and hands in nothing: as a till does whose batch is cut off.
  shop.realMs += 60_000;
  stampThere(1, ref);
  stampThere(1, ref);
  await other.send({ ...other.request({ ops: [] }), lastTseq: other.ops.length });
  await expect.poll(async () => otherIn(await look()).outstanding).toBe(2);
  expect(otherIn(await look()).completeToMs).toBe(shop.realMs - 60_000);
  stampThere(0, ref);
  await other.sync();
  expect(otherIn(await look()).held).toEqual([{ reason: 'bad_body', count: 1 }]);
});

test('a past day of which every till has spoken since is whole; a till has no other shop’s ledger', async () => {
  await shop.stamp(1);
  stampThere(1);
  await other.sync();
  await shop.sync();
  shop.realMs += 26 * 3_600_000;
  await other.send(other.request({ ops: [] }));
  await shop.sync();
  await expect.poll(async () => (await look(day)).tills.map(({ isWhole }) => isWhole)).toEqual([true, true]);
  expect((await look(day)).totals.count).toBe(2);
  expect((await look()).totals.count).toBe(0);
  const elsewhere = shop.till.client['day.getShop']({ businessDay: null, storeId: 'store-9' });
  await expect(elsewhere).rejects.toMatchObject({ code: 'not_allowed' });
});

test('a till that was given up long ago or stands in another shop is told of where it worked on the day', async () => {
  stampThere(1);
  await other.sync();
  await shop.sync();
  shop.realMs += 26 * 3_600_000;
  await other.send(other.request({ ops: [] }));
  await shop.sync();
  const move = async (change: string): Promise<void> => {
    await shop.server.centre.database.sql.query(`update tills set ${change} where till_id = $1`, [
      other.enrolled.tillId,
    ]);
  };
  await move("store_id = 'store-2'");
  expect(otherIn(await look(day))).toMatchObject({ name: 'Test till', isWhole: true, state: 'live' });
  expect((await look()).tills).toHaveLength(1);
  await move("store_id = 'store-1', state = 'lost', last_contact_at_ms = 1");
  expect(otherIn(await look(day))).toMatchObject({ name: 'Test till', isWhole: true, state: 'lost' });
  // The line is down on another day: it is no till of that one.
  await shop.lineDown();
  expect((await look()).tills).toHaveLength(1);
});
