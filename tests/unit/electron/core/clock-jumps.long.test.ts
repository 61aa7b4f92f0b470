import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { hlcMs } from '../../../../sync/base/clock.ts';
import { LiveShop } from '../../../parts/live-shop.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { must } from '../../../../sync/base/must.ts';

const DAY_MS = 86_400_000;

let postgres: PostgresPart;
let shop: LiveShop;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  shop = new LiveShop(await postgres.createDatabase());
  await shop.open();
}, 60_000);
afterEach(() => shop.end());

/** The till's ops as the centre has them, in the order of its numbers. */
const opsAtCentre = () =>
  shop.sql<{ tseq: number; hlc: string; day: string; wallMs: number }>(
    `select tseq, header::json ->> 'hlc' as hlc, header::json ->> 'businessDay' as day, (header::json ->> 'wallMs')::bigint as "wallMs"
     from ops where till_id <> 'centre' order by seq`,
  );
const balance = async (): Promise<number> => {
  const [account] = await shop.sql<{ balance: number }>('select balance from accounts');
  return must(account, 'there is one account').balance;
};
const today = async (): Promise<string> => (await shop.till.client['till.get']({})).businessDay;
const status = () => shop.till.client['sync.getStatus']({});

test('a PC clock that jumps in the middle of the day loses, doubles and misplaces nothing (R-C1)', async () => {
  const day = await today();
  for (const atMs of [
    shop.realMs + 400 * DAY_MS,
    shop.realMs - DAY_MS,
    shop.realMs + 3 * DAY_MS,
    shop.realMs - 3 * DAY_MS,
    Date.UTC(1970, 0, 1),
    Date.UTC(2038, 0, 20),
    Date.UTC(2028, 1, 29, 12),
  ]) {
    shop.pcAheadMs = atMs - shop.realMs;
    await shop.stamp();
    shop.realMs += 1_000;
    await shop.sync();
    await shop.stamp();
    expect(await today()).toBe(day);
    expect(Math.abs((await status()).clockAheadMs - shop.pcAheadMs)).toBeLessThan(2_000);
  }
  await shop.sync();
  const ops = await opsAtCentre();
  expect(await balance()).toBe(14);
  expect(ops.map(({ tseq }) => tseq)).toEqual(ops.map((_, at) => at + 1));
  expect(new Set(ops.map((op) => op.day))).toEqual(new Set([day]));
  expect(ops.every(({ hlc }) => Math.abs(hlcMs(hlc) - shop.realMs) < 60_000)).toBe(true);
  expect(new Set(ops.map(({ wallMs }) => Math.round(wallMs / DAY_MS))).size).toBe(8);
  expect((await shop.till.client['till.verify']({})).ok).toBe(true);
}, 30_000);

test('one action of the year 2100 does not keep the till there: after the next answer the right day rules', async () => {
  await shop.sync();
  const day = await today();
  await shop.lineDown();
  shop.pcAheadMs = Date.UTC(2100, 0, 5) - shop.realMs;
  await shop.restartTill();
  await shop.stamp(3);
  expect(await today()).toBe('2100-01-05');
  shop.pcAheadMs = 0;
  await shop.restartTill();
  // Nobody can tell which of the two was wrong: the day does not go back yet.
  expect(await today()).toBe('2100-01-05');
  await shop.lineUp();
  await shop.sync();
  expect(await today()).toBe(day);
  await shop.stamp(4);
  shop.realMs += 2_000;
  await shop.stamp(5);
  await shop.sync();
  const ops = await opsAtCentre();
  expect(ops.map((op) => op.day)).toEqual([day, '2100-01-05', day, day]);
  expect(ops.slice(2).every(({ hlc }) => Math.abs(hlcMs(hlc) - shop.realMs) < 60_000)).toBe(true);
  expect(await balance()).toBe(12);
  expect((await shop.till.client['till.verify']({})).ok).toBe(true);
  await shop.lineDown();
  await shop.restartTill();
  expect(await today()).toBe(day);
  await shop.lineUp();
  for (const closing of [day, '2100-01-05']) {
    await shop.close(closing);
    await shop.sync();
    expect((await shop.look(closing)).proof.state).toBe('equal');
  }
  expect((await shop.look(day)).ranges).toEqual([
    { fromTseq: 1, toTseq: 1 },
    { fromTseq: 3, toTseq: 4 },
  ]);
}, 30_000);

test('a till whose PC wakes up in 1970 without a line counts from what it knew last (N13)', async () => {
  await shop.sync();
  const day = await today();
  await shop.lineDown();
  shop.realMs += 3_600_000;
  shop.pcAheadMs = Date.UTC(1970, 0, 1) - shop.realMs;
  await shop.restartTill();
  await shop.stamp();
  expect(await today()).toBe(day);
  expect((await status()).clockAheadMs).toBeLessThan(-50 * 365 * DAY_MS);
  await shop.lineUp();
  await shop.sync();
  expect(await shop.sql('select ahead_ms < 0 as "isBehind" from till_clocks')).toEqual([{ isBehind: true }]);
}, 30_000);
