import { guard, guarded } from '../errors.ts';
import { migrate, toMigrations } from '../migrate.ts';
import { openFile, type Connection } from '../open.ts';
import { transact } from '../transaction.ts';
import { importRowRepo } from './repos/rows.ts';
import { importPieceRepo, importRunRepo } from './repos/runs.ts';
import type { ImportsDb } from './types.ts';

export const importsMigrations = toMigrations(
  import.meta.glob<string>('./migrations/*.sql', { query: '?raw', import: 'default', eager: true }),
);

/**
 * Opens the file of imports, or makes it; migrated when it returns.
 *
 * @param options `keyHex`: 64 hex digits. @throws DbError see `openFile`; `newer` for a later program's file.
 */
export function openImports(options: { path: string; keyHex: string }): ImportsDb {
  const raw = openFile({ ...options, file: 'imports' });
  try {
    return guard('imports', () => {
      migrate(raw, { path: options.path, migrations: importsMigrations, hasBackup: false });
      return createImports(raw);
    });
  } catch (cause) {
    raw.close();
    throw cause;
  }
}

/** How a commit waits for the disk; set only where it changes, because many of one kind follow each other. */
function waits(raw: Connection): (synchronous: 'FULL' | 'NORMAL') => void {
  let now = 'FULL';
  return (synchronous) => {
    if (now === synchronous) return;
    raw.pragma(`synchronous = ${synchronous}`);
    now = synchronous;
  };
}

/** The file over an open, migrated connection. */
export function createImports(raw: Connection): ImportsDb {
  const wait = waits(raw);
  const transactAs = <T>(synchronous: 'FULL' | 'NORMAL', act: () => T): T =>
    guard('imports', () => {
      wait(synchronous);
      return transact(raw, act);
    });
  return {
    // By themselves, because `guarded` would lose the type parameter.
    transaction: (act) => transactAs('FULL', act),
    quickly: (act) => transactAs('NORMAL', act),
    ...guarded('imports', {
      ...importRunRepo(raw),
      ...importPieceRepo(raw),
      ...importRowRepo(raw),
      shrink: (pages: number) => {
        const free = (): number => Number(raw.pragma('freelist_count', { simple: true }));
        const before = free();
        if (before > 0) raw.pragma(`incremental_vacuum(${pages})`);
        // A file of before this was asked for keeps its room, and uses it again.
        return free() < before;
      },
      cut: () => void raw.pragma('wal_checkpoint(PASSIVE)'),
      close: () => void raw.close(),
    }),
  };
}
