import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import type { Database } from '../../../../crm/database.ts';
import { cutSegment } from '../../../../crm/feed/segmenter.ts';
import { rollUpFeed } from '../../../../crm/feed/roll-up.ts';
import { lockHead } from '../../../../crm/repos/feed-head.ts';
import { createManifests } from '../../../../crm/feed/manifest.ts';
import { insertSegment, listSegments, readCut } from '../../../../crm/repos/feed-files.ts';
import { rowsOf } from '../../../../crm/database.ts';
import { listEntries } from '../../../../crm/repos/feed-entries.ts';
import { Manifest, planSegments } from '../../../../sync/feed/manifest.ts';
import { startPostgres, type PostgresPart } from '../../../parts/postgres.ts';
import { centreHash, createCopy, openFeedDatabase, pullFiles } from './files.ts';
import { moveBalances, renameMember, writeMembers } from './row-writer.ts';

const NOW = { nowMs: 1_000_000, changesMin: 1, ageMsMin: 0, hashAfter: 1 };
const WRITERS = 20;
const WRITES_EACH = 10;

let postgres: PostgresPart;
/** Two pools on one database, as two processes have. */
let first: Database;
let second: Database;

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  const url = await postgres.createDatabase();
  [first, second] = [await openFeedDatabase(url), await openFeedDatabase(url)];
});
afterEach(async () => {
  await first.close();
  await second.close();
});

test('a segment is what changed since the one before, as of the head that it names', async () => {
  await writeMembers(first, { first: 1, count: 5 });
  expect(await cutSegment(first, NOW)).toBe(1);
  expect(await cutSegment(first, NOW)).toBe(null);
  await moveBalances(first, [2, 4], 77);
  await moveBalances(first, [4], 78);
  await renameMember(first, 3, 'Lim');
  expect(await cutSegment(second, NOW)).toBe(2);
  const [start, next] = await listSegments(first.sql, 0);
  expect(start).toMatchObject({ fromSeq: 0, toSeq: 5, balances: null, rows: { count: 15 } });
  expect(next).toMatchObject({ fromSeq: 5, toSeq: 9, balances: { count: 2 }, rows: { count: 1 } });
  const copy = createCopy();
  expect(await pullFiles(second, copy, 0)).toBe(9);
  expect(copy.accounts.get(4)?.balance).toBe(78);
  expect(copy.hash()).toBe(await centreHash(first));
});

test('nothing is cut before so much has changed, or so much time has passed', async () => {
  await writeMembers(first, { first: 1, count: 5 });
  const rule = { nowMs: 5_000, changesMin: 6, ageMsMin: 10_000, hashAfter: 1 };
  expect(await cutSegment(first, rule)).toBe(null);
  expect(await cutSegment(first, { ...rule, nowMs: 10_000 })).toBe(1);
  await writeMembers(first, { first: 6, count: 6 });
  expect(await cutSegment(first, { ...rule, nowMs: 10_001 })).toBe(2);
});

test('of two processes that cut at once exactly one does, and the chain has neither gap nor overlap', async () => {
  for (let round = 0; round < 15; round += 1) {
    await writeMembers(first, { first: 1 + round * 3, count: 3 });
    const made = await Promise.all([cutSegment(first, NOW), cutSegment(second, NOW)]);
    expect(made.filter((id) => id !== null)).toHaveLength(1);
  }
  const segments = await listSegments(first.sql, 0);
  expect(segments).toHaveLength(15);
  segments.forEach(({ fromSeq, toSeq }, at) => expect([fromSeq, toSeq]).toEqual([at * 3, at * 3 + 3]));
});

/** Twenty writers on two processes while both cut and a reader polls; what the reader has at the end. */
async function runRace(read: (cursor: number) => Promise<number>): Promise<number> {
  let isWriting = true;
  const writers = Array.from({ length: WRITERS }, async (_, writer) => {
    const database = writer % 2 === 0 ? first : second;
    for (let write = 0; write < WRITES_EACH; write += 1) {
      const n = 1 + (writer * WRITES_EACH + write) * 2;
      await writeMembers(database, { first: n, count: 2 });
      await moveBalances(database, [n, n + 1, n], writer * 100 + write);
    }
  });
  const cutter = async (database: Database): Promise<void> => {
    while (isWriting) {
      await cutSegment(database, NOW);
      await rollUpFeed(database, NOW.nowMs);
    }
  };
  const reader = async (): Promise<number> => {
    let cursor = 0;
    while (isWriting) cursor = await read(cursor);
    return cursor;
  };
  const background = [cutter(first), cutter(second)];
  const reading = reader();
  await Promise.all(writers).finally(() => (isWriting = false));
  await Promise.all(background);
  while ((await cutSegment(first, NOW)) !== null);
  return read(await reading);
}

test('twenty writers, two cutting processes, a polling reader of files: it ends with the same rows', async () => {
  const copy = createCopy();
  const cursor = await runRace((from) => pullFiles(first, copy, from));
  expect(cursor).toBe((await readCut(first.sql))?.cutSeq);
  const fresh = createCopy();
  await pullFiles(second, fresh, 0);
  const expected = await centreHash(first);
  expect(copy.hash()).toBe(expected);
  expect(fresh.hash()).toBe(expected);
}, 60_000);

/**
 * The wrong way, on purpose: writers that take a number each from a sequence and commit when they are done,
 * and a reader that goes on behind the highest number it has seen. Ten times a later number is committed
 * first: made to happen, not hoped for.
 */
async function runSerialFeed({ sql, transaction }: Database): Promise<{ made: number; seen: number }> {
  await sql.query('create table serial_feed (seq bigserial primary key)');
  const seen = new Set<number>();
  let cursor = 0;
  const read = async (): Promise<void> => {
    const text = 'select seq from serial_feed where seq > $1 order by seq';
    for (const { seq } of await rowsOf<{ seq: number }>(sql, text, [cursor])) seen.add((cursor = seq));
  };
  for (let round = 0; round < 10; round += 1) {
    const [numbered, overtaken] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = transaction(async (tx) => {
      await tx.query('insert into serial_feed default values');
      numbered.resolve();
      await overtaken.promise;
    });
    await numbered.promise;
    await sql.query('insert into serial_feed default values');
    await read();
    overtaken.resolve();
    await slow;
    await read();
  }
  return { made: 20, seen: seen.size };
}

test('a cursor on a plain serial column misses every number that was overtaken: the head row is why ours does not', async () => {
  expect(await runSerialFeed(first)).toEqual({ made: 20, seen: 10 });
  // The same interleaving through the head row: the second writer waits until the first is done.
  const [locked, go] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const slow = first.transaction(async (tx) => {
    await lockHead(tx);
    locked.resolve();
    await go.promise;
  });
  await locked.promise;
  const quick = writeMembers(second, { first: 1, count: 1 }).then(() => 'committed');
  expect(await cutSegment(first, NOW)).toBe(null);
  go.resolve();
  await slow;
  expect(await quick).toBe('committed');
  expect(await cutSegment(first, NOW)).not.toBe(null);
});

test('rolled up, the files say the same, and old ones go only when they are covered', async () => {
  const [copy, early] = [createCopy(), createCopy()];
  for (let round = 0; round < 40; round += 1) {
    await writeMembers(first, { first: 1 + round * 2, count: 2 });
    if (round > 0) await moveBalances(first, [1 + round, round], round);
    await cutSegment(first, NOW);
    if (round === 20) await pullFiles(first, early, 0);
  }
  const earlyCursor = 21 * 2 + 20 * 2;
  expect(await rollUpFeed(first, NOW.nowMs)).toBe(2);
  const levels = (await listSegments(first.sql, NOW.nowMs)).map(({ level }) => level);
  expect(levels).toEqual([1, 1, ...Array.from({ length: 8 }, () => 0)]);
  await pullFiles(first, copy, 0);
  await pullFiles(first, early, earlyCursor);
  const expected = await centreHash(first);
  expect(copy.hash()).toBe(expected);
  expect(early.hash()).toBe(expected);
  for (let round = 40; round < 56; round += 1) {
    await writeMembers(first, { first: 1 + round * 2, count: 2 });
    await cutSegment(first, NOW);
  }
  await rollUpFeed(second, NOW.nowMs + 61 * 60_000);
  expect(await listSegments(first.sql, 0)).toHaveLength(3 + 8);
  const late = createCopy();
  await pullFiles(first, late, 0);
  expect(late.hash()).toBe(await centreHash(first));
});

test('what was cut by a clock that was not set yet leaves no hole: later segments are still merged, and lead on', async () => {
  const setMs = Date.UTC(2026, 0, 1);
  const cutSome = async (count: number, nowMs: number): Promise<void> => {
    for (let at = 0; at < count; at += 1) {
      await moveBalances(first, [1], (nowMs % 1_000) + at);
      await cutSegment(first, { ...NOW, nowMs });
      await rollUpFeed(first, nowMs);
    }
  };
  await writeMembers(first, { first: 1, count: 3 });
  await cutSome(20, setMs);
  // The computer starts with an empty battery, and hears the time a minute later.
  await cutSome(40, 60_000);
  await cutSome(240, setMs + 1_800_000);
  const segments = (await listSegments(first.sql, setMs * 2)).map(({ fromSeq, toSeq }) => [fromSeq, toSeq]);
  segments.slice(1).forEach(([fromSeq], at) => expect(fromSeq).toBe(segments[at]?.[1]));
  expect(segments.length).toBeLessThan(16 * 2);
  const copy = createCopy();
  await pullFiles(second, copy, 0);
  expect(copy.hash()).toBe(await centreHash(first));
});

test('after more rows than a segment holds the chain begins anew, under a file number of its own', async () => {
  await writeMembers(first, { first: 1, count: 5 });
  const before = await readCut(first.sql);
  expect(await cutSegment(first, { ...NOW, rowsMax: 3 })).toBe(null);
  const after = await readCut(first.sql);
  expect(after).toMatchObject({ cutSeq: 5, nextFileId: (before?.nextFileId ?? 0) + 1 });
  expect(await listSegments(first.sql, 0)).toEqual([]);
});

test('however many segments are too large to be merged: a list names a thousand, half as many stay', async () => {
  const none = { body: null, count: 0, sha256: null };
  for (let at = 1; at <= 1_300; at += 1) {
    const range = { fromSeq: at, toSeq: at + 1, madeAtMs: NOW.nowMs };
    await insertSegment(first.sql, { segmentId: at, level: 4, ...range, balances: none, rows: none });
  }
  const signer = { sign: async () => 'ab'.repeat(64) };
  const { text } = await createManifests(first, signer)(NOW.nowMs);
  const { segments } = Manifest.parse(JSON.parse(text));
  expect([segments.length, segments[0]?.segmentId, segments.at(-1)?.segmentId]).toEqual([1_000, 301, 1_300]);
  expect(planSegments(segments, 1_200)).toHaveLength(101);
  expect(planSegments(segments, 7)).toBe(null);
  await rollUpFeed(first, NOW.nowMs);
  const left = await listSegments(first.sql, 0);
  expect([left.length, left[0]?.segmentId]).toEqual([500, 801]);
});

test('a list that was signed before the oldest segments went is made anew: a quiet night brings no other', async () => {
  const none = { body: null, count: 0, sha256: null };
  for (let at = 1; at <= 20; at += 1) {
    const range = { fromSeq: at, toSeq: at + 1, madeAtMs: NOW.nowMs };
    await insertSegment(first.sql, { segmentId: at, level: 4, ...range, balances: none, rows: none });
  }
  const manifests = createManifests(first, { sign: async () => 'ab'.repeat(64) });
  const listed = async (): Promise<number[]> =>
    Manifest.parse(JSON.parse((await manifests(NOW.nowMs)).text)).segments.map(({ segmentId }) => segmentId);
  expect(await listed()).toHaveLength(20);
  await rollUpFeed(second, NOW.nowMs, 10);
  const kept = (await listSegments(first.sql, 0)).map(({ segmentId }) => segmentId);
  expect([kept.length, await listed()]).toEqual([10, kept]);
  // With nothing gone the list stays, signed once for all.
  const { text } = await manifests(NOW.nowMs);
  await rollUpFeed(second, NOW.nowMs + 1, 10);
  expect((await manifests(NOW.nowMs + 5)).text).toBe(text);
});

test('a page of entries never claims more than has a number', async () => {
  await writeMembers(first, { first: 1, count: 5 });
  expect(await listEntries(first.sql, 'store-none', { after: 0, until: 9_999 })).toEqual({
    entries: [],
    until: 5,
  });
});
