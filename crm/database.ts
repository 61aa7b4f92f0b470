import pg from 'pg';
import { findEraseList, type EraseList } from './erase-list.ts';
import { startPglite } from './pglite.ts';

/** What a repository needs: the pool for one statement, or the client of a transaction. */
export interface Sql {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[]; rowCount: number | null }>;
}

export type TransactionMode = 'write' | 'read' | 'instant';

const BEGIN: Record<TransactionMode, string> = {
  write: 'begin',
  read: 'begin isolation level repeatable read read only',
  instant: 'begin isolation level repeatable read',
};

/** A statement that changes something, as it was sent. */
export type Change = readonly [text: string, values: readonly unknown[]];

/** One transaction of the embedded database, by the number that it left in `trial_mark`. */
export interface ChangeLine {
  lineNo: number;
  changes: readonly Change[];
}

/** What makes commits of the embedded database hold. */
export interface Recorder {
  /** Before a transaction begins: what is not on the disk yet stays bounded. @throws While the disk takes nothing. */
  makeRoom(): Promise<void>;
  /** Told right after each commit, in their order; resolves when the line is safe on the disk. */
  append(line: ChangeLine): Promise<void>;
}

/** Statements, and transactions of several. */
export interface Access {
  sql: Sql;
  /**
   * One transaction; rolled back when `work` throws. `work` must use only the client it is given. `read`: all
   * of one instant, nothing written; `instant`: the same, and may write.
   */
  transaction<T>(work: (tx: Sql) => Promise<T>, mode?: TransactionMode): Promise<T>;
}

export interface Database extends Access {
  /**
   * The same over connections of its own, for what a person waits for: however much tills ask for, they do not hold
   * these. On PGlite, which has one connection, the same.
   */
  counter: Access;
  /** True on PGlite: one connection, and not safe against loss of power. */
  isTrial: boolean;
  /** True when the embedded database is a dump of before a power cut. */
  isRestored: boolean;
  /** False: a page that the disk damaged is read as if it were right. */
  hasChecksums: boolean;
  /** Whom it has erased, apart from it; null: nowhere (tests). */
  eraseList: EraseList | null;
  /**
   * From now on no transaction of the embedded database resolves before `recorder` has its changes; null: an end of
   * it. Files of the feed are left out: they are cut anew.
   */
  record(recorder: Recorder | null): void;
  /** Makes all that is committed safe against a power cut; nothing to do in PostgreSQL. */
  checkpoint(): Promise<void>;
  /**
   * Statements that keep the database in order, one after the other on one connection, in no transaction and for as
   * long as they take. What they set ends with them. @returns What failed; the others were done all the same.
   */
  maintain(statements: readonly string[]): Promise<unknown[]>;
  close(): Promise<void>;
}

const INT8 = 20;

/** PostgreSQL's bigint as a number. @throws When a number would be rounded. */
function toSafeInt(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new Error(`bigint ${text} is beyond a safe integer`);
  return value;
}

/**
 * Rows of one statement, as the caller says they look: SQL lives in repositories only, and each names its
 * columns.
 */
export async function rowsOf<Row>(sql: Sql, text: string, values: unknown[] = []): Promise<Row[]> {
  const result = await sql.query(text, values);
  return result.rows as Row[];
}

function openPool(config: pg.PoolConfig, onError: (cause: unknown) => void): pg.Pool {
  const types = {
    getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
      oid === INT8 ? toSafeInt : pg.types.getTypeParser(oid, format)) as typeof pg.types.getTypeParser,
  };
  const pool = new pg.Pool({ ...config, types, connectionTimeoutMillis: 10_000 });
  pool.on('error', onError);
  // The pool hears of idle connections only; one that breaks in use would end the process.
  pool.on('connect', (client) => void client.on('error', onError));
  return pool;
}

const names = new Map<string, string>();
const NAMES_MAX = 200;

/** The same for all connections; undefined when there are too many texts to keep. */
function nameOf(text: string): string | undefined {
  const known = names.get(text);
  if (known !== undefined || names.size >= NAMES_MAX) return known;
  const name = `s${names.size}`;
  names.set(text, name);
  return name;
}

/** A statement comes again and again: parsed once per connection. */
const named = (client: pg.PoolClient | pg.Pool): Sql => ({
  query: (text, values = []) => {
    // Without values it may be a migration: several statements, and never again.
    const name = values.length === 0 ? undefined : nameOf(text);
    return name === undefined ? client.query(text, values) : client.query({ name, text, values });
  },
});

const FEED_FILES = /\bfeed_(segments|snapshots|chunks|hashes|digests|cut)\b/;
const CHANGING = /\b(insert\s+into|delete\s+from|truncate|update\s+\w+(\s+\w+)?\s+set)\b/i;
const isRecorded = (text: string): boolean => CHANGING.test(text) && !FEED_FILES.test(text);

/** The same client, and what it was asked to change. */
function noting(client: pg.PoolClient): { sql: Sql; changes: Change[] } {
  const changes: Change[] = [];
  const query: Sql['query'] = (text, values = []) => {
    if (isRecorded(text)) changes.push([text, values]);
    return client.query(text, values);
  };
  return { sql: { query }, changes };
}

const MARK = 'update trial_mark set line_no = line_no + 1 where id = 1 returning line_no as "lineNo"';

interface Run {
  begin: string;
  /** Never on PGlite: its one session outlives connections, and with it the names that they gave. */
  isNamed: boolean;
  recorder: Recorder | null;
}

/** @returns Beside the result when it is safe, where the commit alone does not say so. */
async function commitOne<T>(
  client: pg.PoolClient,
  { begin, isNamed, recorder }: Run,
  work: (tx: Sql) => Promise<T>,
): Promise<{ result: T; safe: Promise<void> }> {
  if (begin !== BEGIN.read) await recorder?.makeRoom();
  await client.query(begin);
  const noted = recorder === null ? null : noting(client);
  const result = await work(noted?.sql ?? (isNamed ? named(client) : client));
  if (noted === null || recorder === null || noted.changes.length === 0) {
    await client.query('commit');
    return { result, safe: Promise.resolve() };
  }
  const [mark] = await rowsOf<{ lineNo: number }>(client, MARK);
  await client.query('commit');
  // Before anybody else can commit: lines are in the order of commits.
  const safe = recorder.append({ lineNo: mark?.lineNo ?? 0, changes: noted.changes });
  return { result, safe };
}

async function runTransaction<T>(pool: pg.Pool, run: Run, work: (tx: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let failure: Error | undefined;
  let committed: { result: T; safe: Promise<void> };
  try {
    committed = await commitOne(client, run, work);
  } catch (cause) {
    failure = cause instanceof Error ? cause : new Error('unknown', { cause });
    // A connection that can not even roll back is thrown away below.
    await client.query('rollback').then(
      () => (failure = undefined),
      () => undefined,
    );
    throw cause;
  } finally {
    client.release(failure);
  }
  await committed.safe;
  return committed.result;
}

async function runEach(client: pg.PoolClient, statements: readonly string[]): Promise<unknown[]> {
  const failures: unknown[] = [];
  for (const text of statements)
    await client.query(text).catch((cause: unknown) => void failures.push(cause));
  return failures;
}

/** A server that may forget what it has confirmed is no place for acknowledged ops. */
async function assertDurable(sql: Sql): Promise<void> {
  const text = `select name from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit') and setting = 'off'`;
  const unsafe = await rowsOf<{ name: string }>(sql, text);
  if (unsafe.length === 0) return;
  const names = unsafe.map((row) => row.name).join(', ');
  throw new Error(
    `PostgreSQL runs with ${names} switched off and could lose confirmed data. Switch it on and start again.`,
  );
}

async function readChecksums(sql: Sql): Promise<boolean> {
  const text = `select current_setting('data_checksums') as setting`;
  return (await rowsOf<{ setting: string }>(sql, text))[0]?.setting === 'on';
}

export interface DatabaseOptions {
  /** PostgreSQL's address; null: PGlite in `folder`. */
  url: string | null;
  folder: string;
  /** The list of erasures; left out: one in `folder`, under a name of this database. */
  eraseListFile?: string | undefined;
  /** A connection broke while idle, or the embedded database died. */
  onError: (cause: unknown) => void;
  onDeath: (cause: unknown) => void;
}

/** Which database that is, however it is written. */
function addressOf(url: string): string {
  const { host, port, database = '' } = new pg.Client({ connectionString: url });
  return `${host.toLowerCase()}:${port}/${database}`;
}

/** Connections for what tills do by themselves, and those for what a person waits for. */
export const TILL_CONNECTIONS = 8;
const COUNTER_CONNECTIONS = 4;

async function openServer(
  url: string,
  { onError, folder, eraseListFile: file }: DatabaseOptions,
): Promise<Database> {
  const config = { connectionString: url, statement_timeout: 60_000 };
  const open = (max: number): pg.Pool => openPool({ ...config, max }, onError);
  const [pool, counterPool] = [open(TILL_CONNECTIONS), open(COUNTER_CONNECTIONS)];
  const over = (connections: pg.Pool): Access => ({
    sql: named(connections),
    transaction: (work, mode = 'write') =>
      runTransaction(connections, { begin: BEGIN[mode], isNamed: true, recorder: null }, work),
  });
  const database: Database = {
    ...over(pool),
    counter: over(counterPool),
    isTrial: false,
    isRestored: false,
    hasChecksums: true,
    eraseList: findEraseList({ folder, file, database: addressOf(url) }),
    checkpoint: async () => undefined,
    maintain: async (statements) => {
      const client = await counterPool.connect();
      try {
        return await runEach(client, ['set statement_timeout = 0', ...statements]);
      } finally {
        // Nobody else gets what was set.
        client.release(true);
      }
    },
    record: () => undefined,
    close: async () => void (await Promise.all([pool.end(), counterPool.end()])),
  };
  try {
    await assertDurable(pool);
    database.hasChecksums = await readChecksums(pool);
  } catch (cause) {
    await database.close();
    throw cause;
  }
  return database;
}

async function openEmbedded(options: DatabaseOptions): Promise<Database> {
  const { folder, eraseListFile: file, onError, onDeath } = options;
  const embedded = await startPglite(folder, onDeath);
  const { host, port, isRestored } = embedded;
  // One connection: PGlite has one session, where two clients' unnamed statements overwrite each other.
  const pool = openPool({ host, port, user: 'postgres', database: 'postgres', max: 1 }, onError);
  let recorder: Recorder | null = null;
  const transaction: Access['transaction'] = (work, mode = 'write') =>
    runTransaction(pool, { begin: BEGIN[mode], isNamed: false, recorder }, work);
  const query: Sql['query'] = (text, values) =>
    recorder !== null && isRecorded(text)
      ? transaction((tx) => tx.query(text, values))
      : pool.query(text, values);
  const access: Access = { sql: { query }, transaction };
  return {
    ...access,
    counter: access,
    isTrial: true,
    isRestored,
    hasChecksums: true,
    eraseList: findEraseList({ folder, file, database: null }),
    checkpoint: async () => {
      // The one connection, held: nobody writes while the files are read.
      const client = await pool.connect();
      try {
        await client.query('checkpoint');
        await embedded.dump();
      } finally {
        client.release();
      }
    },
    maintain: async (statements) => {
      const client = await pool.connect();
      try {
        return await runEach(client, statements);
      } finally {
        await runEach(client, ['reset lock_timeout', 'reset wal_recycle']);
        client.release();
      }
    },
    record: (next) => void (recorder = next),
    close: async () => {
      await pool.end();
      await embedded.close();
    },
  };
}

export const openDatabase = (options: DatabaseOptions): Promise<Database> =>
  options.url === null ? openEmbedded(options) : openServer(options.url, options);
