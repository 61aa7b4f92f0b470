import Sqlite from 'better-sqlite3';
import { createHash } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import type { Database } from '../../../../crm/database.ts';
import { cutSegment } from '../../../../crm/feed/segmenter.ts';
import { makeSnapshot } from '../../../../crm/feed/snapshot.ts';
import { readDigests } from '../../../../crm/repos/feed-digests.ts';
import { insertErasures } from '../../../../crm/repos/erasures.ts';
import { findLane, listSegments, readCut } from '../../../../crm/repos/feed-files.ts';
import { readHead } from '../../../../crm/repos/feed-head.ts';
import { findChunk, findSnapshot } from '../../../../crm/repos/feed-snapshots.ts';
import { must } from '../../../../sync/base/must.ts';
import {
  accountRowHash,
  addToDigest,
  bucketOfId,
  bucketOfNo,
  cardHash,
  differingBuckets,
  emptyDigest,
  memberHash,
} from '../../../../sync/feed/digest.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { account, card, member } from '../../db/samples.ts';
import { centreHash, createCopy, openFeedDatabase, pullFiles } from './files.ts';
import { changeMember, moveBalances, renameMember, writeMembers } from './row-writer.ts';

const NOW = { nowMs: 1_000_000, changesMin: 1, ageMsMin: 0, hashAfter: 1 };
const CANARY = 'Zanzibarquay';
const DAY_MS = 24 * 60 * 60_000;

let postgres: PostgresPart;
let database: Database;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  database = await openFeedDatabase(await postgres.createDatabase());
});
afterEach(() => database.close());

/** All rows of a table over all chunks; each chunk's hash is checked on the way. */
async function rowsOfSnapshot(table: string): Promise<Record<string, unknown>[]> {
  const snapshot = must(await findSnapshot(database.sql), 'there is a snapshot');
  const rows: Record<string, unknown>[] = [];
  for (const [at, ref] of snapshot.chunks.entries()) {
    const body = must(await findChunk(database.sql, snapshot.snapshotId, at), 'the chunk is there');
    expect(createHash('sha256').update(body).digest('hex')).toBe(ref.sha256);
    expect(body.length).toBe(ref.bytes);
    const db = new Sqlite(zstdDecompressSync(body));
    rows.push(...(db.prepare(`SELECT * FROM ${table}`).all() as Record<string, unknown>[]));
    db.close();
  }
  return rows;
}

test('a snapshot holds every row as of its number, in chunks that can be fetched one by one', async () => {
  await writeMembers(database, { first: 1, count: 25 });
  await renameMember(database, 7, 'Lim');
  await moveBalances(database, [3], 55);
  expect(await makeSnapshot(database, { nowMs: 5, chunkMembers: 10 })).toBe(1);
  const snapshot = must(await findSnapshot(database.sql), 'it is ready');
  expect(snapshot).toMatchObject({
    seq: 27,
    untilSeq: 27,
    madeAtMs: 5,
    members: 25,
    cards: 25,
    accounts: 25,
  });
  expect(snapshot.chunks.map(({ members, cards, accounts }) => [members, cards, accounts])).toEqual([
    [10, 10, 10],
    [10, 10, 10],
    [5, 5, 5],
  ]);
  const members = await rowsOfSnapshot('members');
  expect(members.map((row) => row['member_id'])).toEqual(
    Array.from({ length: 25 }, (_, at) => member(at + 1).memberId),
  );
  expect(members[6]).toMatchObject({ last_name: 'Lim', seq: 27, has_marketing_consent: 1 });
  expect(members[6]?.['row_hash']).toBe(memberHash(member(7, { lastName: 'Lim' })));
  expect((await rowsOfSnapshot('accounts'))[2]).toMatchObject({ account_no: 3, balance: 55, seq: 27 });
  expect((await rowsOfSnapshot('cards'))[0]).toMatchObject({ card_number: card(1).cardNumber, seq: 27 });
});

test('writers go on while a snapshot is made, and it shows nothing of them', async () => {
  await writeMembers(database, { first: 1, count: 40 });
  let isMaking = true;
  const making = makeSnapshot(database, { nowMs: 5, chunkMembers: 2 }).finally(() => (isMaking = false));
  let written = 0;
  // The first chunk shows that the reading instant has passed.
  while ((await findChunk(database.sql, 1, 0)) === undefined) await database.sql.query('select 1');
  while (isMaking) {
    await moveBalances(database, [40], 1_000 + written);
    await writeMembers(database, { first: 100 + written, count: 1 });
    written += 1;
  }
  await making;
  expect(written).toBeGreaterThan(0);
  const accounts = await rowsOfSnapshot('accounts');
  expect(accounts).toHaveLength(40);
  expect(accounts.every((row) => row['balance'] === 3 && row['seq'] === 40)).toBe(true);
});

test('one process makes it at a time; an old one goes when a newer has been there for a day', async () => {
  await writeMembers(database, { first: 1, count: 3 });
  const made = await Promise.all([
    makeSnapshot(database, { nowMs: 5, chunkMembers: 1 }),
    makeSnapshot(database, { nowMs: 5, chunkMembers: 1 }),
  ]);
  const [first] = made.filter((id) => id !== null);
  expect(made.filter((id) => id !== null)).toHaveLength(1);
  await makeSnapshot(database, { nowMs: DAY_MS });
  expect(await findChunk(database.sql, first ?? 0, 0)).toBeDefined();
  const last = await makeSnapshot(database, { nowMs: DAY_MS + 6 });
  expect(await findChunk(database.sql, first ?? 0, 0)).toBeUndefined();
  expect((await findSnapshot(database.sql))?.snapshotId).toBe(last);
});

test('who was anonymised is in no file any more, and tills still get the empty row', async () => {
  await writeMembers(database, { first: 1, count: 3 });
  await changeMember(database, 2, { lastName: CANARY });
  await cutSegment(database, NOW);
  await makeSnapshot(database, { nowMs: 5 });
  await changeMember(database, 2, {
    lastName: '',
    firstName: '',
    mobile: null,
    email: null,
    state: 'anonymised',
  });
  await cutSegment(database, NOW);
  expect(await findSnapshot(database.sql)).toBe(null);
  const copy = createCopy();
  await pullFiles(database, copy, 0);
  expect(copy.members.get(member(2).memberId)).toMatchObject({ lastName: '', state: 'anonymised' });
  expect(copy.hash()).toBe(await centreHash(database));
  const segments = await listSegments(database.sql, 0);
  expect(new Set(segments.map(({ segmentId }) => segmentId)).has(1)).toBe(false);
  for (const { segmentId } of segments) {
    const lane = must(await findLane(database.sql, segmentId, 'rows'), 'all have rows');
    expect(zstdDecompressSync(lane).toString()).not.toContain(CANARY);
  }
  await makeSnapshot(database, { nowMs: 5 });
  expect(JSON.stringify(await rowsOfSnapshot('members'))).not.toContain(CANARY);
});

test('a late edit of somebody who was anonymised long ago leaves snapshots and files alone', async () => {
  await writeMembers(database, { first: 1, count: 3 });
  await cutSegment(database, NOW);
  await changeMember(database, 2, { lastName: '', state: 'anonymised' });
  const { seq } = await readHead(database.sql);
  await insertErasures(database.sql, [{ memberId: member(2).memberId, seq, atMs: 1 }]);
  await cutSegment(database, NOW);
  const kept = await makeSnapshot(database, { nowMs: 5 });
  const files = (await listSegments(database.sql, 0)).map(({ segmentId }) => segmentId);
  await changeMember(database, 2, { state: 'anonymised' });
  await cutSegment(database, NOW);
  expect((await findSnapshot(database.sql))?.snapshotId).toBe(kept);
  const after = (await listSegments(database.sql, 0)).map(({ segmentId }) => segmentId);
  expect(after.slice(0, files.length)).toEqual(files);
});

test('who is anonymised while a snapshot is read is not in what is served, wherever the erasure falls', async () => {
  await writeMembers(database, { first: 1, count: 6 });
  await changeMember(database, 2, { lastName: CANARY });
  await cutSegment(database, NOW);
  const nobody = { lastName: '', firstName: '', mobile: null, email: null, state: 'anonymised' } as const;
  const making = makeSnapshot(database, { nowMs: 5, chunkMembers: 1 });
  // The second member is in the first instant's rows.
  while ((await findChunk(database.sql, 2, 1)) === undefined) await database.sql.query('select 1');
  await changeMember(database, 2, nobody);
  const made = await making;
  expect(made).toBeGreaterThan(2);
  expect(JSON.stringify(await rowsOfSnapshot('members'))).not.toContain(CANARY);
  // Nothing of the spoilt one is left.
  expect(await findChunk(database.sql, 2, 1)).toBeUndefined();
});

test('an erasure finds a snapshot that has been named and not read yet', async () => {
  await writeMembers(database, { first: 1, count: 2 });
  await cutSegment(database, NOW);
  const named: number[] = [];
  const watched: Database = {
    ...database,
    sql: database.sql,
    transaction: async (act, kind) => {
      const { rows } = await database.sql.query('select snapshot_id from feed_snapshots');
      named.push(rows.length);
      return database.transaction(act, kind);
    },
  };
  await makeSnapshot(watched, { nowMs: 5 });
  expect(named).toEqual([1]);
});

test('digests are those of the rows at the last cut, however they came about', async () => {
  await writeMembers(database, { first: 1, count: 30 });
  await cutSegment(database, NOW);
  await moveBalances(database, [5, 6, 5], 9);
  await renameMember(database, 8, 'Ng');
  await cutSegment(database, NOW);
  const before = await readDigests(database.sql);
  await moveBalances(database, [5], 10);
  expect(await readDigests(database.sql)).toEqual(before);
  const expected = { members: emptyDigest(), cards: emptyDigest(), accounts: emptyDigest() };
  for (let n = 1; n <= 30; n += 1) {
    const row = member(n, n === 8 ? { lastName: 'Ng' } : {});
    addToDigest(expected.members, bucketOfId(row.memberId), { count: 1, sum: memberHash(row) });
    addToDigest(expected.cards, bucketOfId(card(n).cardId), { count: 1, sum: cardHash(card(n)) });
    const balance = n === 5 || n === 6 ? 9 : 3;
    const held = account(n, { accountNo: n, balance, lastEntryAtMs: n * 60_000 });
    addToDigest(expected.accounts, bucketOfNo(n), { count: 1, sum: accountRowHash(held) });
  }
  expect(before).toEqual(expected);
  const other = structuredClone(expected.accounts);
  addToDigest(other, 6, { count: 0, sum: 1 });
  expect(differingBuckets(before.accounts, other)).toEqual([6]);
});

test('a cut that somebody waits for owes its hashes: the next that notes them notes those too', async () => {
  const waited = { ...NOW, hashAfter: Infinity };
  await writeMembers(database, { first: 1, count: 12 });
  await cutSegment(database, NOW);
  const before = await readDigests(database.sql);
  await moveBalances(database, [3, 4], 7);
  await renameMember(database, 8, 'Ng');
  expect(await cutSegment(database, waited)).toBe(2);
  expect([await readCut(database.sql), await readDigests(database.sql)]).toMatchObject([
    { cutSeq: 15, hashedSeq: 12 },
    before,
  ]);
  // Nothing has changed since: no segment, and the digests are told as of the cut.
  expect(await cutSegment(database, { ...NOW, changesMin: 99, ageMsMin: 1 })).toBe(null);
  expect(await readCut(database.sql)).toMatchObject({ hashedSeq: 12 });
  expect(await cutSegment(database, NOW)).toBe(null);
  expect(await readCut(database.sql)).toMatchObject({ cutSeq: 15, hashedSeq: 15, nextFileId: 3 });
  await moveBalances(database, [4, 5], 8);
  await cutSegment(database, waited);
  await moveBalances(database, [5], 9);
  expect(await cutSegment(database, NOW)).toBe(4);
  expect((await listSegments(database.sql, 0)).at(-1)).toMatchObject({ fromSeq: 17, balances: { count: 1 } });
  const owed = await readDigests(database.sql);
  await database.sql.query('delete from feed_hashes');
  await database.sql.query('delete from feed_digests');
  await database.sql.query('update feed_cut set hashed_seq = 0');
  await cutSegment(database, NOW);
  expect(await readDigests(database.sql)).toEqual(owed);
});
