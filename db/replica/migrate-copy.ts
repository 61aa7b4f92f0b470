import { toDbError } from '../errors.ts';
import { migrate, type Migration } from '../migrate.ts';
import type { Connection } from '../open.ts';

/** True for a step that makes or drops indexes and does nothing else: without it all works as before, only slower. */
export function isIndexOnly(sql: string): boolean {
  const statements = sql
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim());
  return statements.every((statement) => statement === '' || /^(CREATE|DROP) INDEX /.test(statement));
}

/**
 * Brings the copy to the program's schema. An index of all rows takes its size twice, and a till with little room must
 * start all the same: steps at the end that are indexes alone are left to a later start where the disk refuses them.
 *
 * @returns As `migrate`. @throws As `migrate`, where a step that is needed finds no room.
 */
export function migrateCopy(
  raw: Connection,
  { path, migrations }: { path: string; migrations: readonly Migration[] },
): { isNewer: boolean } {
  const version = Number(raw.pragma('user_version', { simple: true }));
  const needed = migrations.slice(0, migrations.findLastIndex(({ sql }) => !isIndexOnly(sql)) + 1);
  try {
    // What lies in the log goes into the file, so that the log can be cut to nothing afterwards.
    if (version < migrations.length) raw.pragma(CUT_LOG);
    return migrate(raw, { path, migrations, hasBackup: false });
  } catch (cause) {
    const code = toDbError(cause, 'replica')?.code;
    if (needed.length === migrations.length || (code !== 'full' && code !== 'io')) throw cause;
    giveRoomBack(raw);
    return version >= needed.length
      ? { isNewer: false }
      : migrate(raw, { path, migrations: needed, hasBackup: false });
  }
}

const CUT_LOG = 'wal_checkpoint(TRUNCATE)';

/** The log grew until the disk was full, and the till's own file needs that room. */
function giveRoomBack(raw: Connection): void {
  try {
    raw.pragma(CUT_LOG);
  } catch {
    // It could not be emptied before either, so no index has been in it.
  }
}
