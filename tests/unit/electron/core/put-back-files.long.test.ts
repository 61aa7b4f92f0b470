import { cpSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../../crm/database.ts';
import { sqlStore } from '../../../../crm/sql-store.ts';
import { bookStrays } from '../../../../crm/strays.ts';
import { openUnit, saveUnit } from '../../../../crm/unit.ts';
import { nodeScrypt } from '../../../../electron/core/crypto.ts';
import type { CardId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { addStampCard } from '../../../parts/storm-ledger.ts';
import type { TestTill } from '../../../parts/till.ts';
import { MANAGER_PIN, openTestCentre, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode } from '../../crm/test-till.ts';
import { createShelf } from './shelf.ts';

let postgres: PostgresPart;
let server: TestCentre;
let port = 0;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
const { newFolder, open, close, clear } = createShelf();
afterEach(async () => {
  await clear();
  await server.close();
});

async function openServer(url: string): Promise<void> {
  server = await openTestCentre({ url, scrypt: nodeScrypt });
  await server.app.listen({ host: '127.0.0.1', port });
  ({ port } = server.app.server.address() as AddressInfo);
}
async function start(dir: string): Promise<TestTill> {
  const till = open(dir);
  await till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  return till;
}
const enrol = async (till: TestTill) =>
  till.client['till.enrol']({
    serverUrl: `http://127.0.0.1:${port}`,
    code: await makeCode(injected(server.app)),
    tillName: 'Till',
  });
const sync = (till: TestTill) => till.client['sync.run']({});
const stamp = (till: TestTill, cardId: CardId, count: number) =>
  till.client['stamps.add']({ opId: till.opId(), cardId, count });

async function numberOf(text: string, values: unknown[] = []): Promise<number> {
  return must((await rowsOf<{ n: number }>(server.centre.database.sql, text, values))[0], 'a number').n;
}
const balanceOf = (cardId: CardId): Promise<number> =>
  numberOf('select balance as n from accounts a join cards c using (account_id) where c.card_id = $1', [
    cardId,
  ]);
const countStrays = (): Promise<number> =>
  numberOf('select count(*)::int as n from stray_ops where booked_at_ms is null');
const book = (tillId: string) =>
  server.centre.database.transaction(async (tx) => {
    const unit = await openUnit(sqlStore(tx, server.centre.crypto, null), Date.now());
    await bookStrays(unit, tillId, 'staff-1');
    await saveUnit(unit);
  });

test('what lies in files of earlier incarnations is sent again to a centre that was put back (I5, R-N9)', async () => {
  const url = await postgres.createDatabase();
  await openServer(url);
  const first = open(newFolder());
  const { tillId } = await enrol(first);
  await first.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
  const cardId = await addStampCard(first.client, 'Tan');
  await stamp(first, cardId, 2);
  await sync(first);
  await server.close();
  const earlier = await postgres.copyDatabase(url);
  await openServer(url);
  await stamp(first, cardId, 5);
  await sync(first);
  await close(first);
  const dir = newFolder();
  cpSync(first.dir, dir, { recursive: true });
  const other = await start(first.dir);
  await stamp(other, cardId, 1);
  await sync(other);
  await close(other);
  // Put back from a copy: it goes on under its second incarnation, and all that its first file has is confirmed.
  const back = await start(dir);
  await expect(sync(back)).rejects.toMatchObject({ code: 'core_restarted' });
  await close(back);
  const second = await start(dir);
  await stamp(second, cardId, 4);
  await sync(second);
  expect(await balanceOf(cardId)).toBe(12);
  await server.close();
  await openServer(earlier);
  await expect(sync(second)).rejects.toMatchObject({ code: 'till_forked' });
  await enrol(second);
  await close(second);
  const third = await start(dir);
  await sync(third);
  expect([await balanceOf(cardId), await countStrays()]).toEqual([2, 2]);
  await book(tillId);
  expect(await balanceOf(cardId)).toBe(11);
  // Once: what has a number is not kept again.
  await sync(third);
  expect(await countStrays()).toBe(0);
});
