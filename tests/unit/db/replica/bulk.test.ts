import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, test } from 'vitest';
import { openFile } from '../../../../db/open.ts';
import { adoptFillFile } from '../../../../db/replica/bulk/adopt-fill.ts';
import { fillPathOf } from '../../../../db/replica/bulk/fill-file.ts';
import { beginFill, findFillOf, openReplica } from '../../../../db/replica/open.ts';
import { startReplicaWorker } from '../../../../db/replica/worker-host.ts';
import { runTask, type ReplicaPlace } from '../../../../db/replica/worker-tasks.ts';
import type { ReplicaDb } from '../../../../db/replica/types.ts';
import { CHUNK_SCHEMA } from '../../../../sync/feed/chunk-schema.ts';
import { createStateHash } from '../../../../sync/merge/state-hash.ts';
import type { Rows } from '../../../../sync/model/feed.ts';
import { chunkImage } from '../../../parts/chunk-image.ts';
import { testCrypto } from '../../../parts/node-crypto.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import * as sample from '../samples.ts';

const newPlace = (): ReplicaPlace => ({ path: join(tempFolder(), 'replica.db'), keyHex: KEY });
const END = { epoch: 'e1', cursor: 500 };
const SEQ = 500;

/** Members `first` to `last`, with card and account. */
function chunkRows(first: number, last: number): Rows {
  const all = sample.shopRows(last);
  const from = first - 1;
  const { members, cards, accounts } = all;
  return sample.rows({
    members: members.slice(from),
    cards: cards.slice(from),
    accounts: accounts.slice(from),
  });
}

async function fill(place: ReplicaPlace, chunks: readonly Rows[], skip = 0): Promise<void> {
  for (const [chunk, rows] of chunks.entries()) {
    if (chunk >= skip) await runTask(place, { name: 'insertChunk', image: chunkImage(rows, SEQ), chunk });
  }
  await runTask(place, { name: 'finishFill', end: END });
}

function opened(place: ReplicaPlace): ReplicaDb {
  adoptFillFile(place.path);
  return closing(openReplica(place));
}

function hashOf(replica: ReplicaDb): string {
  const hash = createStateHash(testCrypto);
  replica.eachRow({ member: hash.addMember, card: hash.addCard, account: hash.addAccount });
  return hash.value();
}

describe('a copy that was filled in bulk', () => {
  test('is the copy that the same rows make page by page: rows, searches, digests', async () => {
    const place = newPlace();
    beginFill(place, 's1');
    await fill(place, [chunkRows(1, 40), chunkRows(41, 100)]);
    const bulk = opened(place);
    const paged = closing(openReplica(newPlace()));
    paged.apply(chunkRows(1, 100), { ...END, isSettled: false });
    expect(bulk.meta()).toEqual({ epoch: 'e1', cursor: 500, settled: 0 });
    expect(bulk.counts()).toEqual(paged.counts());
    expect(hashOf(bulk)).toBe(hashOf(paged));
    expect(bulk.digests()).toBeNull();
    await runTask(place, { name: 'tend' });
    expect(bulk.digests()).toEqual(paged.digests());
    expect(bulk.isTendingDue()).toBe(false);
    for (const [key, isPrefix] of [
      ['ntan wei 3', true],
      ['p0000', true],
      ['llk77', false],
      ['em5@', true],
    ] as const) {
      expect(bulk.search({ key, isPrefix }, 60)).toEqual(paged.search({ key, isPrefix }, 60));
    }
    expect(bulk.cardByNumber(sample.cardNumber(77))).toEqual(sample.card(77, { seq: SEQ }));
    expect(bulk.check()).toEqual([]);
    const plainOf = (path: string) =>
      closing(openFile({ path, keyHex: KEY, file: 'replica' }))
        .prepare('SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name')
        .pluck()
        .all()
        .map((sql) => String(sql).replace(/(rowid (?:<=|>)) \d+/, '$1 N'));
    expect(plainOf(place.path)).toEqual(plainOf(closingPath()));
  });

  test('takes pages like any other, and its digests follow', async () => {
    const place = newPlace();
    beginFill(place, 's1');
    await fill(place, [chunkRows(1, 30)]);
    const bulk = opened(place);
    const moved = sample.member(7, { seq: 600, lastName: 'Lim', mobile: '+6588887777' });
    const account = sample.account(8, { seq: 600, balance: 40, entryCount: 2 });
    const fresh = chunkRows(31, 33);
    const page = { ...fresh, members: [...fresh.members, moved], accounts: [...fresh.accounts, account] };
    bulk.apply(page, { epoch: 'e1', cursor: 600, isSettled: true });
    await runTask(place, { name: 'tend' });
    const paged = closing(openReplica(newPlace()));
    paged.apply(chunkRows(1, 30), { ...END, isSettled: false });
    paged.apply(page, { epoch: 'e1', cursor: 600, isSettled: true });
    expect(bulk.digests()).toEqual(paged.digests());
    expect(hashOf(bulk)).toBe(hashOf(paged));
    expect(bulk.byPhone('+6588887777', 5)).toEqual([moved.memberId]);
    expect(bulk.byPhone(sample.member(7).mobile ?? '', 5)).toEqual([]);
    expect(bulk.check()).toEqual([]);
  });
});

function closingPath(): string {
  const place = newPlace();
  openReplica(place).close();
  return place.path;
}

describe('a fill', () => {
  test('says how far it has come, goes on from there, and passes over what it has', async () => {
    const place = newPlace();
    const chunks = [chunkRows(1, 5), chunkRows(6, 9), chunkRows(10, 12)];
    expect(findFillOf(place)).toBeNull();
    expect(beginFill(place, 's1')).toMatchObject({ snapshot: 's1', chunks: 0, isReady: false });
    await runTask(place, { name: 'insertChunk', image: chunkImage(chunkRows(1, 5), SEQ), chunk: 0 });
    await expect(
      runTask(place, { name: 'insertChunk', image: chunkImage(chunkRows(9, 9), SEQ), chunk: 2 }),
    ).rejects.toThrow('chunk 2 before chunk 1');
    expect(beginFill(place, 's1').chunks).toBe(1);
    await fill(place, chunks);
    expect(findFillOf(place)).toMatchObject({ isReady: true });
    await runTask(place, { name: 'finishFill', end: END });
    expect(opened(place).counts()).toEqual({ members: 12, cards: 12, accounts: 12, entries: 0 });
  });

  test('of another snapshot, or one that can not be read, begins anew', async () => {
    const place = newPlace();
    beginFill(place, 's1');
    await runTask(place, { name: 'insertChunk', image: chunkImage(chunkRows(1, 5), SEQ), chunk: 0 });
    expect(beginFill(place, 's2')).toMatchObject({ snapshot: 's2', chunks: 0, isReady: false });
    await fill(place, [chunkRows(1, 2)]);
    expect(beginFill(place, 's3').chunks).toBe(0);
    expect(findFillOf({ ...place, keyHex: '0'.repeat(64) })).toBeNull();
    expect(beginFill({ ...place, keyHex: '0'.repeat(64) }, 's3').chunks).toBe(0);
  });

  test.each([
    ['a table more', `${CHUNK_SCHEMA} CREATE TABLE other (a TEXT) STRICT;`],
    ['a trigger', `${CHUNK_SCHEMA} CREATE TRIGGER t AFTER INSERT ON cards BEGIN DELETE FROM members; END;`],
    ['weaker checks', CHUNK_SCHEMA.replaceAll(/ CHECK \(.*\)(,?)$/gm, '$1')],
    ['nothing in it', ''],
  ])('refuses an image with %s, and stays as it was', async (_, schema) => {
    const place = newPlace();
    beginFill(place, 's1');
    const image = new Database(':memory:');
    image.exec(schema);
    const bytes = image.serialize();
    image.close();
    await expect(runTask(place, { name: 'insertChunk', image: bytes, chunk: 0 })).rejects.toThrow('form');
    expect(findFillOf(place)?.chunks).toBe(0);
  });

  test('refuses bytes that are no image', async () => {
    const place = newPlace();
    beginFill(place, 's1');
    const image = Buffer.from('x'.repeat(8_192));
    await expect(runTask(place, { name: 'insertChunk', image, chunk: 0 })).rejects.toThrow('NOTADB');
    expect(findFillOf(place)?.chunks).toBe(0);
  });

  test('leaves nothing readable on the disk', async () => {
    const CANARY = 'Canary Quetzalcoatl';
    const place = newPlace();
    beginFill(place, 's1');
    const rows = sample.rows({ members: [sample.member(1, { lastName: CANARY, notes: CANARY })] });
    const files = () =>
      readdirSync(dirname(place.path)).map((name) => readFileSync(join(dirname(place.path), name)));
    await runTask(place, { name: 'insertChunk', image: chunkImage(rows, SEQ), chunk: 0 });
    const during = files();
    await runTask(place, { name: 'finishFill', end: END });
    const replica = opened(place);
    await runTask(place, { name: 'tend' });
    expect(replica.search({ key: 'ncanary', isPrefix: true }, 5)).toEqual([sample.memberId(1)]);
    const all = [...during, ...files()];
    expect(all.length).toBeGreaterThan(1);
    for (const form of [CANARY, 'Quetzalcoatl', 'quetzalcoatl', sample.memberId(1)])
      expect(all.some((bytes) => bytes.includes(form))).toBe(false);
  });
});

test('the worker does each task in a thread of its own, and passes faults on', async () => {
  const place = newPlace();
  beginFill(place, 's1');
  const worker = startReplicaWorker(place);
  try {
    const image = new Uint8Array(chunkImage(chunkRows(1, 20), SEQ));
    await expect(worker.insertChunk(new Uint8Array(10), 0)).rejects.toThrow('replica.db');
    await worker.insertChunk(image, 0);
    await worker.finishFill(END);
    const replica = opened(place);
    await worker.tend();
    expect([await worker.check(), replica.digests() === null]).toEqual([[], false]);
  } finally {
    await worker.close();
  }
  await expect(worker.tend()).rejects.toThrow('ended');
});

test('a chunk that comes again when the file is ready is passed over: a cut may come before the answer', async () => {
  const place = newPlace();
  beginFill(place, 's1');
  const insert = () =>
    runTask(place, { name: 'insertChunk', image: chunkImage(chunkRows(1, 20), SEQ), chunk: 0 });
  await insert();
  await insert();
  await runTask(place, { name: 'finishFill', end: END });
  await insert();
  await runTask(place, { name: 'finishFill', end: END });
  const copy = opened(place);
  expect([copy.counts().members, copy.check()]).toEqual([20, []]);
});

test('a chunk has the tables of the copy, to the letter', () => {
  const place = newPlace();
  closing(openReplica(place));
  const raw = closing(openFile({ ...place, file: 'replica' }));
  const tables = raw
    .prepare(
      "SELECT sql || ';' FROM sqlite_master WHERE name IN ('members', 'cards', 'accounts') ORDER BY rowid",
    )
    .pluck()
    .all();
  expect(tables.join('\n')).toBe(CHUNK_SCHEMA.trim());
  expect(fillPathOf(place.path)).toBe(`${place.path}.fill`);
});
