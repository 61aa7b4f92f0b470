import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../../../../crm/database.ts';
import { cutSegment } from '../../../../../crm/feed/segmenter.ts';
import { saveDocuments } from '../../../../../crm/repos/documents.ts';
import { beginFill } from '../../../../../db/replica/open.ts';
import type { FeedSource } from '../../../../../electron/core/pull/feed-source.ts';
import { pullFiles, refill, settleFiles } from '../../../../../electron/core/pull/pull-files.ts';
import { must } from '../../../../../sync/base/must.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { CHAIN } from '../../../../parts/shop.ts';
import { centreHash, openFeedDatabase } from '../../../crm/feed/files.ts';
import { moveBalances, renameMember, writeMembers } from '../../../crm/feed/row-writer.ts';
import { account, cardNumber, card, entry } from '../../../db/samples.ts';
import { GIVEN_MARK, directSource, makeCopySite, NOW, type CopySite } from './copy-site.ts';

const MEMBERS = 60;
const CHUNK_MEMBERS = 20;
const CANARY = 'Zanzibarquay';

let postgres: PostgresPart;
let database: Database;
let sites: CopySite[];

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  sites = [];
  database = await openFeedDatabase(await postgres.createDatabase());
  await database.transaction((tx) => saveDocuments(tx, [{ kind: 'chain', id: 'chain', body: CHAIN }]));
  await writeMembers(database, { first: 1, count: MEMBERS });
});
afterEach(async () => {
  for (const site of sites) await site.close();
  await database.close();
});

async function siteOf(change: (source: FeedSource) => Partial<FeedSource> = () => ({})): Promise<CopySite> {
  const source = directSource(database, CHUNK_MEMBERS);
  const site = await makeCopySite(database, { ...source, ...change(source) });
  sites.push(site);
  return site;
}

/** Some of everything that changes while nobody looks. */
async function goOn(round: number): Promise<void> {
  await writeMembers(database, { first: 1_000 + round * 10, count: 3 });
  await moveBalances(database, [1, 2, 1_000 + round * 10], 40 + round);
  await renameMember(database, 3 + round, 'Goh');
}

test('a copy from snapshot, segments and entries is the centre’s own state, and ready to be looked up', async () => {
  const site = await siteOf();
  await cutSegment(database, NOW);
  await site.parts.source.manifest(true);
  await goOn(1);
  const at = (await database.sql.query('select seq from feed_head')).rows[0] as { seq: number };
  const sold = entry(1, { seq: at.seq });
  await database.sql.query(
    `insert into entries (op_id, seq, account_id, store_id, delta, "row") values ($1, $2, $3, 'store-1', 1, $4)`,
    [sold.opId, sold.seq, sold.accountId, JSON.stringify(sold)],
  );
  await pullFiles(site.parts);
  const { cursor, settled } = site.replica().meta();
  expect([cursor, settled]).toEqual([at.seq, at.seq]);
  // What proves these numbers came with them.
  expect(site.replica().mark()).toBe(GIVEN_MARK);
  expect(site.hash()).toBe(await centreHash(database));
  expect(site.replica().counts()).toMatchObject({ members: MEMBERS + 3, accounts: MEMBERS + 3, entries: 1 });
  expect(site.replica().cardByNumber(cardNumber(5))?.cardId).toBe(card(5).cardId);
  expect(
    site
      .replica()
      .documents()
      .map(({ kind }) => kind),
  ).toEqual(['chain']);
  expect(site.progress[0]).toEqual({ members: 0, of: MEMBERS });
  expect(site.progress.slice(-2)).toEqual([{ members: MEMBERS, of: MEMBERS }, null]);
});

test('segments alone bring a copy forward, each account as of the number that the segment names', async () => {
  const [ahead, fresh] = [await siteOf(), await siteOf()];
  await pullFiles(ahead.parts);
  for (let round = 0; round < 3; round += 1) {
    await goOn(round);
    await cutSegment(database, NOW);
  }
  const later = 'zz.later';
  await pullFiles({ ...ahead.parts, mark: () => later });
  await pullFiles(fresh.parts);
  expect(ahead.replica().mark()).toBe(later);
  expect(ahead.hash()).toBe(await centreHash(database));
  expect(fresh.hash()).toBe(ahead.hash());
  expect(ahead.replica().meta()).toEqual(fresh.replica().meta());
  const { cursor } = ahead.replica().meta();
  expect(ahead.replica().account(account(1).accountId)).toMatchObject({ balance: 42, seq: cursor });
});

test('rows are taken only when the fates of own ops are known as far as the rows reach', async () => {
  const site = await siteOf();
  await pullFiles(site.parts);
  await goOn(1);
  site.known.length = 0;
  const refused = new Error('the line is gone');
  const before = site.replica().meta();
  await expect(pullFiles({ ...site.parts, knowFates: () => Promise.reject(refused) })).rejects.toBe(refused);
  expect(site.replica().meta()).toEqual(before);
  await pullFiles(site.parts);
  expect(site.known).toEqual([site.replica().meta().cursor]);
});

test('cut off in the middle, a fill goes on with the chunk that was missing', async () => {
  const fetched: number[] = [];
  let isCut = true;
  const site = await siteOf((source) => ({
    chunk: async (of, bytesMax) => {
      fetched.push(of.at);
      if (isCut && of.at === 2) throw new Error('the line is gone');
      return source.chunk(of, bytesMax);
    },
  }));
  await expect(pullFiles(site.parts)).rejects.toThrow('the line is gone');
  expect(site.replica().counts().members).toBe(0);
  site.reopen();
  isCut = false;
  fetched.length = 0;
  await pullFiles(site.parts);
  expect(fetched).toEqual([2]);
  expect(site.hash()).toBe(await centreHash(database));
});

test('a fill is not gone on with from another snapshot of the same number, as a centre that was put back may make', async () => {
  const site = await siteOf((source) => ({
    chunk: (of, bytesMax) =>
      of.at === 2 ? Promise.reject(new Error('the line is gone')) : source.chunk(of, bytesMax),
  }));
  await expect(pullFiles(site.parts)).rejects.toThrow('the line is gone');
  const { id } = (await database.sql.query('select max(snapshot_id) as id from feed_snapshots')).rows[0] as {
    id: number;
  };
  await database.sql.query('delete from feed_snapshots');
  await renameMember(database, 1, 'Goh');
  // The list of files that a till asks for cuts a segment before.
  await database.sql.query(`delete from feed_segments where segment_id >= ${id - 1}`);
  await database.sql.query(`update feed_cut set next_file_id = ${id - 1}`);
  site.reopen();
  await pullFiles({ ...site.parts, source: directSource(database, CHUNK_MEMBERS) });
  expect(site.hash()).toBe(await centreHash(database));
});

test('a ready fill of another epoch, or of before the copy, is thrown away; the right one is adopted', async () => {
  const site = await siteOf();
  const leave = async (end: { epoch: string; cursor: number }): Promise<void> => {
    beginFill(site.parts.place, 'left behind');
    await site.parts.worker().finishFill(end);
  };
  await leave({ epoch: 'another', cursor: 1_000_000 });
  await pullFiles(site.parts);
  expect(site.hash()).toBe(await centreHash(database));
  await leave({ epoch: site.replica().meta().epoch, cursor: 1 });
  await refill(site.parts);
  expect(site.hash()).toBe(await centreHash(database));
});

test('a cut between a fill and what files do not carry is mended before anything else', async () => {
  let isCut = true;
  const site = await siteOf((source) => ({
    entries: (range) => (isCut ? Promise.reject(new Error('the line is gone')) : source.entries(range)),
  }));
  await expect(pullFiles(site.parts)).rejects.toThrow('the line is gone');
  expect(site.replica().meta().settled).toBe(0);
  isCut = false;
  site.reopen();
  await settleFiles(site.parts);
  const { cursor, settled } = site.replica().meta();
  expect(settled).toBe(cursor);
});

const flip = (bytes: Uint8Array): Uint8Array => bytes.map((byte, at) => (at === 40 ? byte ^ 1 : byte));

test('a file with a flipped bit is fetched again; one that stays so is refused, and nothing of it is taken', async () => {
  let flips = 1;
  const site = await siteOf((source) => ({
    chunk: async (of, bytesMax) => {
      const bytes = await source.chunk(of, bytesMax);
      flips -= 1;
      return flips >= 0 ? flip(bytes) : bytes;
    },
    lane: async (of, bytesMax) => flip(await source.lane(of, bytesMax)),
  }));
  await pullFiles(site.parts);
  expect(site.hash()).toBe(await centreHash(database));
  const before = site.hash();
  await goOn(1);
  await expect(pullFiles(site.parts)).rejects.toMatchObject({ kind: 'nonsense' });
  expect(site.hash()).toBe(before);
});

test('a list that the centre did not sign is refused', async () => {
  const site = await siteOf((source) => ({
    manifest: async (needsSnapshot) => {
      const { text, signature } = await source.manifest(needsSnapshot);
      return { text: text.replace('"form":1', '"form": 1'), signature };
    },
  }));
  await expect(pullFiles(site.parts)).rejects.toMatchObject({ kind: 'nonsense' });
  expect(site.replica().counts().members).toBe(0);
});

test('a copy older than everything that is kept is filled anew, and stays in use until the new one is whole', async () => {
  const site = await siteOf();
  await pullFiles(site.parts);
  await goOn(1);
  await cutSegment(database, NOW);
  await database.sql.query('delete from feed_segments');
  await database.sql.query('delete from feed_snapshots');
  await writeMembers(database, { first: 2_000, count: 1 });
  const seen: number[] = [];
  const onProgress: CopySite['parts']['onProgress'] = () => seen.push(site.replica().counts().members);
  await pullFiles({ ...site.parts, onProgress });
  expect(new Set(seen.slice(0, -1))).toEqual(new Set([MEMBERS]));
  expect(site.hash()).toBe(await centreHash(database));
});

test('a snapshot whose segments are gone is not fetched: the centre makes a new one first', async () => {
  const fetched = new Set<number>();
  const asked: boolean[] = [];
  const stale = { isStuck: true };
  const site = await siteOf((source) => ({
    manifest: async (needsSnapshot) => {
      asked.push(needsSnapshot);
      if (needsSnapshot && !stale.isStuck) await database.sql.query('delete from feed_snapshots');
      return source.manifest(needsSnapshot);
    },
    chunk: (of, bytesMax) => {
      fetched.add(of.snapshotId);
      return source.chunk(of, bytesMax);
    },
  }));
  await pullFiles(site.parts);
  await goOn(1);
  await cutSegment(database, NOW);
  await database.sql.query('delete from feed_segments');
  await goOn(2);
  fetched.clear();
  asked.length = 0;
  await expect(pullFiles(site.parts)).rejects.toMatchObject({ kind: 'busy' });
  expect([...fetched]).toEqual([]);
  stale.isStuck = false;
  await pullFiles(site.parts);
  expect(fetched.size).toBe(1);
  expect(asked).toEqual([false, true, false, true]);
  expect(site.hash()).toBe(await centreHash(database));
});

test('entries come in pages, each asked for from where the one before ended', async () => {
  const pages: { after: number; until: number }[] = [];
  const site = await siteOf((source) => ({
    entries: (range) => {
      pages.push(range);
      // As of a store with more than one page holds.
      return source.entries({ ...range, until: Math.min(range.until, range.after + 25) });
    },
  }));
  await pullFiles(site.parts);
  const { cursor, settled } = site.replica().meta();
  expect(settled).toBe(cursor);
  expect(pages).toEqual([0, 25, 50].map((after) => ({ after, until: cursor })));
});

/** Every file below the folder, as it is on the disk. */
const findOnDisk = (dir: string, word: string): string[] =>
  readdirSync(dir).filter((name) => {
    const bytes = readFileSync(join(dir, name));
    return bytes.includes(word) || bytes.includes(Buffer.from(word, 'utf16le'));
  });

test('no name lies readable on the disk, neither while a copy is filled nor after', async () => {
  await renameMember(database, 9, CANARY);
  const found: string[] = [];
  const looks: string[][] = [];
  const site = await siteOf();
  const look = (): void => {
    looks.push(readdirSync(site.dir));
    found.push(...findOnDisk(site.dir, CANARY));
  };
  await pullFiles({ ...site.parts, onProgress: look });
  look();
  expect(
    site.replica().member(must(site.replica().cardByNumber(cardNumber(9)), 'the card is there').memberId),
  ).toMatchObject({ lastName: CANARY });
  expect(looks.some((names) => names.some((name) => name.includes('fill')))).toBe(true);
  expect(found).toEqual([]);
});

test('entries are on their way while the centre cuts; what lies behind the cut is left for later', async () => {
  const asked: string[] = [];
  const site = await siteOf((source) => ({
    manifest: (needsSnapshot) => {
      asked.push('list');
      return source.manifest(needsSnapshot);
    },
    entries: (range) => {
      asked.push(`${range.after}-${range.until}`);
      return source.entries(range);
    },
  }));
  await pullFiles(site.parts);
  const { cursor: before } = site.replica().meta();
  await moveBalances(database, [1, 2, 3], 50);
  const sell = async (n: number, seq: number): Promise<void> => {
    const sold = entry(n, { seq });
    await database.sql.query(
      `insert into entries (op_id, seq, account_id, store_id, delta, "row") values ($1, $2, $3, 'store-1', 1, $4)`,
      [sold.opId, sold.seq, sold.accountId, JSON.stringify(sold)],
    );
  };
  await sell(1, before + 1);
  await sell(2, before + 3);
  asked.length = 0;
  // The centre was at the second sale when it answered, and goes on before it cuts.
  await pullFiles({ ...site.parts, reach: () => before + 2 });
  const cut = site.replica().meta();
  expect(asked).toEqual([`${before}-${before + 2}`, 'list', `${before + 2}-${before + 3}`]);
  expect([cut.cursor, cut.settled, site.replica().counts().entries]).toEqual([before + 3, before + 3, 2]);

  await moveBalances(database, [1, 2, 3], 60);
  await sell(3, cut.cursor + 1);
  await sell(4, cut.cursor + 3);
  // A list that ends before what the till heard of: the last sale comes when its number does.
  const early = await site.parts.source.manifest(false);
  await moveBalances(database, [1], 70);
  await sell(5, cut.cursor + 4);
  await pullFiles({
    ...site.parts,
    reach: () => cut.cursor + 4,
    source: { ...site.parts.source, manifest: async () => early },
  });
  const late = site.replica().meta();
  expect([late.cursor, late.settled, site.replica().counts().entries]).toEqual([
    cut.cursor + 3,
    cut.cursor + 3,
    4,
  ]);
});
