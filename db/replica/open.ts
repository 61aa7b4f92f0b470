import { drizzle } from 'drizzle-orm/better-sqlite3';
import { DbError, LongRead, guard, guarded, toDbError } from '../errors.ts';
import { readFacts } from '../facts.ts';
import { toMigrations } from '../migrate.ts';
import { openFile, type Connection } from '../open.ts';
import { beginFillFile, fillPathOf, findFill, type FillState } from './bulk/fill-file.ts';
import { checkReplica } from './check.ts';
import { keyMerge } from './keys/key-merge.ts';
import { renewKeys } from './keys/key-rules.ts';
import { keySearch } from './keys/key-search.ts';
import { migrateCopy } from './migrate-copy.ts';
import { replicaWriter } from './repos/apply.ts';
import { logReader } from './repos/log-reader.ts';
import { digestReader } from './repos/digest-keeper.ts';
import { documentRepo } from './repos/documents.ts';
import { cardPageRepo } from './repos/card-pages.ts';
import { scanCards } from './repos/card-scan.ts';
import { metaRepo } from './repos/meta.ts';
import { cardRepo, entryRepo, memberRepo, rowWalker, walkInSlices } from './repos/rows.ts';
import { pageWalker } from './repos/page-walk.ts';
import { createTurns } from './turns.ts';
import { createWriteWatch } from './write-watch.ts';
import type { ReplicaDb } from './types.ts';
import { startReplicaWorker, type ReplicaWorker } from './worker-host.ts';
import type { ReplicaPlace } from './worker-tasks.ts';

export const replicaMigrations = toMigrations(
  import.meta.glob<string>('./migrations/*.sql', { query: '?raw', import: 'default', eager: true }),
);

/** A copy of so many members is read in a tenth of a second. */
const CHECKED_AT_ONCE_MAX = 20_000;

/**
 * The worker moves the log into the file: here it would keep a cashier waiting. Where no worker comes, this
 * many pages are the end of the log's growth, some 64 MB.
 */
const LOG_PAGES_MAX = 16_000;
/** Nothing leaves the log while somebody reads a moment before it, and what comes meanwhile is as much again. */
const READ_LOG_PAGES_MAX = LOG_PAGES_MAX / 2;
/** A log of fewer pages is left to grow. */
const LOG_PAGES_DUE = 4_000;

/**
 * Opens the copy of the centre's rows, or makes an empty one; migrated when it returns.
 *
 * @param options `keyHex`: 64 hex digits. @throws DbError see `openFile`.
 */
export function openReplica(options: { path: string; keyHex: string }): ReplicaDb {
  const raw = openFile({ ...options, file: 'replica' });
  try {
    return guard('replica', () => {
      const { isNewer } = migrateCopy(raw, { path: options.path, migrations: replicaMigrations });
      if (isNewer) raw.pragma('query_only = ON');
      else renewKeys(raw);
      return createReplica(raw, isNewer, options);
    });
  } catch (cause) {
    raw.close();
    throw cause;
  }
}

/** One task in a thread of its own, which ends with it. */
async function aside<Result>(
  place: ReplicaPlace,
  act: (worker: ReplicaWorker) => Promise<Result>,
): Promise<Result> {
  const worker = startReplicaWorker(place);
  try {
    return await act(worker);
  } finally {
    await worker.close();
  }
}

/**
 * The copy over an open, migrated connection.
 *
 * @param place where the file is, for connections of their own for what takes long
 */
export function createReplica(raw: Connection, isNewer: boolean, place: ReplicaPlace): ReplicaDb {
  raw.pragma(`wal_autocheckpoint = ${LOG_PAGES_MAX}`);
  const db = drizzle(raw);
  const meta = metaRepo(raw, db);
  const turns = createTurns();
  const refuse = (): never => {
    throw new DbError('newer', 'replica');
  };
  const watch = createWriteWatch();
  const writer = isNewer
    ? { apply: refuse, applyBalances: refuse, clear: refuse, writes: () => 0 }
    : watch.over(replicaWriter(raw, { db, meta, turns }));
  const search = keySearch(raw);
  const merge = keyMerge(raw);
  const { digests, isCounted, recountDigests } = digestReader(raw);
  const logPages = logReader(raw);
  const eachRowInSlices: ReplicaDb['eachRowInSlices'] = async (visit, pause) => {
    const own = openFile({ ...place, file: 'replica' });
    const rest = async (): Promise<void> => {
      await pause();
      if (logPages() > READ_LOG_PAGES_MAX) throw new LongRead();
    };
    try {
      return await walkInSlices(own, visit, rest);
    } catch (cause) {
      throw toDbError(cause, 'replica') ?? cause;
    } finally {
      own.close();
    }
  };
  const methods: Omit<ReplicaDb, 'isNewer' | 'turns'> = {
    eachRowInSlices,
    onWrite: watch.listen,
    ...writer,
    ...search,
    claimTurns: turns.claim,
    logPages,
    isTendingDue: () =>
      !isNewer && (search.isPreparing() || merge.isDue() || !isCounted() || logPages() > LOG_PAGES_DUE),
    digests,
    recountDigests: isNewer ? refuse : recountDigests,
    ...memberRepo(raw),
    ...cardRepo(raw),
    ...cardPageRepo(raw),
    scanCards: (scan) =>
      meta.counts().members <= CHECKED_AT_ONCE_MAX
        ? Promise.resolve(scanCards(raw, scan))
        : aside(place, (worker) => worker.scanCards(scan)),
    ...entryRepo(raw),
    ...rowWalker(raw),
    ...pageWalker(raw),
    ...documentRepo(db),
    meta: meta.get,
    purged: meta.purged,
    mark: meta.mark,
    counts: meta.counts,
    facts: () => readFacts(raw),
    check: () => checkReplica(raw),
    checkAside: async () => {
      if (meta.counts().members <= CHECKED_AT_ONCE_MAX) return checkReplica(raw);
      return aside(place, (worker) => worker.check());
    },
    close: () => void raw.close(),
  };
  return { isNewer, turns: turns.memory, ...guarded('replica', methods) };
}

/**
 * Goes on filling a new copy beside the one at `path`, or begins: see `ReplicaWorker` for the steps. A fill of
 * another snapshot is thrown away.
 *
 * @param snapshot names the snapshot among all @returns `chunks`: so many are in already
 * @throws DbError `full` or `io`.
 */
export const beginFill = ({ path, keyHex }: { path: string; keyHex: string }, snapshot: string): FillState =>
  beginFillFile({ path: fillPathOf(path), keyHex }, snapshot, replicaMigrations);

/** How far a fill beside the copy at `path` has come; null when there is none. */
export const findFillOf = ({ path, keyHex }: { path: string; keyHex: string }): FillState | null =>
  findFill({ path: fillPathOf(path), keyHex }, replicaMigrations.length);
