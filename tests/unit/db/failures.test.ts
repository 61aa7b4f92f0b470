import { SqliteError } from 'better-sqlite3';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DbError, guard, guarded, toDbError } from '../../../db/errors.ts';
import { migrate } from '../../../db/migrate.ts';
import { openFile } from '../../../db/open.ts';
import { createTill, openTill, tillMigrations } from '../../../db/till/open.ts';
import { closing, KEY, tempFolder } from './files.ts';
import { opChain, stamp } from './samples.ts';

describe('a failure of SQLite', () => {
  test.each([
    ['SQLITE_FULL', 'full'],
    ['SQLITE_IOERR_FSYNC', 'io'],
    ['SQLITE_CANTOPEN', 'io'],
    ['SQLITE_READONLY_DBMOVED', 'io'],
    ['SQLITE_BUSY', 'io'],
    ['SQLITE_CORRUPT_VTAB', 'damaged'],
    ['SQLITE_NOTADB', 'damaged'],
  ])('%s is %s', (sqliteCode, code) => {
    expect(toDbError(new SqliteError('words with a value', sqliteCode), 'till')).toMatchObject({
      code,
      file: 'till',
      message: `till.db: ${sqliteCode}`,
    });
  });

  test.each([
    ['a broken rule of the schema', new SqliteError('CHECK', 'SQLITE_CONSTRAINT_CHECK')],
    ['an error of the code', new TypeError('x is not a function')],
    ['an error with a code of another kind', Object.assign(new Error('no file'), { code: 'ENOENT' })],
  ])('but %s is none of those, and passes as it is', (_, cause) => {
    expect(toDbError(cause, 'till')).toBe(null);
    const act = () =>
      guard('till', () => {
        throw cause;
      });
    expect(act).toThrow(cause);
  });

  test('leaves every method of a repository as a DbError', () => {
    const full = new SqliteError('database or disk is full', 'SQLITE_FULL');
    const repo = guarded('till', {
      add: (left: number, right: number) => left + right,
      fail: () => {
        throw full;
      },
    });
    expect(repo.add(1, 2)).toBe(3);
    expect(repo.fail).toThrow(DbError);
  });
});

describe('a full disk', () => {
  /** A till whose file can not grow any more. */
  function fullTill() {
    const path = join(tempFolder(), 'till.db');
    const raw = closing(openFile({ path, keyHex: KEY, file: 'till' }));
    migrate(raw, { path, migrations: tillMigrations, hasBackup: false });
    const till = createTill(raw, false);
    raw.pragma(`max_page_count = ${Number(raw.pragma('page_count', { simple: true })) + 4}`);
    return { path, raw, till };
  }

  test('stops with full, keeps all that was committed, and goes on when there is room again', () => {
    const { path, raw, till } = fullTill();
    const next = opChain();
    let saved = 0;
    let stored = next(stamp(1));
    const save = () => till.transaction(() => till.ops.append(stored, []));
    const fill = () => {
      for (; saved < 1_000; saved += 1) {
        save();
        stored = next(stamp(1));
      }
    };
    expect(fill).toThrow(expect.objectContaining({ name: 'DbError', code: 'full', file: 'till' }));
    expect(saved).toBeGreaterThan(5);
    const setLarge = () => till.settings.set('large', 'x'.repeat(50_000));
    expect(setLarge).toThrow(expect.objectContaining({ code: 'full' }));
    expect([till.ops.last()?.tseq, till.check()]).toEqual([saved, []]);
    raw.pragma('max_page_count = 100000');
    save();
    expect(closing(openTill({ path, keyHex: KEY })).ops.counts().total).toBe(saved + 1);
  });
});

describe('a limit on the size of a file, which shows as a write error', () => {
  const script = `
    import Database from 'better-sqlite3';
    const raw = new Database(process.argv[1]);
    raw.pragma("cipher = 'aegis'");
    raw.pragma("key = 'raw:${KEY}'");
    raw.pragma('journal_mode = WAL');
    raw.pragma('synchronous = FULL');
    const add = raw.prepare('INSERT INTO settings (key, value) VALUES (?, ?)');
    let saved = 0;
    try {
      for (; saved < 2000; saved += 1) add.run('k' + saved, JSON.stringify('x'.repeat(2000)));
    } catch (error) {
      process.stdout.write(JSON.stringify({ code: error.code, saved }));
    }
  `;

  test('is known to us as io, and nothing committed is lost', () => {
    const path = join(tempFolder(), 'till.db');
    openTill({ path, keyHex: KEY }).close();
    const limited = `ulimit -f 256; exec "$0" --input-type=module -e "$1" "$2"`;
    const ran = spawnSync('bash', ['-c', limited, process.execPath, script, path], { encoding: 'utf8' });
    const { code, saved } = JSON.parse(ran.stdout) as { code: string; saved: number };
    expect(toDbError(new SqliteError('', code), 'till')?.code).toMatch(/io|full/);
    const till = closing(openTill({ path, keyHex: KEY }));
    const raw = closing(openFile({ path, keyHex: KEY, file: 'till' }));
    expect(raw.prepare('SELECT count(*) FROM settings').pluck().get()).toBe(saved);
    expect(till.check()).toEqual([]);
  });
});

test('a process that dies in a transaction leaves none of it, and the file sound', () => {
  const path = join(tempFolder(), 'till.db');
  openTill({ path, keyHex: KEY }).close();
  const script = `
    import Database from 'better-sqlite3';
    const raw = new Database(process.argv[1]);
    raw.pragma("cipher = 'aegis'");
    raw.pragma("key = 'raw:${KEY}'");
    raw.pragma('synchronous = FULL');
    raw.exec("INSERT INTO settings VALUES ('kept', '1')");
    raw.exec("BEGIN IMMEDIATE; INSERT INTO settings VALUES ('lost', '1')");
    process.kill(process.pid, 'SIGKILL');
  `;
  expect(() => execFileSync(process.execPath, ['--input-type=module', '-e', script, path])).toThrow(
    'SIGKILL',
  );
  const till = closing(openTill({ path, keyHex: KEY }));
  const seen = ['kept', 'lost'].map((key) => till.settings.get(key, { parse: Number }));
  expect([seen, till.check()]).toEqual([[1, undefined], []]);
});
