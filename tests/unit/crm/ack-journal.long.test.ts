import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openAckJournal } from '../../../crm/ack-journal.ts';
import type { ChangeLine, Database } from '../../../crm/database.ts';
import { answerItem } from '../../../crm/inbox/answers.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { listDocuments, saveDocuments } from '../../../crm/repos/documents.ts';
import { listInbox } from '../../../crm/repos/inbox.ts';
import { countStrays } from '../../../crm/repos/strays.ts';
import { listTills } from '../../../crm/repos/tills.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import { startServer, type RunningServer } from '../../../crm/server.ts';
import { sqlUnit } from '../../../crm/sql-store.ts';
import { openTrialKeeper } from '../../../crm/trial-keeper.ts';
import type { StaffId, StoreId } from '../../../sync/base/ids.ts';
import { mountSmall } from '../../parts/mounts.ts';
import { FORM } from './test-centre.ts';
import { codeOf, overHttp, TestTill } from './test-till.ts';

let folder: string;
let server: RunningServer | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'counterfoil-crm-'));
  await writeFile(join(folder, 'setup.json'), JSON.stringify(FORM));
});
afterEach(async () => {
  await server?.stop();
  server = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function start(): Promise<RunningServer> {
  const clock = { nowMs: () => Date.now() };
  const log = pino({ level: 'silent' });
  const rest = { host: '127.0.0.1', port: 0, databaseUrl: null, isDemo: false, onDeath: () => undefined };
  server = await startServer({ ...rest, folder, clock, log, setupFile: join(folder, 'setup.json') });
  return server;
}

async function stop(): Promise<void> {
  await server?.stop();
  server = undefined;
}

const lineOf = (lineNo: number): ChangeLine => ({
  lineNo,
  changes: [['update t set a = $1', [`${lineNo} ü`, null, true, ['x']]]],
});

test('a journal gives back whole lines in their order, and leaves a torn end out', async () => {
  const journal = await openAckJournal(folder);
  await Promise.all([journal.append(lineOf(1)), journal.append(lineOf(2))]);
  await journal.rotate();
  await journal.append(lineOf(3));
  await journal.close();
  const path = join(folder, 'acks.journal');
  await appendFile(path, (await readFile(path, 'utf8')).slice(0, 60));
  const again = await openAckJournal(folder);
  expect(await again.read()).toEqual([lineOf(1), lineOf(2), lineOf(3)]);
  await again.dropOld();
  expect(await again.read()).toEqual([lineOf(3)]);
  await again.close();
});

test('what is acknowledged after a torn end is read again', async () => {
  const journal = await openAckJournal(folder);
  await journal.append(lineOf(1));
  await journal.close();
  const path = join(folder, 'acks.journal');
  await appendFile(path, (await readFile(path, 'utf8')).slice(0, 60));
  const again = await openAckJournal(folder);
  await again.append(lineOf(2));
  expect((await again.read()).map(({ lineNo }) => lineNo)).toEqual([1, 2]);
  expect(again.size()).toBe((await readFile(path)).length);
  expect(await again.keepAside(7)).toEqual(['acks.journal.kept-7']);
  await again.close();
});

test('a start that fails before it has looked at the journal leaves it to the next one', async () => {
  const journal = await openAckJournal(folder);
  await journal.append(lineOf(1));
  await journal.close();
  const broken = { query: () => Promise.reject(new Error('no connection')) };
  const parts = { log: pino({ level: 'silent' }), clock: { nowMs: () => 7 }, crypto: nodeCrypto };
  // Cast: nothing but a question gets as far as this database.
  const database = { sql: broken } as unknown as Database;
  const keeper = await openTrialKeeper(folder, { ...parts, database });
  await expect(keeper.recover()).rejects.toThrow('no connection');
  await keeper.end();
  const again = await openAckJournal(folder);
  expect(await again.read()).toEqual([lineOf(1)]);
  await again.close();
});

/** The power goes in the first moments of a start that follows a clean stop: the folder counts as open already. */
async function cutPower(): Promise<void> {
  await stop();
  const state = { isClean: false, bootId: 'of another start', openedAtMs: 0 };
  await writeFile(join(folder, 'pglite.state'), JSON.stringify(state));
}

const KEEP = { action: 'keep' as const };
const STORE = { version: 1, name: 'Late store', timeZone: 'Asia/Singapore', cutOffHour: 4 };

test('a power cut takes back neither tills, documents, strays nor decisions that came after the dump (I5)', async () => {
  const first = await start();
  const post = overHttp(first.url);
  const [one, other] = [await TestTill.enrol(post), await TestTill.enrol(post)];
  one.stamp(one.makeMember({ mobile: '+6591110001' }));
  other.makeMember({ mobile: '+6591110001' });
  await one.sync();
  const copy = one.clone();
  await first.centre.database.checkpoint();

  await other.sync();
  const late = await TestTill.enrol(post);
  late.stamp(late.makeMember(), 3);
  await late.sync();
  const storeId = 'late' as StoreId;
  await first.centre.database.transaction((tx) =>
    saveDocuments(tx, [{ kind: 'store', id: 'late', body: { ...STORE, storeId } }]),
  );
  const ref = one.makeMember();
  await one.sync();
  copy.stamp(ref);
  expect(codeOf(await copy.send())).toBe('till_forked');
  const [item] = (await listInbox(first.centre.database.sql, { state: 'open', after: '', limit: 9 })).items;
  const answering = { id: item?.id ?? '', managerId: 'staff-1' as StaffId, reason: '', answer: KEEP };
  const { crypto, database } = first.centre;
  await sqlUnit(database, crypto)((store) => answerItem(store, answering, { crypto, nowMs: 1 }));
  const state = async ({
    centre: {
      database: { sql },
    },
  }: RunningServer) => ({
    stores: (await listDocuments(sql, 'store')).map((store) => store.storeId),
    tills: (await listTills(sql))
      .map(({ tillId, hiTseq, state: till }) => `${tillId} ${hiTseq} ${till}`)
      .sort(),
    strays: await countStrays(sql),
    open: (await listInbox(sql, { state: 'open', after: '', limit: 9 })).items.map(({ kind }) => kind),
  });
  const before = await state(first);
  expect(before).toMatchObject({ stores: ['late', 'store-1'], strays: 1, open: ['till_forked'] });
  await cutPower();

  const second = await start();
  expect(await state(second)).toEqual(before);
  expect(await verifyCentre(second.centre)).toMatchObject({ problems: [] });
  late.post = overHttp(second.url);
  expect(codeOf(await late.send())).toBe('epoch_changed');
}, 180_000);

test('a power cut that takes the database back loses nothing that was acknowledged (R-D, trial)', async () => {
  const first = await start();
  const till = await TestTill.enrol(overHttp(first.url));
  const ref = till.makeMember();
  till.stamp(ref, 2);
  await till.sync();
  await first.centre.database.checkpoint();
  for (let count = 0; count < 5; count += 1) {
    till.stamp(ref);
    await till.exchange();
  }
  const before = await verifyCentre(first.centre);
  await cutPower();

  const second = await start();
  const after = await verifyCentre(second.centre);
  expect([after.stateHash, after.problems]).toEqual([before.stateHash, []]);
  expect(after.epoch).not.toBe(before.epoch);
  till.post = overHttp(second.url);
  expect(codeOf(await till.send())).toBe('epoch_changed');
  till.ackedTseq = 0;
  till.cursor = 0;
  till.epoch = '';
  await till.sync();
  expect((await verifyCentre(second.centre)).stateHash).toBe(before.stateHash);
}, 180_000);

test('a clean stop keeps the journal, and nothing of it is written twice', async () => {
  const first = await start();
  const till = await TestTill.enrol(overHttp(first.url));
  till.stamp(till.makeMember());
  await till.sync();
  const before = await verifyCentre(first.centre);
  await stop();
  expect((await readFile(join(folder, 'acks.journal'))).length).toBeGreaterThan(0);
  expect(await verifyCentre((await start()).centre)).toEqual(before);
}, 180_000);

test('a start that finds a gap behind the dump is not over before there is another dump', async () => {
  const first = await start();
  await first.centre.database.checkpoint();
  await TestTill.enrol(overHttp(first.url));
  await stop();
  await rm(join(folder, 'acks.journal'));
  const dump = join(folder, 'pglite.dump');
  const before = await readFile(dump);
  await start();
  expect(before.equals(await readFile(dump))).toBe(false);
}, 180_000);

test('a full disk refuses what is next before it is done, keeps what waits, and goes on with room again', async () => {
  const small = mountSmall('64k');
  try {
    const journal = await openAckJournal(small.folder);
    const ballast = join(small.folder, 'ballast');
    await writeFile(ballast, Buffer.alloc(64 * 1024)).catch(() => undefined);
    await expect(journal.append(lineOf(1))).rejects.toThrow('ENOSPC');
    await expect(journal.makeRoom()).rejects.toThrow('ENOSPC');
    await rm(ballast);
    await journal.makeRoom();
    await journal.append(lineOf(2));
    expect(await journal.read()).toEqual([lineOf(1), lineOf(2)]);
    await journal.close();
  } finally {
    small.end();
  }
});

test('while the journal takes nothing, a till hears "busy" and nothing of what it sent is stored', async () => {
  const { url, centre } = await start();
  const till = await TestTill.enrol(overHttp(url));
  till.stamp(till.makeMember());
  const before = await verifyCentre(centre);
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  const append = (): Promise<void> => Promise.resolve();
  centre.database.record({ makeRoom: () => Promise.reject(full), append });
  expect(codeOf(await till.send())).toBe('busy');
  centre.database.record({ makeRoom: () => Promise.resolve(), append });
  expect(await verifyCentre(centre)).toEqual(before);
}, 180_000);
