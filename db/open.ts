import Database from 'better-sqlite3';
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { dirname } from 'node:path';
import { DbError, guard, type DbFile } from './errors.ts';

export type Connection = Database.Database;

interface OpenOptions {
  path: string;
  /** 256 bits, 64 hex digits. Whoever hosts the core keeps it; it is never written or logged here. */
  keyHex: string;
  file: DbFile;
}

/** Tell the files apart, and all from anybody else's: "CFoT", "CFoR" and "CFoI". */
const APPLICATION_IDS: Record<DbFile, number> = {
  till: 0x43_46_6f_54,
  replica: 0x43_46_6f_52,
  imports: 0x43_46_6f_49,
};

/**
 * A cashier's action touches a few pages of till.db. Of a replica of a million members this holds the upper levels of
 * all trees; a look-up's last page comes from the system's cache, and more room here made none quicker.
 */
const CACHE_KIB: Record<DbFile, number> = { till: 8 * 1024, replica: 16 * 1024, imports: 4 * 1024 };

const PLAIN_MAGIC = 'SQLite format 3\0';

/**
 * Bytes 16 to 23 stay readable under this cipher and no tag covers them: page size 4096, how the journal is
 * read and written (WAL; a fresh backup is not in WAL yet), 64 bytes kept back on each page, the three
 * payload fractions. A flipped bit here would be taken at its word.
 */
const OPEN_HEADER = /^1000(0202|0101)40402020$/;

/**
 * Opens one of the till's files, or makes it; encrypted in any case. Does not migrate.
 *
 * @throws DbError `key_wrong` when the first page can not be read (damage to that page looks the same),
 * `damaged` when the file is not encrypted, is somebody else's, or its header is broken; `io` when the folder
 * or the disk refuses.
 * @throws Error When the key is not 64 hex digits: SQLite would take an empty one and write plain text.
 */
export function openFile({ path, keyHex, file }: OpenOptions): Connection {
  if (!/^[0-9a-f]{64}$/i.test(keyHex)) throw new Error('openFile: the key must be 64 hex digits');
  if (!existsSync(dirname(path))) throw new DbError('io', file, { detail: 'the folder does not exist' });
  checkHeader(path, file);
  return guard(file, () => {
    const raw = new Database(path);
    try {
      unlock(raw, keyHex, file);
      setPragmas(raw, file);
      checkHeader(path, file);
      return raw;
    } catch (cause) {
      raw.close();
      throw cause;
    }
  });
}

function checkHeader(path: string, file: DbFile): void {
  if (!existsSync(path)) return;
  const header = readStart(path, file);
  if (header.length === 0) return;
  if (header.toString('latin1', 0, 16) === PLAIN_MAGIC) {
    throw new DbError('damaged', file, { detail: 'the file is not encrypted' });
  }
  if (!OPEN_HEADER.test(header.toString('hex', 16)))
    throw new DbError('damaged', file, { detail: 'broken header' });
}

function readStart(path: string, file: DbFile): Buffer {
  const header = Buffer.alloc(24);
  try {
    const descriptor = openSync(path, 'r');
    try {
      return header.subarray(0, readSync(descriptor, header, 0, header.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    throw new DbError('io', file, { cause, detail: 'the file can not be read' });
  }
}

/** Cipher and key come before everything else: any other statement would settle how the file is read. */
function unlock(raw: Connection, keyHex: string, file: DbFile): void {
  raw.pragma(`cipher = 'aegis'`);
  raw.pragma(`key = 'raw:${keyHex}'`);
  let tables: number;
  try {
    tables = Number(raw.prepare('SELECT count(*) FROM sqlite_master').pluck().get());
  } catch (cause) {
    const isUnreadable = cause instanceof Database.SqliteError && cause.code === 'SQLITE_NOTADB';
    throw isUnreadable ? new DbError('key_wrong', file, { cause }) : cause;
  }
  const applicationId = raw.pragma('application_id', { simple: true });
  const isFresh = tables === 0 && applicationId === 0;
  if (!isFresh && applicationId !== APPLICATION_IDS[file]) {
    throw new DbError('damaged', file, { detail: 'the file belongs to something else' });
  }
}

function setPragmas(raw: Connection, file: DbFile): void {
  // Before anything is written, or it is never so: whole files come into this one and go.
  if (file === 'imports') raw.pragma('auto_vacuum = INCREMENTAL');
  const journalMode = raw.pragma('journal_mode = WAL', { simple: true });
  // This build opens an existing WAL file with NORMAL, which loses acknowledged work in a power cut.
  raw.pragma('synchronous = FULL');
  const synchronous = raw.pragma('synchronous', { simple: true });
  if (journalMode !== 'wal' || synchronous !== 2) {
    throw new DbError('io', file, {
      detail: `journal ${String(journalMode)}, synchronous ${String(synchronous)}`,
    });
  }
  raw.pragma('busy_timeout = 5000');
  raw.pragma('foreign_keys = ON');
  raw.pragma('trusted_schema = OFF');
  raw.pragma('cell_size_check = ON');
  raw.pragma('secure_delete = ON');
  // Temporary files would not be encrypted.
  raw.pragma('temp_store = MEMORY');
  raw.pragma('mmap_size = 0');
  raw.pragma('wal_autocheckpoint = 1000');
  raw.pragma('journal_size_limit = 67108864');
  raw.pragma(`cache_size = -${CACHE_KIB[file]}`);
  if (raw.pragma('application_id', { simple: true }) === 0)
    raw.pragma(`application_id = ${APPLICATION_IDS[file]}`);
}
