import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { migrate } from '../../../../db/migrate.ts';
import { openFile, type Connection } from '../../../../db/open.ts';
import { isIndexOnly, migrateCopy } from '../../../../db/replica/migrate-copy.ts';
import { createReplica, replicaMigrations } from '../../../../db/replica/open.ts';
import { must } from '../../../../sync/base/must.ts';
import { closing, KEY, tempFolder } from '../files.ts';
import { shopRows } from '../samples.ts';

const ENTRIES = 5_000;
const BEFORE = 5;
const LATEST = replicaMigrations.length;

/** A copy as the program before the index of days left it, with few purchases, whose file may grow by `pages`. */
function olderCopy(pages: number): { raw: Connection; path: string } {
  const path = join(tempFolder(), 'replica.db');
  const raw = closing(openFile({ path, keyHex: KEY, file: 'replica' }));
  migrate(raw, { path, migrations: replicaMigrations, hasBackup: false });
  createReplica(raw, false, { path, keyHex: KEY }).apply(shopRows(2), {
    ...{ epoch: 'e1', cursor: 2, isSettled: true },
  });
  raw.exec(`WITH RECURSIVE counted (at) AS (SELECT 1000 UNION ALL SELECT at + 1 FROM counted LIMIT ${ENTRIES})
    INSERT INTO entries (op_id, seq, account_id, member_id, card_id, kind, delta, amount_minor, receipt_no,
      reward_id, card_type_version, corrects_op_id, reason, store_id, till_id, actor_id, business_day, wall_ms)
    SELECT printf('%036d', at), at, 'a', 'm', 'c', 'points.credited', 1, iif(at % 10 = 0, 450, NULL), '', '', 1, NULL, '', 's', 't', 'p',
      '2026-03-01', at FROM counted;
    UPDATE meta SET entries = entries + ${ENTRIES};
    DROP INDEX entries_by_day; ALTER TABLE meta DROP COLUMN mark`);
  raw.exec(must(replicaMigrations[3], 'the index of purchases alone').sql);
  raw.pragma(`user_version = ${BEFORE}`);
  raw.exec('VACUUM');
  // Little is kept in memory, so that the log grows as it does with a million rows.
  raw.pragma('cache_size = 10');
  raw.pragma(`max_page_count = ${Number(raw.pragma('page_count', { simple: true })) + pages}`);
  return { raw, path };
}
const versionOf = (raw: Connection): unknown => raw.pragma('user_version', { simple: true });
const isIndexed = (raw: Connection, name = 'entries_by_day'): boolean =>
  raw.prepare("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?").get(name) !== undefined;
const hasRoom = (raw: Connection): unknown => raw.pragma('max_page_count = 1000000');
const logBytes = (path: string): number => statSync(`${path}-wal`).size;

test('an index that finds no room is left out: the copy is read and written as before, and has it at a later start', () => {
  const { raw, path } = olderCopy(20);
  const migrations = replicaMigrations;
  expect(migrateCopy(raw, { path, migrations })).toEqual({ isNewer: false });
  // What the try wrote is no load on the disk any more.
  expect([isIndexed(raw), logBytes(path)]).toEqual([false, 0]);
  // What a later step needs is there all the same.
  expect(versionOf(raw)).toBe(LATEST);
  const copy = createReplica(raw, false, { path, keyHex: KEY });
  expect(copy.purchasesOn('2026-03-01', 9)).toHaveLength(9);
  copy.apply(shopRows(3), { epoch: 'e1', cursor: 3, isSettled: true });
  expect([copy.counts().members, copy.check()]).toEqual([3, []]);
  hasRoom(raw);
  expect(migrateCopy(raw, { path, migrations })).toEqual({ isNewer: false });
  expect([isIndexed(raw), isIndexed(raw, 'entries_day')]).toEqual([true, false]);
  expect(copy.purchasesOn('2026-03-01', 9)).toHaveLength(9);
});

test('a step that is needed is not left out: without room for it the copy is refused, and stays as it was', () => {
  const { raw, path } = olderCopy(0);
  const number = LATEST + 1;
  const needed = { number, sql: 'CREATE TABLE later (id INTEGER PRIMARY KEY, what TEXT NOT NULL) STRICT;' };
  const migrations = [...replicaMigrations, needed];
  expect(() => migrateCopy(raw, { path, migrations })).toThrow(
    expect.objectContaining({ code: 'SQLITE_FULL' }),
  );
  expect(versionOf(raw)).toBe(BEFORE);
  hasRoom(raw);
  migrateCopy(raw, { path, migrations });
  expect(versionOf(raw)).toBe(number);
});

test('of several indexes those that are there stay, and the one that found no room is owed', () => {
  const { raw, path } = olderCopy(1_000);
  migrateCopy(raw, { path, migrations: replicaMigrations });
  raw.pragma(`max_page_count = ${Number(raw.pragma('page_count', { simple: true }))}`);
  const another = { number: LATEST + 1, sql: 'CREATE INDEX entries_later ON entries (reason, op_id);' };
  expect(migrateCopy(raw, { path, migrations: [...replicaMigrations, another] })).toEqual({ isNewer: false });
  expect([isIndexed(raw), isIndexed(raw, 'entries_later')]).toEqual([true, false]);
  expect(versionOf(raw)).toBe(LATEST + 1);
  expect(migrateCopy(raw, { path, migrations: replicaMigrations })).toEqual({ isNewer: true });
});

test('a step that only drops an index is done, and one that a later step makes again is left', () => {
  const { raw, path } = olderCopy(1_000);
  const drops = { number: LATEST + 1, sql: 'DROP INDEX entries_by_day;' };
  migrateCopy(raw, { path, migrations: [...replicaMigrations, drops] });
  expect([isIndexed(raw), versionOf(raw)]).toEqual([false, LATEST + 1]);
  const makes = { number: LATEST + 2, sql: 'CREATE INDEX entries_by_day ON entries (business_day);' };
  for (let start = 0; start < 2; start += 1)
    migrateCopy(raw, { path, migrations: [...replicaMigrations, drops, makes] });
  expect(isIndexed(raw)).toBe(true);
});

test('only what makes and drops plain indexes may be left out', () => {
  const found = replicaMigrations.filter(({ sql }) => isIndexOnly(sql)).map(({ number }) => number);
  expect(found).toEqual([4, 6]);
  const { sql } = must(replicaMigrations[5], 'the index of days');
  for (const more of ['CREATE UNIQUE INDEX a ON b (c)', 'UPDATE meta SET cursor = 0', 'DROP TABLE a'])
    expect(isIndexOnly(`${sql}\n${more};`)).toBe(false);
});
