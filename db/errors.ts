/** Which of a till's files. */
export type DbFile = 'till' | 'replica' | 'imports';

/**
 * `key_wrong`: the first page can not be read with this key. `damaged`: something that once was sound is not
 * any more. `newer`: written by a later program. `full`: no room on the disk. `io`: the disk or the folder
 * refused.
 */
export type DbErrorCode = 'key_wrong' | 'damaged' | 'newer' | 'full' | 'io';

/** A file can not do what was asked. After `full` or `io` a commit is unknown: look the op up by its id. */
export class DbError extends Error {
  override readonly name = 'DbError';
  readonly code: DbErrorCode;
  readonly file: DbFile;
  constructor(code: DbErrorCode, file: DbFile, options?: ErrorOptions & { detail?: string }) {
    super(`${file}.db: ${options?.detail ?? code}`, options);
    this.code = code;
    this.file = file;
  }
}

/** Somebody read one moment for so long that the log grew too much meanwhile: to be begun anew, later. */
export class LongRead extends Error {
  override readonly name = 'LongRead';
}

/**
 * Start of SQLite's extended code names, and what each means to a till. A limit on file size shows as
 * IOERR_WRITE.
 */
const CODES: readonly (readonly [start: string, code: DbErrorCode])[] = [
  ['SQLITE_FULL', 'full'],
  ['SQLITE_NOTADB', 'damaged'],
  ['SQLITE_CORRUPT', 'damaged'],
  ['SQLITE_IOERR', 'io'],
  ['SQLITE_CANTOPEN', 'io'],
  ['SQLITE_PERM', 'io'],
  ['SQLITE_READONLY', 'io'],
  ['SQLITE_BUSY', 'io'],
  ['SQLITE_NOLFS', 'io'],
];

/**
 * What a failure of SQLite means to the till; null for anything else (a broken constraint is a bug, not a
 * state of the disk). The message names SQLite's code only: no values, no SQL.
 */
export function toDbError(cause: unknown, file: DbFile): DbError | null {
  if (cause instanceof DbError) return cause;
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return null;
  const sqliteCode = cause.code;
  const found = CODES.find(([start]) => sqliteCode.startsWith(start));
  return found === undefined ? null : new DbError(found[1], file, { cause, detail: sqliteCode });
}

/** Runs `act`; failures of SQLite leave as `DbError`, everything else as it is. */
export function guard<T>(file: DbFile, act: () => T): T {
  try {
    return act();
  } catch (cause) {
    throw toDbError(cause, file) ?? cause;
  }
}

type Methods = Record<string, (...args: never[]) => unknown>;

/** The same functions, each with its failures of SQLite turned into `DbError`. */
export function guarded<Repo extends object>(file: DbFile, repo: Repo): Repo {
  const methods = Object.entries(repo as Methods).map(([name, method]) => [
    name,
    (...args: never[]): unknown => guard(file, () => method(...args)),
  ]);
  // Cast: every member kept its name, its parameters and its result.
  return Object.fromEntries(methods) as Repo;
}
