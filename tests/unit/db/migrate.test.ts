import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DbError } from '../../../db/errors.ts';
import { backupPathOf, migrate, toMigrations } from '../../../db/migrate.ts';
import { openFile } from '../../../db/open.ts';
import { openReplica } from '../../../db/replica/open.ts';
import { openTill } from '../../../db/till/open.ts';
import { closing, KEY, tempFolder } from './files.ts';
import { memberId, opChain, rows, shopRows, stamp } from './samples.ts';

const FIRST = {
  number: 1,
  sql: `CREATE TABLE parent (id INTEGER PRIMARY KEY) STRICT;
    CREATE TABLE child (parent INTEGER REFERENCES parent (id) ON DELETE CASCADE) STRICT;
    INSERT INTO parent VALUES (1); INSERT INTO child VALUES (1);`,
};
const REBUILD = {
  number: 2,
  sql: `CREATE TABLE parent_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT '') STRICT;
    INSERT INTO parent_new (id) SELECT id FROM parent;
    DROP TABLE parent; ALTER TABLE parent_new RENAME TO parent;`,
};

function newFile() {
  const path = join(tempFolder(), 'till.db');
  return { path, raw: closing(openFile({ path, keyHex: KEY, file: 'till' })) };
}

describe('migrations', () => {
  test('run in the order of their numbers, and a hole among them is refused', () => {
    const files = { './m/0002-b.sql': 'b', './m/0001-a.sql': 'a' };
    expect(toMigrations(files)).toEqual([
      { number: 1, sql: 'a' },
      { number: 2, sql: 'b' },
    ]);
    expect(() => toMigrations({ './m/0002-b.sql': 'b' })).toThrow('migration 1 is missing');
    expect(() => toMigrations({ './m/start.sql': 'a' })).toThrow('migration 1 is missing');
  });

  test('keep the children of a table that is built anew', () => {
    const { path, raw } = newFile();
    migrate(raw, { path, migrations: [FIRST], hasBackup: true });
    migrate(raw, { path, migrations: [FIRST, REBUILD], hasBackup: true });
    expect(raw.prepare('SELECT count(*) FROM child').pluck().get()).toBe(1);
    expect([
      raw.pragma('user_version', { simple: true }),
      raw.pragma('foreign_keys', { simple: true }),
    ]).toEqual([2, 1]);
  });

  test('copy a file with contents first, encrypted; a new one has nothing to copy', () => {
    const { path, raw } = newFile();
    migrate(raw, { path, migrations: [FIRST], hasBackup: true });
    expect(existsSync(backupPathOf(path, 0))).toBe(false);
    migrate(raw, { path, migrations: [FIRST, REBUILD], hasBackup: true });
    const copy = closing(openFile({ path: backupPathOf(path, 1), keyHex: KEY, file: 'till' }));
    expect(copy.pragma('user_version', { simple: true })).toBe(1);
    expect(copy.prepare('SELECT count(*) FROM child').pluck().get()).toBe(1);
  });

  test.each([
    ['fails', 'INSERT INTO parent VALUES (2); INSERT INTO nowhere VALUES (1);', 'no such table'],
    ['leaves a broken reference', 'DELETE FROM parent;', 'broken references'],
  ])('leave the file as it was when a step %s, and can be tried again', (_, sql, words) => {
    const { path, raw } = newFile();
    migrate(raw, { path, migrations: [FIRST], hasBackup: true });
    const broken = [FIRST, { number: 2, sql }];
    expect(() => migrate(raw, { path, migrations: broken, hasBackup: true })).toThrow(words);
    expect(raw.pragma('user_version', { simple: true })).toBe(1);
    expect(raw.prepare('SELECT count(*) FROM parent').pluck().get()).toBe(1);
    expect(raw.pragma('foreign_keys', { simple: true })).toBe(1);
    migrate(raw, { path, migrations: [FIRST, REBUILD], hasBackup: true });
    expect(raw.pragma('user_version', { simple: true })).toBe(2);
  });
});

describe('a file of a later program', () => {
  const raise = (path: string, file: 'till' | 'replica') => {
    const raw = openFile({ path, keyHex: KEY, file });
    raw.exec(
      `ALTER TABLE ${file === 'till' ? 'ops' : 'members'} ADD COLUMN later TEXT; PRAGMA user_version = 99;`,
    );
    raw.close();
  };
  const refusal = (act: () => unknown) => {
    try {
      act();
      return 'done';
    } catch (cause) {
      return cause instanceof DbError ? cause.code : cause;
    }
  };

  test('till.db takes no new op, but its ops can be read, pushed and acked', () => {
    const path = join(tempFolder(), 'till.db');
    const next = opChain();
    const till = openTill({ path, keyHex: KEY });
    till.transaction(() => till.ops.append(next(stamp(1)), []));
    expect(till.isNewer).toBe(false);
    till.close();
    raise(path, 'till');
    const newer = closing(openTill({ path, keyHex: KEY }));
    expect([newer.isNewer, newer.facts().userVersion]).toEqual([true, 99]);
    expect(newer.ops.listAfter(0, 9)).toHaveLength(1);
    expect(refusal(() => newer.transaction(() => newer.ops.append(next(stamp(1)), [])))).toBe('newer');
    newer.ops.recordAcks([{ firstTseq: 1, count: 1, firstSeq: 5 }], []);
    expect(newer.ops.counts()).toEqual({ total: 1, outstanding: 0, held: 0 });
  });

  test('replica.db is read only', () => {
    const path = join(tempFolder(), 'replica.db');
    const replica = openReplica({ path, keyHex: KEY });
    replica.apply(shopRows(2), { epoch: 'e1', cursor: 2, isSettled: true });
    replica.close();
    raise(path, 'replica');
    const newer = closing(openReplica({ path, keyHex: KEY }));
    expect([newer.isNewer, newer.counts().members]).toEqual([true, 2]);
    expect(newer.member(memberId(1))).toEqual(shopRows(1).members[0]);
    expect(refusal(() => newer.apply(rows({}), { epoch: 'e1', cursor: 3, isSettled: true }))).toBe('newer');
    expect(refusal(() => newer.clear())).toBe('newer');
    expect(newer.meta().cursor).toBe(2);
  });
});
