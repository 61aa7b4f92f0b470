import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { rowsOf } from '../../../../crm/database.ts';
import { openTill } from '../../../../db/till/open.ts';
import { listBackups } from '../../../../electron/core/mending/till-copies.ts';
import type { CardId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { damageHeader, damageLog, damageTable, loseCardNumbers } from '../../../parts/damage.ts';
import { addStampCard } from '../../../parts/storm-ledger.ts';
import { KEY_HEX, type TestTill } from '../../../parts/till.ts';
import { addSecond, SECOND } from '../../../parts/second.ts';
import { MANAGER_PIN, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode } from '../../crm/test-till.ts';
import { createShelf } from './shelf.ts';
import { openServedCentre } from './served-centre.ts';

/** A till whose own file is damaged mends itself: what it had not sent is all there again, and nothing counts twice. */

let end: () => Promise<void>;
let centre: TestCentre;
let serverUrl: string;
beforeAll(async () => {
  ({ centre, serverUrl, end } = await openServedCentre());
}, 60_000);
afterAll(() => end());

const faults: string[] = [];
const onDiskFault = (code: string): void => void faults.push(code);
const { newFolder, open, close, clear } = createShelf({
  onRenewed: () => undefined,
  onDiskFault,
  backUpAfterMs: 0,
});
afterEach(async () => {
  faults.length = 0;
  await clear();
});

const signIn = (till: TestTill) => till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
const sync = (till: TestTill) => till.client['sync.run']({});
const statusOf = (till: TestTill) => till.client['sync.getStatus']({});
const stamp = (till: TestTill, cardId: CardId, count: number) =>
  till.client['stamps.add']({ opId: till.opId(), cardId, count });
const fileOf = (till: TestTill): string => join(till.dir, 'till.db');
const ownFile = (till: TestTill) => ({ path: fileOf(till), keyHex: KEY_HEX });
const enrol = async (till: TestTill) =>
  till.client['till.enrol']({ serverUrl, code: await makeCode(injected(centre.app)), tillName: 'Till' });
const shownOf = async (till: TestTill, cardId: CardId) => {
  const { members } = await till.client['members.lookup']({ text: 'Tan' });
  return members.flatMap((member) => member.cards).find((card) => card.cardId === cardId)?.balance;
};

async function balanceOf(cardId: CardId): Promise<number> {
  const text = 'select balance from accounts a join cards c using (account_id) where c.card_id = $1';
  const [row] = await rowsOf<{ balance: number }>(centre.centre.database.sql, text, [cardId]);
  return row?.balance ?? 0;
}

async function untilBackedUp({ dir }: TestTill): Promise<void> {
  await vi.waitFor(() => expect(listBackups(dir)).toHaveLength(1), { timeout: 30_000 });
}

/** A till with a backup; then three stamps that the centre has, then four and five more that it has not. */
async function busyTill(): Promise<{ till: TestTill; cardId: CardId; tillId: string }> {
  const till = open(newFolder());
  const { tillId } = await enrol(till);
  await signIn(till);
  const cardId = await addStampCard(till.client, 'Tan');
  await sync(till);
  await untilBackedUp(till);
  await stamp(till, cardId, 3);
  await sync(till);
  await stamp(till, cardId, 4);
  await stamp(till, cardId, 5);
  return { till, cardId, tillId };
}

/** Closed, damaged, started again: where a read met the damage first, once more. */
async function reopen(till: TestTill, damage: () => void): Promise<TestTill> {
  await close(till);
  damage();
  return open(till.dir);
}

/** Nothing may have read that page at the start: the first who does has the next start look at all of the file. */
async function untilMended(till: TestTill): Promise<TestTill> {
  if ((await statusOf(till)).mended !== undefined) return till;
  await signIn(till).catch(() => null);
  await addStampCard(till.client, 'Lim').catch(() => null);
  if (!faults.includes('damaged')) throw new Error('nobody met the damage');
  await close(till);
  return open(till.dir);
}

describe.each([
  ['the page of the ops', 'ops'],
  ['the page of the op ids', 'sqlite_autoindex_ops_1'],
  ['the page of the settings', 'settings'],
  ['the page of the card numbers', 'card_stock'],
])('%s', (_, table) => {
  test('is damaged: with the line down all is there again, and the till goes on', async () => {
    const { till, cardId } = await busyTill();
    const before = await till.client['till.verify']({});
    const again = await untilMended(await reopen(till, () => damageTable(ownFile(till), table)));
    expect(await statusOf(again)).toMatchObject({ mended: 'whole' });
    const { ok, ownOps, chainHead } = await again.client['till.verify']({});
    expect({ ok, ownOps, chainHead }).toEqual({
      ok: true,
      ownOps: before.ownOps,
      chainHead: before.chainHead,
    });
    expect(readdirSync(again.dir)).toContain('till.db.damaged-1');
    await signIn(again);
    await stamp(again, cardId, 6);
    expect(await sync(again)).toMatchObject({ outstanding: 0 });
    expect(await balanceOf(cardId)).toBe(18);
    expect(await shownOf(again, cardId)).toMatchObject({ confirmed: 18, pending: 0 });
    // All that was in the damaged file is at the centre: it may hold people who are erased one day.
    await vi.waitFor(() =>
      expect(readdirSync(again.dir).filter((name) => name.includes('damaged'))).toEqual([]),
    );
  });
});

test('the header is damaged: the key is right, because it opens the other files, and the till mends itself', async () => {
  const { till, cardId } = await busyTill();
  const again = await reopen(till, () => damageHeader(fileOf(till)));
  const { mended, rescued } = await statusOf(again);
  expect(mended).toBe('whole');
  // Nothing of the damaged file can be read: what the backup has not came out of the spill file.
  expect(rescued).toBeGreaterThanOrEqual(3);
  await signIn(again);
  await stamp(again, cardId, 6);
  expect(await sync(again)).toMatchObject({ outstanding: 0 });
  expect(await balanceOf(cardId)).toBe(18);
});

test('the log of a till that was cut off is damaged: what it lost is put back', async () => {
  const { till, cardId } = await busyTill();
  const copy = newFolder();
  cpSync(till.dir, copy, { recursive: true });
  rmSync(join(copy, 'till.lock'), { force: true });
  damageLog(join(copy, 'till.db'));
  await close(till);
  const again = open(copy);
  await signIn(again);
  expect(await sync(again)).toMatchObject({ outstanding: 0 });
  expect(await balanceOf(cardId)).toBe(12);
});

test('a till that was cut off reads all of its file before it goes on', async () => {
  const { till, cardId } = await busyTill();
  await close(till);
  damageTable(ownFile(till), 'pending_keys');
  const first = open(till.dir);
  const cut = newFolder();
  await signIn(first);
  await stamp(first, cardId, 1).catch(() => null);
  cpSync(first.dir, cut, { recursive: true });
  rmSync(join(cut, 'till.lock'), { force: true });
  await close(first);
  expect(await statusOf(open(cut))).toMatchObject({ mended: 'whole' });
});

test('the copy of the members and the till’s own file are damaged at once: own work is kept, the rest comes anew', async () => {
  const { till, cardId } = await busyTill();
  const again = await reopen(till, () => {
    damageHeader(fileOf(till));
    damageTable({ path: join(till.dir, 'replica.db'), keyHex: KEY_HEX }, 'members');
  });
  expect(await statusOf(again)).toMatchObject({ mended: 'whole' });
  await sync(again).catch(() => null);
  await signIn(again);
  // The first who reads a damaged page of the copy has another one fetched.
  const shown = async (): Promise<void> => {
    await sync(again);
    expect(await shownOf(again, cardId)).toMatchObject({ confirmed: 12, pending: 0 });
  };
  await vi.waitFor(shown, { timeout: 20_000 });
  expect(await balanceOf(cardId)).toBe(12);
});

test('ops are missing that the centre has: looking up works, nothing is saved, and the next incarnation ends it', async () => {
  const { till, cardId } = await busyTill();
  await sync(till);
  let again = await reopen(till, () => {
    damageHeader(fileOf(till));
    rmSync(join(till.dir, 'spill.log'));
  });
  expect(await statusOf(again)).toMatchObject({ mended: 'gap' });
  await signIn(again);
  expect(await shownOf(again, cardId)).toMatchObject({ confirmed: 12 });
  await expect(stamp(again, cardId, 6)).rejects.toMatchObject({ code: 'till_mending' });
  await expect(again.client['day.close']({ businessDay: null })).rejects.toMatchObject({
    code: 'till_mending',
  });
  await expect(sync(again)).rejects.toMatchObject({ code: 'core_restarted' });
  await close(again);
  again = open(till.dir);
  await signIn(again);
  await stamp(again, cardId, 6);
  expect(await sync(again)).toMatchObject({ outstanding: 0 });
  expect(await balanceOf(cardId)).toBe(18);
  expect(listBackups(again.dir).every(({ incarnation }) => incarnation === 2)).toBe(true);
});

test('neither file nor backup can be read: a new code lets the till in, and its spill brings what it had not sent', async () => {
  const { till, cardId, tillId } = await busyTill();
  const again = await reopen(till, () => {
    damageHeader(fileOf(till));
    for (const { name } of listBackups(till.dir)) damageHeader(join(till.dir, name));
  });
  expect(await statusOf(again)).toMatchObject({ mended: 'empty', state: 'off' });
  expect((await again.client['till.get']({})).enrolment).toBeNull();
  const enrolled = await enrol(again);
  expect(enrolled.tillId).not.toBe(tillId);
  await sync(again);
  expect(await balanceOf(cardId)).toBe(12);
  expect((await statusOf(again)).mended).toBeUndefined();
});

test('the file is gone and its backup is there: the till is the same as before', async () => {
  const { till, cardId, tillId } = await busyTill();
  const again = await reopen(till, () => rmSync(fileOf(till)));
  expect(await statusOf(again)).toMatchObject({ mended: 'whole' });
  expect((await again.client['till.get']({})).enrolment).toMatchObject({ tillId });
  await sync(again);
  expect(await balanceOf(cardId)).toBe(12);
});

test('the wrong key is no damage: nothing is set aside', async () => {
  const { till } = await busyTill();
  await close(till);
  const names = readdirSync(till.dir);
  const { openCore } = await import('../../../../electron/core/index.ts');
  const { pino } = await import('pino');
  const config = { dataDir: till.dir, bootId: 'b', version: '0', scanner: null, isDemo: false };
  expect(() => openCore({ ...config, keyHex: '00'.repeat(32), log: pino({ level: 'silent' }) })).toThrow(
    expect.objectContaining({ code: 'key_wrong' }),
  );
  expect(readdirSync(till.dir)).toEqual(names);
});

test('a card number that was issued is not free again, though its block comes once more to a till that lost it', async () => {
  const till = open(newFolder());
  await enrol(till);
  await signIn(till);
  await addStampCard(till.client, 'Tan');
  const { cardStock } = await till.client['till.get']({});
  const again = await reopen(till, () => loseCardNumbers(ownFile(till)));
  expect((await again.client['till.get']({})).cardStock).toBe(0);
  await sync(again);
  expect((await again.client['till.get']({})).cardStock).toBe(cardStock);
});

test('somebody is erased: the backup goes at once, and the next one says nothing about them', async () => {
  await addSecond(centre.centre);
  const { till, cardId } = await busyTill();
  await sync(till);
  const [former] = listBackups(till.dir);
  const { members } = await till.client['members.lookup']({ text: 'Tan' });
  const memberId = must(
    members.find(({ cards }) => cards.some((card) => card.cardId === cardId)),
    'the member',
  ).memberId;
  await till.client['members.anonymise']({ opId: till.opId(), memberId, reason: 'asked', second: SECOND });
  await sync(till);
  await sync(till);
  await vi.waitFor(() => {
    const now = listBackups(till.dir);
    expect(now).toHaveLength(1);
    expect(now[0]?.tseq).toBeGreaterThan(former?.tseq ?? 0);
  });
  expect(existsSync(join(till.dir, former?.name ?? ''))).toBe(false);
  const path = join(till.dir, must(listBackups(till.dir)[0], 'a backup').name);
  const backup = openTill({ path, keyHex: KEY_HEX });
  const said = backup.ops.listAfter(0, 100).filter(({ op }) => op.kind === 'member.created');
  expect(said.map(({ commitment }) => commitment !== undefined)).toEqual([true]);
  backup.close();
});
