import { beforeEach, expect, test } from 'vitest';
import { rowsOf } from '../../../../crm/database.ts';
import { CENTRE_TILL } from '../../../../sync/base/ids.ts';
import type { LiveShop } from '../../../parts/live-shop.ts';
import { liveShopForEach } from '../../../parts/live-shop-for-each.ts';
import { MANAGER_PIN } from '../../crm/pins.ts';
import { overHttp, TestTill } from '../../crm/test-till.ts';

let shop: LiveShop;
let other: TestTill;

liveShopForEach(async (opened) => {
  shop = opened;
  await shop.sync();
});
beforeEach(async () => {
  other = await TestTill.enrol(overHttp(shop.server.url));
});

const report = (tillId: string, pin = MANAGER_PIN) => shop.till.client['tills.reportLost']({ tillId, pin });
const lostTills = async (): Promise<string[]> => {
  const { database } = shop.server.centre;
  const rows = await rowsOf<{ id: string }>(
    database.sql,
    `select till_id as id from tills where state = 'lost'`,
    [],
  );
  return rows.map(({ id }) => id);
};

test('a manager gives up another till: the shop’s day says so, it is answered no more, and twice is as once', async () => {
  expect(await report(other.enrolled.tillId)).toEqual({ ok: true });
  expect(await report(other.enrolled.tillId)).toEqual({ ok: true });
  expect(await lostTills()).toEqual([other.enrolled.tillId]);
  const { tills } = await shop.till.client['day.getShop']({ businessDay: null, storeId: null });
  expect(tills.find(({ tillId }) => tillId === other.enrolled.tillId)).toMatchObject({ state: 'lost' });
  await expect(other.sync()).rejects.toThrow(/till_lost/);
});

test('the till that she stands at, the centre itself and a till that nobody knows are not given up', async () => {
  const { tills } = await shop.till.client['day.getShop']({ businessDay: null, storeId: null });
  const own = tills.find(({ isOwn }) => isOwn)?.tillId ?? '';
  for (const tillId of [own, CENTRE_TILL]) {
    await expect(report(tillId)).rejects.toMatchObject({ code: 'bad_request' });
  }
  await expect(report('till-000000000000')).rejects.toMatchObject({ code: 'not_found' });
  expect(await lostTills()).toEqual([]);
});

test('a wrong PIN, a line that is down and nobody signed in change nothing', async () => {
  await expect(report(other.enrolled.tillId, '111222')).rejects.toMatchObject({ code: 'pin_wrong' });
  expect(await lostTills()).toEqual([]);
  await shop.lineDown();
  await expect(report(other.enrolled.tillId)).rejects.toMatchObject({ code: 'centre_unreachable' });
  await shop.lineUp();
  await shop.till.client['session.signOut']({});
  await expect(report(other.enrolled.tillId)).rejects.toMatchObject({ code: 'signin_required' });
  expect(await lostTills()).toEqual([]);
});
