import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { rowsOf } from '../../../../crm/database.ts';
import { createEraseList } from '../../../../crm/erase-list.ts';
import { nodeScrypt } from '../../../../crm/node-crypto.ts';
import { importSpill, spillText } from '../../../../crm/import-spill.ts';
import { lockHead } from '../../../../crm/repos/feed-head.ts';
import { listTillsByIds } from '../../../../crm/repos/tills.ts';
import { takeSpill } from '../../../../crm/spills.ts';
import { openTill } from '../../../../db/till/open.ts';
import { createTillSettings } from '../../../../electron/core/till-settings.ts';
import { crc32c } from '../../../../sync/spill/crc32c.ts';
import { readSpill } from '../../../../sync/spill/format.ts';
import type { CardId, OpId } from '../../../../sync/base/ids.ts';
import { must } from '../../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { addStampCard, addStampMember } from '../../../parts/storm-ledger.ts';
import { KEY_HEX, type TestTill } from '../../../parts/till.ts';
import { CASHIER_PIN, MANAGER_PIN, openTestCentre, type TestCentre } from '../../crm/test-centre.ts';
import { injected, makeCode } from '../../crm/test-till.ts';
import { createShelf } from './shelf.ts';

let postgres: PostgresPart;
let centre: TestCentre;
let serverUrl: string;
let databaseUrl: string;

beforeAll(async () => {
  postgres = await startPostgres();
  databaseUrl = await postgres.createDatabase();
  centre = await openTestCentre({ url: databaseUrl, scrypt: nodeScrypt });
  await centre.app.listen({ host: '127.0.0.1', port: 0 });
  serverUrl = `http://127.0.0.1:${(centre.app.server.address() as AddressInfo).port}`;
}, 60_000);
afterAll(async () => {
  await centre.close();
  await postgres.stop();
});
const { newFolder, open, close, clear } = createShelf({ onRenewed: () => undefined });
afterEach(clear);

const signIn = (till: TestTill) => till.client['session.signIn']({ login: 'manager', pin: MANAGER_PIN });
const sync = (till: TestTill) => till.client['sync.run']({});
const rescued = async (till: TestTill) => (await till.client['sync.getStatus']({})).rescued;
const enrol = async (till: TestTill) =>
  till.client['till.enrol']({ serverUrl, code: await makeCode(injected(centre.app)), tillName: 'Till' });
const stamp = async (till: TestTill, cardId: CardId, count: number): Promise<OpId> => {
  const opId = till.opId();
  await till.client['stamps.add']({ opId, cardId, count });
  return opId;
};

/** A till that was let in, with a member whose card has two stamps, all of it at the centre. */
async function busyTill(): Promise<{ till: TestTill; cardId: CardId; tillId: string }> {
  const till = open(newFolder());
  const { tillId } = await enrol(till);
  await signIn(till);
  const cardId = await addStampCard(till.client, 'Tan');
  await stamp(till, cardId, 2);
  await sync(till);
  return { till, cardId, tillId };
}

async function balanceOf(cardId: CardId): Promise<number> {
  const text = 'select balance from accounts a join cards c using (account_id) where c.card_id = $1';
  const [row] = await rowsOf<{ balance: number }>(centre.centre.database.sql, text, [cardId]);
  return row?.balance ?? 0;
}
const itemsOf = (tillId: string) =>
  rowsOf<{ kind: string; detail: object }>(
    centre.centre.database.sql,
    'select kind, detail from inbox where till_id = $1 order by id',
    [tillId],
  );
const removeTillDb = (dir: string): void => {
  for (const suffix of ['', '-wal', '-shm']) rmSync(join(dir, `till.db${suffix}`), { force: true });
};
/** The folder as a copy of the disk would have it: the files of a till that was never closed. */
function copyOf(dir: string): string {
  const copy = newFolder();
  cpSync(dir, copy, { recursive: true });
  rmSync(join(copy, 'till.lock'), { force: true });
  return copy;
}

test('a till that is not enrolled has no spill; an enrolled one has each op in it until the centre has it', async () => {
  const { till, cardId } = await busyTill();
  const path = join(till.dir, 'spill.log');
  const inSpill = (): number => readSpill(readFileSync(path)).sessions.flatMap((each) => each.records).length;
  const before = inSpill();
  await stamp(till, cardId, 1);
  expect(inSpill()).toBe(before + 1);
  expect(readFileSync(path).includes('stamp.added')).toBe(false);
  const fresh = open(newFolder());
  expect(existsSync(join(fresh.dir, 'spill.log'))).toBe(false);
});

test('a WAL that lost its tail is noticed, and the very same ops are put back, offline (R-D4)', async () => {
  const { till, cardId } = await busyTill();
  const wal = join(till.dir, 'till.db-wal');
  const before = statSync(wal).size;
  const opId = await stamp(till, cardId, 3);
  await stamp(till, cardId, 4);
  const head = await till.client['till.verify']({});
  const broken = copyOf(till.dir);
  truncateSync(join(broken, 'till.db-wal'), before);
  await close(till);

  const again = open(broken);
  expect(await rescued(again)).toBe(2);
  const verified = await again.client['till.verify']({});
  expect(verified).toMatchObject({ ok: true, ownOps: head.ownOps, chainHead: head.chainHead });
  await signIn(again);
  await again.client['stamps.add']({ opId, cardId, count: 3 });
  expect(await sync(again)).toMatchObject({ outstanding: 0, pushed: 2 });
  expect(await balanceOf(cardId)).toBe(9);
  await close(again);
  expect(await rescued(open(broken))).toBeUndefined();
});

test('with an op that was lost, the note of the grant that paid it may be lost too: all grants are given up', async () => {
  const { till, cardId } = await busyTill();
  const { dir } = till;
  await close(till);
  const holdId = '0190a000-0000-7000-8000-000000000001';
  const settingsOf = (folder: string) => {
    const file = openTill({ path: join(folder, 'till.db'), keyHex: KEY_HEX });
    return { file, settings: createTillSettings(file.settings) };
  };
  const before = settingsOf(dir);
  before.settings.setGrants({ 'account-1': { holdId, left: 30 } });
  before.file.close();
  const older = copyOf(dir);
  const again = open(dir);
  await signIn(again);
  await stamp(again, cardId, 3);
  await close(again);
  cpSync(join(dir, 'spill.log'), join(older, 'spill.log'));

  const rescuing = open(older);
  expect(await rescued(rescuing)).toBe(1);
  await close(rescuing);
  const after = settingsOf(older);
  expect([after.settings.grants(), after.settings.lettingGo()]).toEqual([{}, [holdId]]);
  after.file.close();
});

test('cut anywhere, the WAL never hides a loss: all that was confirmed is back (R-D4)', async () => {
  const { till, cardId } = await busyTill();
  const start = statSync(join(till.dir, 'till.db-wal')).size;
  for (let count = 0; count < 5; count += 1) await stamp(till, cardId, 1);
  const whole = await till.client['till.verify']({});
  const size = statSync(join(till.dir, 'till.db-wal')).size;
  for (let round = 0; round < 12; round += 1) {
    const broken = copyOf(till.dir);
    truncateSync(join(broken, 'till.db-wal'), Math.floor(start + Math.random() * (size - start)));
    const again = open(broken);
    expect(await again.client['till.verify']({})).toMatchObject({
      ok: true,
      ownOps: whole.ownOps,
      chainHead: whole.chainHead,
    });
    await close(again);
  }
});

test('till.db put back from an older copy: the centre opens the spill, books it, and the till goes on anew', async () => {
  const { till, cardId, tillId } = await busyTill();
  const old = copyOf(till.dir);
  await stamp(till, cardId, 1);
  for (let count = 0; count < 3; count += 1) await stamp(till, cardId, 1);
  await sync(till);
  // What the centre has is forgotten from the spill, as for any member who is erased.
  const lost = await stamp(till, cardId, 5);
  await close(till);
  trimSpill(till.dir);
  cpSync(join(till.dir, 'spill.log'), join(old, 'spill.log'));

  let again = open(old);
  expect(await rescued(again)).toBe(1);
  expect(readdirSync(old)).toContain('spill.aside-1.log');
  await expect(sync(again)).rejects.toMatchObject({ code: 'core_restarted' });
  expect(await balanceOf(cardId)).toBe(11);
  expect(readdirSync(old).filter((name) => name.startsWith('spill.aside'))).toEqual([]);
  await close(again);
  again = open(old);
  await signIn(again);
  await stamp(again, cardId, 1);
  expect(await sync(again)).toMatchObject({ outstanding: 0 });
  expect(await balanceOf(cardId)).toBe(12);
  expect(await itemsOf(tillId)).toEqual([
    { kind: 'ops_rescued', detail: { kind: 'ops_rescued', booked: 1, kept: 0 } },
  ]);
  expect(lost).toMatch(/-7/);
});

/** Drops the records that the centre has: those of all but the last op. */
function trimSpill(dir: string): void {
  const path = join(dir, 'spill.log');
  const { sessions } = readSpill(readFileSync(path));
  const session = must(sessions.at(-1), 'a session');
  writeFileSync(path, Buffer.concat([session.frame, must(session.records.at(-1), 'a record').frame]));
}

test('till.db gone for good: the spill alone brings all un-acked ops to the centre, with the next till there', async () => {
  const { till, cardId, tillId } = await busyTill();
  await stamp(till, cardId, 3);
  await stamp(till, cardId, 4);
  await close(till);
  removeTillDb(till.dir);
  rmSync(join(till.dir, 'replica.db'));

  const next = open(till.dir);
  expect(await rescued(next)).toBeGreaterThanOrEqual(2);
  const enrolled = await enrol(next);
  expect(enrolled.tillId).not.toBe(tillId);
  await sync(next);
  expect(await balanceOf(cardId)).toBe(9);
  expect(await itemsOf(tillId)).toMatchObject([{ kind: 'ops_rescued', detail: { booked: 2, kept: 0 } }]);
  expect(readdirSync(next.dir).filter((name) => name.startsWith('spill.aside'))).toEqual([]);
});

test('a lost till’s spill is imported by a manager, once; the till itself may yet come back (N11)', async () => {
  const { till, cardId } = await busyTill();
  await stamp(till, cardId, 3);
  await stamp(till, cardId, 4);
  const bytes = readFileSync(join(till.dir, 'spill.log'));
  const { end } = readSpill(bytes);
  const spill = bytes.subarray(0, end).toString('base64');
  const post = injected(centre.app);
  const asked = { login: 'manager', pin: MANAGER_PIN, spill };
  expect((await post('/v1/spill-imports', { ...asked, login: 'cashier', pin: CASHIER_PIN })).status).toBe(
    403,
  );
  expect((await post('/v1/spill-imports', { ...asked, pin: '000000' })).status).toBe(401);
  expect(await balanceOf(cardId)).toBe(2);
  const first = (await post('/v1/spill-imports', asked)).body;
  expect(first).toMatchObject({ booked: 2, kept: 0, refused: 0 });
  const total = readSpill(bytes).sessions.flatMap((each) => each.records).length;
  expect((await post('/v1/spill-imports', asked)).body).toEqual({
    booked: 0,
    known: total,
    kept: 0,
    refused: 0,
  });
  expect(await balanceOf(cardId)).toBe(9);
  await stamp(till, cardId, 1);
  expect(await sync(till)).toMatchObject({ outstanding: 0 });
  expect(await balanceOf(cardId)).toBe(10);
});

test('the same from the centre’s own console, beside a running centre', async () => {
  const { till, cardId } = await busyTill();
  await stamp(till, cardId, 5);
  const file = join(till.dir, 'spill.log');
  const asked = { file, folder: '', databaseUrl, clock: centre.centre.clock, log: centre.centre.log };
  const known = readSpill(readFileSync(file)).sessions.flatMap((each) => each.records).length;
  const rest = 'waiting for a manager 0, refused 0\n';
  expect(spillText(await importSpill(asked))).toBe(`booked 1, known already ${known - 1}, ${rest}`);
  expect(spillText(await importSpill(asked))).toBe(`booked 0, known already ${known}, ${rest}`);
  expect(await balanceOf(cardId)).toBe(7);
});

test('whom the list of erasures names and a spill file brings back is erased as it is imported', async () => {
  const { till } = await busyTill();
  const { memberId } = await addStampMember(till.client, 'Forgotten');
  const eraseListFile = join(newFolder(), 'erased.list');
  await createEraseList(eraseListFile).add([{ memberId, atMs: 1 }]);
  const { clock, log } = centre.centre;
  const from = { file: join(till.dir, 'spill.log'), folder: '', databaseUrl, eraseListFile, clock, log };
  expect(await importSpill(from)).toMatchObject({ booked: 1, refused: 0 });
  const text = `select state, "row" ->> 'lastName' as "lastName" from members where member_id = $1`;
  expect(await rowsOf(centre.centre.database.sql, text, [memberId])).toEqual([
    { state: 'anonymised', lastName: '' },
  ]);
});

test('a copy that was stopped: what its spill holds beside the other’s work waits for a manager, who imports it', async () => {
  const { till, cardId, tillId } = await busyTill();
  const copy = copyOf(till.dir);
  await stamp(till, cardId, 1);
  await sync(till);
  const clone = open(copy);
  await signIn(clone);
  await stamp(clone, cardId, 4);
  const bytes = readFileSync(join(copy, 'spill.log'));
  expect(await takeSpill(centre.centre, bytes, null)).toMatchObject({ booked: 0, kept: 1, refused: 0 });
  expect(await balanceOf(cardId)).toBe(3);
  expect((await itemsOf(tillId)).map(({ kind }) => kind)).toEqual(['till_forked', 'ops_rescued']);
  expect(await takeSpill(centre.centre, bytes, 'staff-1')).toMatchObject({ booked: 1, kept: 0 });
  expect(await balanceOf(cardId)).toBe(7);
  expect(await takeSpill(centre.centre, bytes, 'staff-1')).toMatchObject({ booked: 0, kept: 0 });
});

/** Each record for itself, as a till sends a large spill in parts. */
async function sendParts(dir: string): Promise<void> {
  for (const { frame, records } of readSpill(readFileSync(join(dir, 'spill.log'))).sessions)
    for (const record of records) await takeSpill(centre.centre, Buffer.concat([frame, record.frame]), null);
}

test('one loss is one thing to look at, in however many parts it comes and however often', async () => {
  const { till, cardId, tillId } = await busyTill();
  const clone = open(copyOf(till.dir));
  await signIn(clone);
  for (const at of [till, till, till, clone, clone]) await stamp(at, cardId, 1);
  for (const dir of [till.dir, till.dir, clone.dir, clone.dir]) await sendParts(dir);
  const said = (await itemsOf(tillId)).map(({ kind, detail }) => ({ note: '', ...detail, kind }));
  const fork = { kind: 'till_forked', note: expect.stringContaining('spill file') };
  expect(said).toEqual([{ kind: 'ops_rescued', note: '', booked: 3, kept: 2 }, fork]);
});

const countLockWaits = async (): Promise<number> => {
  const text = `select count(*)::int as count from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`;
  return (await rowsOf<{ count: number }>(centre.centre.database.sql, text))[0]?.count ?? 0;
};

test('a spill that comes while its till sends other work under the same numbers stops no living till', async () => {
  const { till, cardId, tillId } = await busyTill();
  const copy = copyOf(till.dir);
  await close(till);
  const clone = open(copy);
  await signIn(clone);
  await stamp(clone, cardId, 4);
  await close(clone);
  const bytes = readFileSync(join(copy, 'spill.log'));
  const living = open(till.dir);
  await signIn(living);
  await stamp(living, cardId, 1);
  // Whoever numbers anything waits here, in the order of coming: the till first, then the spill.
  const { database } = centre.centre;
  const gate: { open: () => void } = { open: () => undefined };
  const opened = new Promise<void>((done) => (gate.open = done));
  const holding = database.transaction(async (tx) => {
    await lockHead(tx);
    await opened;
  });
  const syncing = sync(living);
  await vi.waitFor(async () => expect(await countLockWaits()).toBe(1), { timeout: 10_000 });
  const taking = takeSpill(centre.centre, bytes, null);
  await vi.waitFor(async () => expect(await countLockWaits()).toBe(2), { timeout: 10_000 });
  gate.open();
  await holding;
  expect(await syncing).toMatchObject({ outstanding: 0 });
  expect(await taking).toMatchObject({ booked: 0, kept: 1 });
  expect((await listTillsByIds(database.sql, [tillId]))[0]?.state).toBe('live');
  expect(await balanceOf(cardId)).toBe(3);
});

test('a spill that somebody made up, or that another centre’s till wrote, is refused as a whole', async () => {
  const { till, cardId } = await busyTill();
  await stamp(till, cardId, 3);
  const bytes = readFileSync(join(till.dir, 'spill.log'));
  const { end, sessions } = readSpill(bytes);
  const session = must(sessions.at(-1), 'a session');
  const forged = Buffer.from(session.frame);
  forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
  forged.writeUInt32LE(crc32c(forged.subarray(0, 4), forged.subarray(8)), 4);
  const frames = session.records.map(({ frame }) => frame);
  const before = await balanceOf(cardId);
  expect(await takeSpill(centre.centre, Buffer.concat([forged, ...frames]), null)).toMatchObject({
    ...{ booked: 0, known: 0, kept: 0 },
    refused: frames.length,
  });
  expect(await takeSpill(centre.centre, bytes.subarray(0, 40), null)).toEqual({
    ...{ booked: 0, known: 0, kept: 0, refused: 0 },
  });
  expect(await takeSpill(centre.centre, Buffer.from('no spill at all'), null)).toMatchObject({ refused: 0 });
  expect(await balanceOf(cardId)).toBe(before);
  expect(end).toBeGreaterThan(0);
});

test('no op is saved that the spill could not take: the record comes before the commit', async () => {
  const { till, cardId } = await busyTill();
  const before = await till.client['till.verify']({});
  rmSync(join(till.dir, 'spill.log'), { force: true });
  await close(till);
  const broken = open(till.dir);
  await signIn(broken);
  rmSync(join(till.dir, 'spill.log'), { force: true });
  // A folder where the new file should be: nothing can be written there.
  mkdirSync(join(till.dir, 'spill.log.new', 'in-the-way'), { recursive: true });
  await expect(stamp(broken, cardId, 1)).rejects.toMatchObject({ code: 'disk_failed' });
  expect(await broken.client['till.verify']({})).toMatchObject({ ownOps: before.ownOps, ok: true });
  rmSync(join(till.dir, 'spill.log.new'), { recursive: true });
  await stamp(broken, cardId, 1);
  expect(await broken.client['till.verify']({})).toMatchObject({ ownOps: before.ownOps + 1, ok: true });
});
