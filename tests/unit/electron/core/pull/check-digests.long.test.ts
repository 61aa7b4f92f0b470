import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../../../../crm/database.ts';
import { openFile } from '../../../../../db/open.ts';
import { checkDigests } from '../../../../../electron/core/pull/check-digests.ts';
import { pullFiles } from '../../../../../electron/core/pull/pull-files.ts';
import { startPostgres, type PostgresPart } from '../../../../parts/postgres.ts';
import { centreHash, openFeedDatabase } from '../../../crm/feed/files.ts';
import { bucketOfId } from '../../../../../sync/feed/digest.ts';
import { EMPTY_ROWS } from '../../../../../sync/model/feed.ts';
import { moveBalances, renameMember, writeMembers } from '../../../crm/feed/row-writer.ts';
import { account, cardId, memberId } from '../../../db/samples.ts';
import { directSource, makeCopySite, type CopySite } from './copy-site.ts';

let postgres: PostgresPart;
let database: Database;
let site: CopySite;
let asked: number[][];

beforeAll(async () => {
  postgres = await startPostgres();
}, 60_000);
afterAll(() => postgres.stop());
beforeEach(async () => {
  asked = [];
  database = await openFeedDatabase(await postgres.createDatabase());
  await writeMembers(database, { first: 1, count: 400 });
  const source = directSource(database, 100);
  site = await makeCopySite(database, {
    ...source,
    bucketRows: (table, buckets) => {
      asked.push([...buckets]);
      return source.bucketRows(table, buckets);
    },
  });
  await pullFiles(site.parts);
});
afterEach(async () => {
  await site.close();
  await database.close();
});

/** Writes past everything that keeps notes, as a fault of ours would. */
function damage(sql: string): void {
  const raw = openFile({ ...site.parts.place, file: 'replica' });
  expect(raw.prepare(sql).run().changes).toBe(1);
  raw.close();
}

test('a copy that is right is found right, also when the centre has gone on meanwhile', async () => {
  await moveBalances(database, [7, 8], 90);
  await renameMember(database, 9, 'Koh');
  for (const isThorough of [false, true]) {
    const check = await checkDigests(site.parts, isThorough);
    expect(check).toEqual({
      seq: 403,
      differing: { members: 0, cards: 0, accounts: 0 },
      isMended: true,
    });
  }
  expect(site.replica().meta()).toMatchObject({ cursor: 403, settled: 403 });
  expect(asked).toEqual([]);
});

test('a damaged row of each table is found by what it says, and only its bucket is fetched', async () => {
  damage(`UPDATE members SET last_name = 'Nobody' WHERE member_id = '${memberId(31)}'`);
  damage(`UPDATE cards SET status = 'lost' WHERE card_id = '${cardId(32)}'`);
  damage(`UPDATE accounts SET balance = balance + 1000 WHERE account_no = 33`);
  site.reopen();
  expect(site.hash()).not.toBe(await centreHash(database));
  expect(await checkDigests(site.parts, true)).toMatchObject({
    differing: { members: 1, cards: 1, accounts: 1 },
    isMended: true,
  });
  expect(asked.map((buckets) => buckets.length)).toEqual([1, 1, 1]);
  expect(site.hash()).toBe(await centreHash(database));
  expect(site.replica().account(account(33).accountId)?.balance).toBe(3);
  expect(await checkDigests(site.parts, true)).toMatchObject({ differing: { members: 0, accounts: 0 } });
  expect(await checkDigests(site.parts, false)).toMatchObject({ differing: { members: 0, accounts: 0 } });
});

test('a row that was lost, and notes that are off, are found without reading the rows', async () => {
  expect(await checkDigests(site.parts, false)).toMatchObject({ isMended: true });
  damage(`DELETE FROM accounts WHERE account_no = 40`);
  damage(`UPDATE digests SET is_whole = 0 WHERE name = 'accounts'`);
  site.reopen();
  expect(await checkDigests(site.parts, false)).toMatchObject({
    differing: { members: 0, cards: 0, accounts: 1 },
    isMended: true,
  });
  expect(site.hash()).toBe(await centreHash(database));
});

test('a member who was asked for online is ahead of the comparison, and not wrong', async () => {
  // The cut at which both are compared comes before the change that only the answer knew of.
  await moveBalances(database, [7], 90);
  const { source } = site.parts;
  const before = await source.digests(0);
  await renameMember(database, 9, 'Koh');
  const rows = await source.bucketRows('members', [bucketOfId(memberId(9))]);
  const asOfNow = rows.rows.filter((row) => row['memberId'] === memberId(9)) as never[];
  const { epoch, cursor } = site.replica().meta();
  site.replica().apply({ ...EMPTY_ROWS, members: asOfNow }, { epoch, cursor, isSettled: false });
  asked.length = 0;
  const digests: typeof source.digests = async (seq) => (seq >= rows.seq ? source.digests(seq) : before);
  const check = await checkDigests({ ...site.parts, source: { ...source, digests } }, false);
  expect(check).toMatchObject({ seq: rows.seq, differing: { members: 0, cards: 0, accounts: 0 } });
  expect(asked).toEqual([]);
});

test('nothing is compared while a pull is under way', async () => {
  await moveBalances(database, [7], 90);
  site
    .replica()
    .apply(
      { documents: [], members: [], cards: [], accounts: [], entries: [] },
      { epoch: site.replica().meta().epoch, cursor: 401, isSettled: false },
    );
  expect(await checkDigests(site.parts, false)).toBe(null);
});
