import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { appendFile, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { createEraseList } from '../../../crm/erase-list.ts';
import { keepEraseList } from '../../../crm/inbox/list-watch.ts';
import { nodeCrypto } from '../../../crm/node-crypto.ts';
import { LIST_LACKED, LIST_NOT_WRITABLE } from '../../../crm/pages/status-page.ts';
import { wordsIn } from '../../../crm/pages/words.ts';
import { sqlStore } from '../../../crm/sql-store.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { CANARY_WORD } from '../../parts/canaries.ts';
import { startPostgres, type PostgresPart } from '../../parts/postgres.ts';
import { anonymise, DONE_AGAIN, ERASED, ListedCentre } from './listed-centre.ts';
import { codeOf, overHttp, TestTill } from './test-till.ts';

const HOUR_MS = 3_600_000;
const { say: inChinese } = wordsIn('zh');

let postgres: PostgresPart;
beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());

let shop: ListedCentre;
beforeEach(() => {
  shop = new ListedCentre();
});
afterEach(async () => {
  vi.useRealTimers();
  await shop.remove();
});

const enrol = (): Promise<TestTill> => TestTill.enrol(overHttp(shop.running.url));
const read = (file = shop.list): Promise<Set<string>> => createEraseList(file).read();

/** One member whom the till has erased. */
async function eraseOne(till: TestTill): Promise<MemberId> {
  const ref = till.makeMember({ lastName: CANARY_WORD });
  anonymise(till, ref);
  await till.sync();
  return ref.memberId;
}

/** Resolves with the first line of the log that says it. */
function heard(text: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  shop.hear = ({ msg }) => msg.includes(text) && resolve();
  return promise;
}

test('an erasure is refused while its list can not be written, the rest goes on, and then it is done', async () => {
  await shop.start(await postgres.createDatabase());
  rmSync(shop.list);
  mkdirSync(shop.list);
  const [till, other] = [await enrol(), await enrol()];
  const ref = till.makeMember({ lastName: CANARY_WORD });
  await till.sync();
  anonymise(till, ref);
  other.stamp(other.makeMember());
  const [refused] = await Promise.all([till.send(), other.sync()]);
  expect([refused.status, codeOf(refused)]).toEqual([503, 'busy']);
  expect(JSON.stringify(refused.body)).toContain('(EISDIR). Nobody was anonymised and nothing was changed');
  expect((await shop.standingOf(ref.memberId))?.state).toBe('active');
  rmSync(shop.list, { recursive: true });
  await till.sync();
  expect([await shop.standingOf(ref.memberId), await read()]).toEqual([ERASED, new Set([ref.memberId])]);
});

test('an erasure whose commit fails behind its line is told as one that may yet be done, and is done', async () => {
  await shop.start(await postgres.createDatabase());
  const { sql } = shop.running.centre.database;
  const till = await enrol();
  const ref = till.makeMember({ lastName: CANARY_WORD });
  await till.sync();
  await sql.query(`create function fail() returns trigger language plpgsql as
    $$ begin raise exception 'at the commit' using errcode = '57P01'; end $$`);
  await sql.query(`create constraint trigger fails after insert on erasures
    deferrable initially deferred for each row execute function fail()`);
  anonymise(till, ref);
  const told = await till.send();
  expect([told.status, codeOf(told)]).toEqual([503, 'busy']);
  expect(JSON.stringify(told.body)).toContain(
    'could not finish an erasure (57P01). It may yet be done by itself',
  );
  expect((await shop.standingOf(ref.memberId))?.state).toBe('active');
  await sql.query('drop trigger fails on erasures');
  await till.sync();
  expect([await shop.standingOf(ref.memberId), await read()]).toEqual([ERASED, new Set([ref.memberId])]);
});

test('who uses the store without a list erases nobody', async () => {
  const { centre } = await shop.start(await postgres.createDatabase());
  const erasing = centre.database.transaction((tx) =>
    sqlStore(tx, centre.crypto, null).eraseMembers([{ memberId: 'a' as MemberId, seq: 1, atMs: 1 }]),
  );
  await expect(erasing).rejects.toThrow('has to stand in the list of erasures');
});

test('a list that can not be read stops the start: nobody is answered out of a database that may have lost erasures', async () => {
  mkdirSync(shop.list);
  const url = await postgres.createDatabase();
  await expect(shop.start(url)).rejects.toThrow(`The list of erasures ${shop.list} can not be read (EISDIR)`);
});

test('a list that can not be written is told of at the start and each hour, in log, health and page, until it can', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const list = join(shop.folder, 'not-there', 'erased.list');
  await shop.start(await postgres.createDatabase(), { list });
  // Where its owner says, nothing is made: the disk may not be there.
  expect([existsSync(dirname(list)), shop.hasSaid(LIST_NOT_WRITABLE)]).toEqual([false, true]);
  expect((await shop.health()).eraseList).toEqual({ isWritable: false, hasLacked: false });
  expect(await shop.page()).toContain(LIST_NOT_WRITABLE);
  expect(await shop.page('zh')).toContain(inChinese(LIST_NOT_WRITABLE));
  const again = heard(LIST_NOT_WRITABLE);
  vi.advanceTimersByTime(HOUR_MS);
  await again;
  mkdirSync(dirname(list));
  await keepEraseList(shop.running.centre, 'running');
  expect((await shop.health()).eraseList).toEqual({ isWritable: true, hasLacked: false });
  expect(await shop.page()).not.toContain(LIST_NOT_WRITABLE);
});

test('a list that was lost is completed from the database, and told of till the next start', async () => {
  const url = await postgres.createDatabase();
  await shop.start(url);
  const erased = await eraseOne(await enrol());
  await shop.stop();
  await shop.start(url);
  expect((await shop.health()).eraseList).toEqual({ isWritable: true, hasLacked: false });
  await shop.stop();
  rmSync(shop.list);
  expect(shop.hasSaid(LIST_LACKED)).toBe(false);
  await shop.start(url);
  expect([await read(), shop.hasSaid(LIST_LACKED)]).toEqual([new Set([erased]), true]);
  expect((await shop.health()).eraseList).toEqual({ isWritable: true, hasLacked: true });
  expect(await shop.page()).toContain(LIST_LACKED);
  expect(await shop.page('zh')).toContain(inChinese(LIST_LACKED));
  await shop.stop();
  await shop.start(url);
  expect((await shop.health()).eraseList).toEqual({ isWritable: true, hasLacked: false });
});

test('a list that is lost while the centre runs is made again within the hour, with whom the database never knew', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const never = '01900000-0000-7000-8000-000000000001';
  await createEraseList(shop.list).add([{ memberId: never, atMs: 1 }]);
  await shop.start(await postgres.createDatabase());
  const erased = await eraseOne(await enrol());
  rmSync(shop.list);
  const told = heard('were added to the list');
  vi.advanceTimersByTime(HOUR_MS);
  await told;
  expect([await read(), shop.hasSaid(LIST_LACKED)]).toEqual([new Set([erased, never]), true]);
});

test('of several computers over one database each has everybody in its list within the hour', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const url = await postgres.createDatabase();
  const away = join(shop.folder, 'of-another-computer');
  await shop.start(url);
  await shop.start(url, { list: away });
  const told = heard('were added to the list');
  const erased = await eraseOne(await enrol());
  expect((await read(away)).size).toBe(0);
  vi.advanceTimersByTime(HOUR_MS);
  await told;
  expect([await read(away), await read(), shop.hasSaid(LIST_LACKED)]).toEqual([
    ...[new Set([erased]), new Set([erased]), false],
  ]);
});

test('whoever is named by hand while the centre runs goes within the hour', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  await shop.start(await postgres.createDatabase());
  const till = await enrol();
  const ref = till.makeMember({ lastName: CANARY_WORD });
  await till.sync();
  const away = join(shop.folder, 'of-another-computer');
  await createEraseList(away).add([{ memberId: ref.memberId, atMs: 1 }]);
  await appendFile(shop.list, await readFile(away));
  const done = heard(DONE_AGAIN);
  vi.advanceTimersByTime(HOUR_MS);
  await done;
  expect(await shop.standingOf(ref.memberId)).toEqual(ERASED);
});

test('lines that can not be read are told of in plain words, at the start and within the hour, and stop nothing', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  const text = '{"shops":["first"]}';
  await appendFile(shop.list, `${nodeCrypto.sha256Hex(text).slice(0, 16)} ${text}\n`);
  await shop.start(await postgres.createDatabase());
  const [damaged, unknown] = ['a power cut tore them', 'a later version wrote them'] as const;
  expect([damaged, unknown].map((each) => shop.hasSaid(each))).toEqual([false, true]);
  await appendFile(shop.list, 'damaged\n');
  const told = heard(damaged);
  vi.advanceTimersByTime(HOUR_MS);
  await told;
});

test('a copy of the shop for trying things out has another list in the same folder, and erases nobody in the shop', async () => {
  const [url, copy] = [await postgres.createDatabase(), await postgres.createDatabase()];
  await shop.start(url, { list: null });
  const till = await enrol();
  const ref = till.makeMember({ lastName: 'Lim' });
  await till.sync();
  await shop.stop();
  await shop.start(copy, { list: null });
  const tried = await enrol();
  tried.make({ ...(till.ops[0]?.body as { kind: string }) });
  anonymise(tried, ref);
  await tried.sync();
  expect(await shop.standingOf(ref.memberId)).toEqual(ERASED);
  await shop.stop();
  await shop.start(url, { list: null });
  expect(await shop.standingOf(ref.memberId)).toMatchObject({ state: 'active', lastName: 'Lim' });
  expect(readdirSync(shop.data).filter((name) => /^erased-[0-9a-f]{8}\.list$/.test(name))).toHaveLength(2);
  // The shop's own has nobody, and another one lies beside it: it may have moved.
  expect(shop.hasSaid('lists of other databases lie beside it')).toBe(true);
});
