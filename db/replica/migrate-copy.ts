import { toDbError } from '../errors.ts';
import { migrate, type Migration } from '../migrate.ts';
import type { Connection } from '../open.ts';
import { transact } from '../transaction.ts';

/** True for a step that makes or drops indexes and does nothing else: without it all works as before, only slower. */
export function isIndexOnly(sql: string): boolean {
  const statements = sql
    .replace(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.trim());
  return statements.every((statement) => statement === '' || /^(CREATE|DROP) INDEX /.test(statement));
}

/** To do it again does no harm. */
const toRepeatable = (sql: string): string =>
  sql
    .replace(/CREATE INDEX (?!IF )/g, 'CREATE INDEX IF NOT EXISTS ')
    .replace(/DROP INDEX (?!IF )/g, 'DROP INDEX IF EXISTS ');

const namesIn = (sql: string, verb: 'CREATE' | 'DROP'): string[] =>
  [...sql.matchAll(new RegExp(`^\\s*${verb} INDEX (?:IF (?:NOT )?EXISTS )?(\\w+)`, 'gm'))].map(
    ([, name = '']) => name,
  );

/**
 * True for a step that is indexes alone and not done: one that it makes is missing and no later step drops it, or one
 * that it drops is there and no later step makes it.
 */
function isOwed(raw: Connection, migrations: readonly Migration[], at: number): boolean {
  const [{ sql } = { sql: '' }, ...later] = migrations.slice(at);
  const isThere = raw
    .prepare<[string], 1>("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = ?")
    .pluck();
  const has = (name: string): boolean => isThere.get(name) !== undefined;
  const isLater = (verb: 'CREATE' | 'DROP', name: string): boolean =>
    later.some((step) => namesIn(step.sql, verb).includes(name));
  const made = namesIn(sql, 'CREATE');
  const isMissing = made.some((name) => !has(name) && !isLater('DROP', name));
  const isLeft = namesIn(sql, 'DROP').some(
    (name) => has(name) && !made.includes(name) && !isLater('CREATE', name),
  );
  return isIndexOnly(sql) && (isMissing || isLeft);
}

/**
 * Brings the copy to the program's schema. An index of all rows takes its size twice, and a till with little room must
 * start all the same: steps that are indexes alone come after the others, and where the disk refuses one of them it is
 * left to a later start.
 *
 * @returns As `migrate`. @throws As `migrate`, where a step that is needed finds no room.
 */
export function migrateCopy(
  raw: Connection,
  { path, migrations }: { path: string; migrations: readonly Migration[] },
): { isNewer: boolean } {
  // What lies in the log goes into the file: the log may have grown to what a step needs of room.
  if (Number(raw.pragma('user_version', { simple: true })) < migrations.length) giveRoomBack(raw);
  const needed = migrations.map((step) => (isIndexOnly(step.sql) ? { ...step, sql: '' } : step));
  const { isNewer } = migrate(raw, { path, migrations: needed, hasBackup: false });
  if (isNewer) return { isNewer };
  try {
    for (const [at, { sql }] of migrations.entries()) {
      if (!isOwed(raw, migrations, at)) continue;
      // What lies in the log goes into the file, so that the log can be cut to nothing afterwards.
      raw.pragma(CUT_LOG);
      transact(raw, () => raw.exec(toRepeatable(sql)));
    }
  } catch (cause) {
    const code = toDbError(cause, 'replica')?.code;
    if (code !== 'full' && code !== 'io') throw cause;
    giveRoomBack(raw);
  }
  return { isNewer };
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
