import Database from 'better-sqlite3';
import { join } from 'node:path';
import { DbError } from './errors.ts';

/** Holds a till's folder for one process. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes the folder, or returns null when another process has it. An exclusive SQLite transaction on an empty
 * file of its own: the system lets go of it when the process dies, however it dies, on every platform.
 *
 * @throws DbError `io` when the folder can not be written.
 */
export function lockFolder(dataDir: string): FolderLock | null {
  try {
    const lock = new Database(join(dataDir, 'till.lock'), { timeout: 0 });
    try {
      lock.exec('BEGIN EXCLUSIVE');
    } catch (cause) {
      lock.close();
      if (cause instanceof Database.SqliteError && cause.code.startsWith('SQLITE_BUSY')) return null;
      throw cause;
    }
    return { release: () => lock.close() };
  } catch (cause) {
    throw new DbError('io', 'till', { cause, detail: 'the folder can not be locked' });
  }
}
