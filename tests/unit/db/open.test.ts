import Database from 'better-sqlite3';
import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DbError } from '../../../db/errors.ts';
import { openReplica } from '../../../db/replica/open.ts';
import { openTill } from '../../../db/till/open.ts';
import { closing, KEY, OTHER_KEY, tempFolder } from './files.ts';
import { member, opChain, rows, shopRows, stamp } from './samples.ts';

const CANARY = 'Quetzalcoatlus';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (cause) {
    return cause instanceof DbError ? cause.code : `not a DbError: ${String(cause)}`;
  }
  return 'no error';
};

function flip(path: string, at: number): void {
  const byte = readFileSync(path)[at] ?? 0;
  const descriptor = openSync(path, 'r+');
  writeSync(descriptor, Buffer.from([byte ^ 1]), 0, 1, at);
  closeSync(descriptor);
}

function replicaFile(count: number): string {
  const path = join(tempFolder(), 'replica.db');
  const replica = openReplica({ path, keyHex: KEY });
  replica.apply(shopRows(count), { epoch: 'e1', cursor: count, isSettled: true });
  replica.close();
  return path;
}

describe('the pragmas in force', () => {
  const expected = {
    cipher: 'aegis',
    journal_mode: 'wal',
    synchronous: 2,
    foreign_keys: 1,
    trusted_schema: 0,
    cell_size_check: 1,
    secure_delete: 1,
    temp_store: 2,
    mmap_size: 0,
    busy_timeout: 5000,
    journal_size_limit: 67_108_864,
    page_size: 4096,
  };

  test('are the durable and safe ones when a file is made', () => {
    const folder = tempFolder();
    const till = closing(openTill({ path: join(folder, 'till.db'), keyHex: KEY }));
    const replica = closing(openReplica({ path: join(folder, 'replica.db'), keyHex: KEY }));
    expect(till.facts().pragmas).toMatchObject({ ...expected, cache_size: -8_192 });
    expect(replica.facts().pragmas).toMatchObject({ ...expected, cache_size: -16_384 });
  });

  test('are the same when it is opened again: this build alone would fall back to synchronous NORMAL', () => {
    const path = join(tempFolder(), 'till.db');
    openTill({ path, keyHex: KEY }).close();
    expect(closing(openTill({ path, keyHex: KEY })).facts().pragmas).toMatchObject(expected);
  });
});

describe('a key', () => {
  test.each(['', 'short', `${KEY}00`, 'zz'.repeat(32)])(
    'that is not 64 hex digits is refused: %j',
    (keyHex) => {
      const path = join(tempFolder(), 'till.db');
      expect(() => openTill({ path, keyHex })).toThrow('64 hex digits');
      expect(existsSync(path)).toBe(false);
    },
  );

  test('that is not the one of the file is key_wrong, and the right one still opens it', () => {
    const path = replicaFile(1);
    expect(codeOf(() => openReplica({ path, keyHex: OTHER_KEY }))).toBe('key_wrong');
    expect(closing(openReplica({ path, keyHex: KEY })).check()).toEqual([]);
  });
});

describe('a file', () => {
  test('is never plain text, neither the database nor its log', () => {
    const path = join(tempFolder(), 'replica.db');
    const replica = closing(openReplica({ path, keyHex: KEY }));
    replica.apply(rows({ members: [member(1, { lastName: CANARY })] }), {
      epoch: 'e1',
      cursor: 1,
      isSettled: true,
    });
    const files = [path, `${path}-wal`];
    expect(files.map((file) => statSync(file).size > 0)).toEqual([true, true]);
    for (const file of files) {
      const bytes = readFileSync(file);
      expect([
        bytes.includes(CANARY),
        bytes.includes('CREATE TABLE'),
        bytes.includes('SQLite format'),
      ]).toEqual([false, false, false]);
    }
  });

  test('that is plain SQLite is refused and left as it is', () => {
    const path = join(tempFolder(), 'till.db');
    new Database(path).exec('CREATE TABLE x (y)').close();
    const before = readFileSync(path);
    expect(codeOf(() => openTill({ path, keyHex: KEY }))).toBe('damaged');
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  test('of the other kind is refused', () => {
    expect(codeOf(() => openTill({ path: replicaFile(1), keyHex: KEY }))).toBe('damaged');
  });

  test('in a folder that is not there is an io error', () => {
    expect(codeOf(() => openTill({ path: join(tempFolder(), 'none', 'till.db'), keyHex: KEY }))).toBe('io');
  });

  test('that is a folder is an io error', () => {
    expect(codeOf(() => openTill({ path: tempFolder(), keyHex: KEY }))).toBe('io');
  });

  test('that is something else altogether is key_wrong or damaged, never a new database', () => {
    const path = join(tempFolder(), 'till.db');
    writeFileSync(path, 'x'.repeat(9_000));
    expect(['key_wrong', 'damaged']).toContain(codeOf(() => openTill({ path, keyHex: KEY })));
    expect(statSync(path).size).toBe(9_000);
  });

  test('that lost its tail is damaged', () => {
    const path = replicaFile(200);
    truncateSync(path, 4_096 * 10);
    const seen = codeOf(() => {
      const replica = closing(openReplica({ path, keyHex: KEY }));
      if (replica.check().length > 0) throw new DbError('damaged', 'replica');
    });
    expect(seen).toBe('damaged');
  });
});

describe('damage', () => {
  test('of any one bit behind the unused salt is noticed at opening, by reading or by the check', () => {
    const path = replicaFile(200);
    const size = statSync(path).size;
    const places = Array.from({ length: 60 }, (_, at) => 16 + ((at * 7_919 * 13) % (size - 16)));
    const missed = [...places, 16, 19, 20, 23, 24, 4_095, 4_096, size - 1].filter((at) => {
      flip(path, at);
      let isNoticed = true;
      try {
        const replica = openReplica({ path, keyHex: KEY });
        isNoticed = replica.check().length > 0;
        replica.close();
      } catch (cause) {
        isNoticed = cause instanceof DbError;
      }
      flip(path, at);
      return !isNoticed;
    });
    expect(missed).toEqual([]);
    expect(closing(openReplica({ path, keyHex: KEY })).check()).toEqual([]);
  });

  test('of whole pages, zeroed or swapped, is noticed', () => {
    const path = replicaFile(200);
    const sound = readFileSync(path);
    const page = (at: number) => sound.subarray(at * 4_096, (at + 1) * 4_096);
    const pages = sound.length / 4_096;
    const isNoticed = (bytes: Buffer) => {
      writeFileSync(path, bytes);
      const replica = openReplica({ path, keyHex: KEY });
      const problems = replica.check();
      replica.close();
      return problems.length > 0;
    };
    for (const at of [3, 7, Math.floor(pages / 2), pages - 1]) {
      const zeroed = Buffer.from(sound);
      zeroed.fill(0, at * 4_096, (at + 1) * 4_096);
      const swapped = Buffer.from(sound);
      page(at).copy(swapped, (at - 1) * 4_096);
      page(at - 1).copy(swapped, at * 4_096);
      expect([at, isNoticed(zeroed), isNoticed(swapped)]).toEqual([at, true, true]);
    }
  });

  test('of a later page is a DbError damaged when it is read, and words from the check', () => {
    const path = replicaFile(2_000);
    for (let at = 4_096 * 80; at < statSync(path).size; at += 4_096) flip(path, at + 100);
    const replica = closing(openReplica({ path, keyHex: KEY }));
    const readAll = () => replica.eachRow({ member: () => {}, card: () => {}, account: () => {} });
    expect(codeOf(readAll)).toBe('damaged');
    expect(replica.check()).not.toEqual([]);
  });
});

test('a second reader sees nothing of a transaction before its commit', () => {
  const path = join(tempFolder(), 'till.db');
  const next = opChain();
  const till = closing(openTill({ path, keyHex: KEY }));
  const second = closing(openTill({ path, keyHex: KEY }));
  till.transaction(() => {
    till.ops.append(next(stamp(1)), []);
    expect(second.ops.counts().total).toBe(0);
  });
  expect(second.ops.counts().total).toBe(1);
});
