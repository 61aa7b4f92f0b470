import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEraseList, type EraseList } from '../../../crm/erase-list.ts';
import { eraseAnew } from '../../../crm/inbox/erase-anew.ts';
import { LIST_OUTRUN } from '../../../crm/pages/status-page.ts';
import { wordsIn } from '../../../crm/pages/words.ts';
import { rowsOf } from '../../../crm/database.ts';
import { verifyCentre } from '../../../crm/routes/health.ts';
import type { MemberId, StoreId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { EMPTY_FIELDS } from '../../../sync/model/member.ts';
import { CANARY_WORD, canaryPhone } from '../../parts/canaries.ts';
import { startOwnPostgres, type OwnPostgres } from '../../parts/postgres.ts';
import { anonymise, DONE_AGAIN, ERASED, ListedCentre } from './listed-centre.ts';
import { codeOf, overHttp, TestTill } from './test-till.ts';

let postgres: OwnPostgres;
beforeAll(async () => {
  postgres = await startOwnPostgres();
}, 60_000);
afterAll(() => postgres.stop());

let shop: ListedCentre;
beforeEach(() => {
  shop = new ListedCentre();
});
afterEach(() => shop.remove());

const post = () => overHttp(shop.running.url);

/** Columns of any table that say a canary. */
async function tablesWithCanaries(): Promise<string[]> {
  const { sql } = shop.running.centre.database;
  const text = `select table_name as name from information_schema.tables where table_schema = current_schema()`;
  const found: string[] = [];
  for (const { name } of await rowsOf<{ name: string }>(sql, text)) {
    const [hit] = await rowsOf<{ count: number }>(
      sql,
      `select count(*)::int as count from "${name}" t where t::text ilike $1`,
      [`%${CANARY_WORD}%`],
    );
    if ((hit?.count ?? 0) > 0) found.push(name);
  }
  return found.sort();
}

async function freePort(): Promise<number> {
  const asking = createServer();
  await new Promise<void>((done) => void asking.listen(0, '127.0.0.1', done));
  const { port } = asking.address() as AddressInfo;
  await new Promise((done) => void asking.close(done));
  return port;
}

/** What a caller meets at this very moment: this process stands still meanwhile. */
function knock(port: number): string {
  const script = `require('node:net').connect(${port}, '127.0.0.1')
    .on('connect', () => { console.log('let in'); process.exit(); })
    .on('error', ({ code }) => console.log(code))`;
  return String(spawnSync(process.execPath, ['-e', script]).stdout).trim();
}

interface Store {
  name: string;
  /** Null: the embedded one. */
  url(): Promise<string | null>;
  /** While the centre is stopped. */
  backUp(): Promise<void>;
  restore(): Promise<void>;
}

const STORES: Store[] = [
  {
    name: 'PostgreSQL',
    url: () => postgres.createDatabase(),
    backUp: () => postgres.backUp(),
    restore: () => postgres.restore(),
  },
  {
    name: 'the trial database, its whole folder',
    url: () => Promise.resolve(null),
    backUp: () => Promise.resolve(cpSync(shop.data, `${shop.data}.kept`, { recursive: true })),
    restore: () => {
      rmSync(shop.data, { recursive: true });
      return Promise.resolve(cpSync(`${shop.data}.kept`, shop.data, { recursive: true }));
    },
  },
];

test.each(STORES)(
  '$name is put back to a day before erasures: they are done again before anybody is answered (R-F4, N15)',
  async (store) => {
    const url = await store.url();
    await shop.start(url);
    const till = await TestTill.enrol(post());
    const erased = [0, 1, 2].map((at) =>
      till.makeMember({ lastName: `${CANARY_WORD}${at}`, mobile: canaryPhone(at) }),
    );
    const [first] = erased;
    const other = till.makeMember({ lastName: 'Lim' });
    for (const ref of erased) till.stamp(ref, 4);
    await till.sync();
    await shop.stop();
    await store.backUp();
    await shop.start(url);
    till.post = post();
    for (const ref of erased) anonymise(till, ref);
    await till.sync();
    await shop.stop();
    await store.restore();
    expect(shop.doneAgain()).toEqual([]);
    const port = await freePort();
    const met: string[] = [];
    shop.hear = ({ msg }) => msg === DONE_AGAIN && void met.push(knock(port));
    await shop.start(url, { port });
    expect([met, knock(port)]).toEqual([['ECONNREFUSED'], 'let in']);
    for (const { memberId } of erased) expect(await shop.standingOf(memberId)).toEqual(ERASED);
    expect(await shop.standingOf(other.memberId)).toMatchObject({ state: 'active', lastName: 'Lim' });
    expect([await tablesWithCanaries(), shop.doneAgain()]).toEqual([[], [3]]);
    const { centre } = shop.running;
    expect((await verifyCentre(centre)).problems).toEqual([]);
    // Another till is told of them like of any other erasure, and its booking on one of them counts.
    const late = await TestTill.enrol(post());
    const { erasures } = await late.exchange();
    expect(new Set(erasures?.memberIds)).toEqual(new Set(erased.map(({ memberId }) => memberId)));
    late.stamp(must(first, 'one of them'), 2);
    await late.sync();
    expect((await verifyCentre(centre)).problems).toEqual([]);
    // Once is enough.
    await shop.stop();
    await shop.start(url);
    expect(shop.doneAgain()).toEqual([3]);
  },
  300_000,
);

test('a database of before its first erasure without the list: the first till that confirmed more proves it', async () => {
  const url = await postgres.createDatabase();
  await shop.start(url);
  const till = await TestTill.enrol(post());
  const known = till.makeMember({ lastName: CANARY_WORD });
  await till.sync();
  await shop.stop();
  await postgres.backUp();
  await shop.start(url);
  till.post = post();
  for (const ref of [known, till.makeMember()]) anonymise(till, ref);
  await till.sync();
  await till.exchange({ purgedErasure: 2 });
  await shop.stop();
  const list = readFileSync(shop.list);
  await postgres.restore();
  rmSync(shop.list);
  const says = async (): Promise<unknown[]> => {
    const { say } = wordsIn('zh');
    const pages = [await shop.page(), await shop.page('zh')];
    const isOnPages = [LIST_OUTRUN, say(LIST_OUTRUN)].map((text, at) => pages[at]?.includes(text));
    return [shop.hasSaid(LIST_OUTRUN), (await shop.health()).eraseList, ...isOnPages];
  };
  const tell = async (): Promise<string> => {
    till.post = post();
    return codeOf(await till.send(till.request({ purgedErasure: 2 })));
  };
  const quiet = [false, { isWritable: true, hasLacked: false }, false, false];
  await shop.start(url);
  expect(await says()).toEqual(quiet);
  expect([await tell(), await says()]).toEqual([
    'epoch_changed',
    [true, { isWritable: true, hasLacked: true }, true, true],
  ]);
  expect((await shop.standingOf(known.memberId))?.state).toBe('active');
  // It says so once; the centre goes on saying it, whoever is erased meanwhile, until the list is there.
  const later = await TestTill.enrol(post());
  for (const ref of [later.makeMember(), later.makeMember()]) anonymise(later, ref);
  await later.sync();
  await shop.stop();
  shop.lines.splice(0);
  await shop.start(url);
  expect(await says()).toEqual([true, { isWritable: true, hasLacked: true }, true, true]);
  expect(await shop.page()).toContain(`${LIST_OUTRUN} Test till (2)</p>`);
  await shop.stop();
  shop.lines.splice(0);
  appendFileSync(shop.list, list);
  await shop.start(url);
  // One of the two is not in this database: she stands in the list alone.
  expect([await tell(), await says()]).toEqual(['epoch_changed', quiet]);
  expect([await shop.standingOf(known.memberId), shop.doneAgain()]).toEqual([ERASED, [1]]);
});

test('who was split off and kept after the backup is not erased with the other', async () => {
  const url = await postgres.createDatabase();
  await shop.start(url);
  const till = await TestTill.enrol(post());
  const [gone, kept] = [till.makeMember({ lastName: CANARY_WORD }), till.makeMember({ lastName: 'Lim' })];
  const pair = { memberId: gone.memberId, intoId: kept.memberId, reason: '' };
  till.make({ kind: 'member.merged', ...pair });
  await till.sync();
  await shop.stop();
  await postgres.backUp();
  await shop.start(url);
  till.post = post();
  till.make({ kind: 'member.unmerged', ...pair });
  anonymise(till, gone);
  await till.sync();
  expect((await shop.standingOf(kept.memberId))?.state).toBe('active');
  await shop.stop();
  await postgres.restore();
  await shop.start(url);
  expect([(await shop.standingOf(gone.memberId))?.state, await shop.standingOf(kept.memberId)]).toEqual([
    'anonymised',
    { state: 'active', lastName: 'Lim', mobile: null },
  ]);
});

/** What the other till says of her as if it had been there from the start: it sends all that it has in full. */
function createAgain(till: TestTill, memberId: MemberId): void {
  till.make({
    ...{ kind: 'member.created', memberId, supportId: 'TEST-0002', storeId: till.storeId as StoreId },
    ...{ fields: { ...EMPTY_FIELDS, lastName: CANARY_WORD, mobile: canaryPhone(1) }, pdpaPolicy: '1' },
    ...{ hasMarketingConsent: false, card: null },
  });
}

test('whom a till brings back to a put-back centre is erased in the very transaction, and nobody else with her', async () => {
  const url = await postgres.createDatabase();
  await shop.start(url);
  const till = await TestTill.enrol(post());
  const kept = till.makeMember({ lastName: 'Lim' });
  await till.sync();
  await shop.stop();
  await postgres.backUp();
  await shop.start(url);
  till.post = post();
  const [alone, merged] = [0, 1].map((at) => till.makeMember({ lastName: `${CANARY_WORD}${at}` }));
  const ids = [must(alone, 'made'), must(merged, 'made')].map(({ memberId }) => memberId);
  for (const ref of [alone, merged]) anonymise(till, must(ref, 'made'));
  await till.sync();
  await shop.stop();
  await postgres.restore();
  await shop.start(url);
  const list = createEraseList(shop.list);
  const before = await list.read();
  expect(before).toEqual(new Set(ids));
  const sender = await TestTill.enrol(post());
  for (const memberId of ids) createAgain(sender, memberId);
  // As it was before she was split off and erased alone.
  const [, second] = ids;
  sender.make({ kind: 'member.merged', memberId: must(second, 'two'), intoId: kept.memberId, reason: '' });
  await sender.sync();
  for (const memberId of ids) expect(await shop.standingOf(memberId)).toEqual(ERASED);
  expect(await shop.standingOf(kept.memberId)).toMatchObject({ state: 'active', lastName: 'Lim' });
  expect(await tablesWithCanaries()).toEqual([]);
  expect((await verifyCentre(shop.running.centre)).problems).toEqual([]);
  const { erasures } = await (await TestTill.enrol(post())).exchange();
  expect(new Set(erasures?.memberIds)).toEqual(new Set(ids));
  // They stand there already: a list that can only be read is enough.
  expect([await list.read(), list.health.damagedLines]).toEqual([before, 0]);
});

test('a line that a power cut tore erases no profile of a merged pair, and the next one erases both', async () => {
  const url = await postgres.createDatabase();
  await shop.start(url);
  const till = await TestTill.enrol(post());
  const pair = [till.makeMember({ lastName: CANARY_WORD }), till.makeMember({ lastName: 'Lim' })] as const;
  const [{ memberId }, { memberId: intoId }] = pair;
  till.make({ kind: 'member.merged', memberId, intoId, reason: '' });
  await till.sync();
  const { centre } = shop.running;
  const rows = () =>
    rowsOf(centre.database.sql, 'select "row", state from members order by member_id').then((all) =>
      JSON.stringify(all),
    );
  const before = await rows();
  const whole = createEraseList(`${shop.list}.whole`);
  await whole.add([...pair].map((ref) => ({ memberId: ref.memberId, atMs: 1 })));
  const bytes = readFileSync(whole.file);
  for (let size = 0; size < bytes.length - 1; size += 1) {
    writeFileSync(shop.list, bytes.subarray(0, size));
    const eraseList = createEraseList(shop.list);
    expect(await eraseAnew({ ...centre, database: { ...centre.database, eraseList } })).toBe(0);
  }
  expect(await rows()).toBe(before);
  anonymise(till, pair[0]);
  await till.sync();
  for (const ref of pair) expect(await shop.standingOf(ref.memberId)).toEqual(ERASED);
  expect(await createEraseList(shop.list).read()).toEqual(new Set([memberId, intoId]));
});

test('a list that can be read and not written does not stop a start from erasing again', async () => {
  await shop.start(await postgres.createDatabase());
  const till = await TestTill.enrol(post());
  const { memberId } = till.makeMember({ lastName: CANARY_WORD });
  await till.sync();
  const list = createEraseList(`${shop.list}.other`);
  await list.add([{ memberId, atMs: 1 }]);
  const add = () => Promise.reject(new Error('a read-only disk'));
  const eraseList: EraseList = {
    ...{ file: list.file, health: list.health, add, tryOpen: add },
    ...{ read: () => list.read(), named: () => list.named(), listOthers: () => list.listOthers() },
    namedBy: (atMs) => list.namedBy(atMs),
  };
  const { centre } = shop.running;
  expect(await eraseAnew({ ...centre, database: { ...centre.database, eraseList } })).toBe(1);
  expect(await shop.standingOf(memberId)).toEqual(ERASED);
});
