import { existsSync, rmSync } from 'node:fs';
import { assert, must } from '../../../sync/base/must.ts';
import { DbError, guard } from '../../errors.ts';
import { migrate, type Migration } from '../../migrate.ts';
import { openFile, type Connection } from '../../open.ts';
import { transact } from '../../transaction.ts';

/** A copy in the making: beside the one in use, until it takes its place. */
export const fillPathOf = (replicaPath: string): string => `${replicaPath}.fill`;

export interface FillFile {
  path: string;
  keyHex: string;
}

/**
 * How far a fill has come: `chunks` of its snapshot are in; when `isReady`, it can take the copy's place, of
 * this `epoch` and complete up to this `cursor`.
 */
export interface FillState {
  snapshot: string;
  chunks: number;
  isReady: boolean;
  epoch: string;
  cursor: number;
}

const SUFFIXES = ['', '-journal', '-wal', '-shm'] as const;

export function removeFill(path: string): void {
  for (const suffix of SUFFIXES) rmSync(path + suffix, { force: true });
}

/**
 * Opens a file that is being filled. Its journal is one that is rolled back, not WAL: what is appended is
 * written once and not twice.
 */
export function openFill({ path, keyHex }: FillFile): Connection {
  const raw = openFile({ path, keyHex, file: 'replica' });
  raw.pragma('journal_mode = TRUNCATE');
  return raw;
}

export function readFill(raw: Connection): FillState {
  const state = raw
    .prepare<[], { snapshot: string; chunks: number }>('SELECT snapshot, chunks FROM bulk_fill WHERE id = 1')
    .get();
  const end = raw.prepare<[], { epoch: string; cursor: number }>('SELECT epoch, cursor FROM meta').get();
  const { epoch, cursor } = must(end, 'a migrated copy says how far it reaches');
  return state === undefined
    ? { snapshot: '', chunks: 0, isReady: true, epoch, cursor }
    : { ...state, isReady: false, epoch, cursor };
}

/** The indexes leave until all rows are in: sorted once they cost a fraction of being kept in order. */
function putIndexesAside(raw: Connection, snapshot: string): void {
  const indexes = raw
    .prepare<[], { name: string; sql: string }>(
      "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL " +
        "AND tbl_name IN ('members', 'cards', 'accounts')",
    )
    .all();
  const note = raw.prepare<[string, string]>('INSERT INTO bulk_indexes (name, sql) VALUES (?, ?)');
  for (const { name, sql } of indexes) {
    note.run(name, sql);
    raw.exec(`DROP INDEX ${name}`);
  }
  raw.prepare<[string]>('INSERT INTO bulk_fill (id, snapshot, chunks) VALUES (1, ?, 0)').run(snapshot);
}

function make(file: FillFile, snapshot: string, migrations: readonly Migration[]): FillState {
  removeFill(file.path);
  const raw = openFill(file);
  try {
    migrate(raw, { path: file.path, migrations, hasBackup: false });
    transact(raw, () => putIndexesAside(raw, snapshot));
    return readFill(raw);
  } finally {
    raw.close();
  }
}

/** What is there of a fill; null when there is none, or none of this program's that can be read. */
export function findFill(file: FillFile, userVersion: number): FillState | null {
  if (!existsSync(file.path)) return null;
  try {
    const raw = openFill(file);
    try {
      if (raw.pragma('user_version', { simple: true }) !== userVersion) return null;
      const state = guard('replica', () => readFill(raw));
      // A file that was cut before its first transaction says that it is ready, with nothing in it.
      return state.isReady && state.cursor === 0 ? null : state;
    } finally {
      raw.close();
    }
  } catch (cause) {
    if (cause instanceof DbError && (cause.code === 'damaged' || cause.code === 'key_wrong')) return null;
    throw cause;
  }
}

/**
 * Goes on with the fill of this snapshot, or begins it: a fill of another one, or one that can not be read, is
 * thrown away.
 *
 * @throws DbError `full` or `io`.
 */
export function beginFillFile(file: FillFile, snapshot: string, migrations: readonly Migration[]): FillState {
  assert(snapshot !== '', 'a snapshot has a name');
  return guard('replica', () => {
    const found = findFill(file, migrations.length);
    if (found !== null && !found.isReady && found.snapshot === snapshot) return found;
    return make(file, snapshot, migrations);
  });
}
