import { cpSync, existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { rowsOf } from '../../../../crm/database.ts';
import { sqlStore } from '../../../../crm/sql-store.ts';
import { bookStrays } from '../../../../crm/strays.ts';
import { openUnit, saveUnit } from '../../../../crm/unit.ts';
import { openTill } from '../../../../db/till/open.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import type { CardId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { addStampCard } from '../../../parts/storm-ledger.ts';
import { KEY_HEX, type TestTill } from '../../../parts/till.ts';
import { MANAGER_PIN, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode } from '../../crm/test-till.ts';
import { createShelf } from './shelf.ts';
import { openServedCentre } from './served-centre.ts';

let end: () => Promise<void>;
let centre: TestCentre;
let serverUrl: string;
let renewals = 0;

beforeAll(async () => {
  ({ centre, serverUrl, end } = await openServedCentre());
}, 60_000);
afterAll(() => end());
const { newFolder, open, close, clear } = createShelf({ onRenewed: () => (renewals += 1) });
afterEach(clear);

const reopen = async (till: TestTill): Promise<TestTill> => {
  await close(till);
  return open(till.dir);
};
const signIn = (till: TestTill) => till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
const sync = (till: TestTill) => till.client['sync.run']({});
const enrol = async (till: TestTill) =>
  till.client['till.enrol']({ serverUrl, code: await makeCode(injected(centre.app)), tillName: 'Till' });

/** A till that was let in, with a member whose card has two stamps, all of it at the centre. */
async function busyTill(): Promise<{ till: TestTill; cardId: CardId }> {
  const till = open(newFolder());
  await enrol(till);
  await signIn(till);
  const cardId = await addStampCard(till.client, 'Tan');
  await stamp(till, cardId, 2);
  await sync(till);
  return { till, cardId };
}
const stamp = (till: TestTill, cardId: CardId, count: number) =>
  till.client['stamps.add']({ opId: till.opId(), cardId, count });

async function balanceOf(cardId: CardId): Promise<number> {
  const text = 'select balance from accounts a join cards c using (account_id) where c.card_id = $1';
  const [row] = await rowsOf<{ balance: number }>(centre.centre.database.sql, text, [cardId]);
  return row?.balance ?? 0;
}
const countStrays = async (): Promise<number> => {
  const text = 'select count(*)::int as count from stray_ops where booked_at_ms is null';
  return must((await rowsOf<{ count: number }>(centre.centre.database.sql, text))[0], 'counts').count;
};
const book = (tillId: string) =>
  centre.centre.database.transaction(async (tx) => {
    const unit = await openUnit(sqlStore(tx, centre.centre.crypto, null), Date.now());
    await bookStrays(unit, tillId, 'staff-1');
    await saveUnit(unit);
  });

/** The folder as a copy of the disk would have it. */
function copyOf(dir: string): string {
  const copy = newFolder();
  cpSync(dir, copy, { recursive: true });
  return copy;
}

/** A copy of the till's folder, which went on and sent three stamps since. */
async function overtakenCopy(till: TestTill, cardId: CardId): Promise<string> {
  await close(till);
  const copy = copyOf(till.dir);
  const live = open(till.dir);
  await signIn(live);
  await stamp(live, cardId, 3);
  await sync(live);
  await close(live);
  return copy;
}

test('a till put back from a copy goes on by itself under a new incarnation, its file kept (I5)', async () => {
  const { till, cardId } = await busyTill();
  const copy = await overtakenCopy(till, cardId);
  let restored = open(copy);
  await signIn(restored);
  renewals = 0;
  await expect(sync(restored)).rejects.toMatchObject({ code: 'core_restarted' });
  expect(renewals).toBe(1);
  await stamp(restored, cardId, 4);
  restored = await reopen(restored);
  expect(readdirSync(copy)).toContain('till.db.incarnation-1');
  await signIn(restored);
  await stamp(restored, cardId, 1);
  expect(await sync(restored)).toMatchObject({ outstanding: 0 });
  expect(await balanceOf(cardId)).toBe(6);
  expect((await restored.client['till.verify']({})).ok).toBe(true);
  const { enrolment } = await restored.client['till.get']({});
  expect(await countStrays()).toBe(1);
  await book(must(enrolment, 'enrolled').tillId);
  expect(await balanceOf(cardId)).toBe(10);
});

test('a day of an earlier incarnation is proven though a file of it can not be read any more (N10)', async () => {
  const { till, cardId } = await busyTill();
  const { businessDay } = await till.client['day.close']({ businessDay: null });
  const copy = await overtakenCopy(till, cardId);
  const restored = open(copy);
  await expect(sync(restored)).rejects.toMatchObject({ code: 'core_restarted' });
  const back = await reopen(restored);
  writeFileSync(join(copy, 'till.db.incarnation-1'), 'what a disk left of it');
  await signIn(back);
  await sync(back);
  expect((await back.client['day.getClose']({ businessDay })).proof.state).toBe('equal');
});

test('an answer about the next incarnation that got lost is asked for again, and the till goes on by itself', async () => {
  const { till, cardId } = await busyTill();
  await close(till);
  const copy = copyOf(till.dir);
  const live = open(till.dir);
  await signIn(live);
  await stamp(live, cardId, 3);
  await sync(live);
  await close(live);

  // As it is after the question: the request is noted, the centre went on, and nobody heard of it.
  const file = openTill({ path: join(copy, 'till.db'), keyHex: KEY_HEX });
  const settings = createTillSettings(file.settings);
  const { tillId, incarnation, token, secretKey } = must(settings.enrolment(), 'enrolled');
  const requestId = 'ab'.repeat(16);
  settings.setRenewalRequestId(requestId);
  const lastTseq = file.ops.last()?.tseq ?? 0;
  file.close();
  const asked = { protocol: 1, tillId, incarnation, lastTseq, requestId };
  const post = injected(centre.app);
  expect((await post('/v1/incarnations', asked, { token, secretKey })).status).toBe(200);

  const restored = open(copy);
  await expect(sync(restored)).rejects.toMatchObject({ code: 'core_restarted' });
  const back = await reopen(restored);
  await signIn(back);
  await stamp(back, cardId, 1);
  expect(await sync(back)).toMatchObject({ outstanding: 0 });
  expect(await balanceOf(cardId)).toBe(6);
});

test('of two copies at work one is stopped; a manager’s code brings it back and nothing is lost (I5)', async () => {
  const { till, cardId } = await busyTill();
  await close(till);
  const [one, other] = [open(till.dir), open(copyOf(till.dir))];
  await signIn(one);
  await signIn(other);
  await stamp(one, cardId, 10);
  await sync(one);
  await stamp(other, cardId, 5);
  await expect(sync(other)).rejects.toMatchObject({ code: 'till_forked' });
  expect((await other.client['sync.getStatus']({})).state).toBe('stopped');
  await stamp(other, cardId, 6);

  const { tillId } = await enrol(other);
  const back = await reopen(other);
  await signIn(back);
  await stamp(back, cardId, 1);
  await sync(back);
  expect([await balanceOf(cardId), await countStrays()]).toEqual([13, 2]);
  await book(tillId);
  expect(await balanceOf(cardId)).toBe(24);

  await stamp(one, cardId, 50);
  await expect(sync(one)).rejects.toMatchObject({ code: 'centre_refused' });
  await enrol(one);
  const again = await reopen(one);
  expect(await sync(again)).toMatchObject({ outstanding: 0 });
  await book(tillId);
  expect(await balanceOf(cardId)).toBe(74);
});

test('a till that the centre did not stop is not let in again', async () => {
  const { till } = await busyTill();
  await expect(enrol(till)).rejects.toMatchObject({ code: 'already_enrolled' });
});

test('a start that was cut off between the two renames is finished by the next one', async () => {
  const { till } = await busyTill();
  await close(till);
  const path = join(till.dir, 'till.db');
  renameSync(path, `${path}.incarnation-1`);
  const fresh = openTill({ path: `${path}.new`, keyHex: KEY_HEX });
  fresh.close();
  const next = open(till.dir);
  expect(existsSync(`${path}.new`)).toBe(false);
  expect((await next.client['till.get']({})).enrolment).toBeNull();
});
