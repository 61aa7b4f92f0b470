import type { Centre } from '../centre.ts';
import type { Database } from '../database.ts';
import { cutSegment } from '../feed/segmenter.ts';
import { toLogged } from '../log.ts';
import { readCut } from '../repos/feed-files.ts';
import { readHead } from '../repos/feed-head.ts';
import {
  claimScour,
  readLogFiles,
  findStatisticsFile,
  findUnscoured,
  hasOlderReader,
  listTableSizes,
  noteScour,
  readHorizon,
} from '../repos/scours.ts';

/** No statement reads for so long that it still sees what was there before. */
const SETTLED_MS = 10 * 60_000;
/** A table up to this size is written anew in about a second, in which those who want it wait. */
const REWRITE_BYTES_MAX = 64 * 1024 * 1024;
const LOCK_MS = 2_000;
const READERS_MS = 30_000;
const LOOK_MS = 100;
/** The program's user is no superuser of the database. */
const NOT_ALLOWED = '42501';

type Parts = Pick<Centre, 'database' | 'clock' | 'log'>;

interface Extent {
  /** Larger tables keep their files: their rows go, the bytes stay until new rows take the room. */
  rewriteBytesMax: number;
  /** How long others wait at most behind this because somebody reads a table; 0: as long as it takes. */
  lockMs: number;
}

/** All tables, however long everybody waits for it. */
const WHOLE: Extent = { rewriteBytesMax: Number.MAX_SAFE_INTEGER, lockMs: 0 };
const BESIDE_WORK: Extent = { rewriteBytesMax: REWRITE_BYTES_MAX, lockMs: LOCK_MS };

export interface Scoured {
  rewritten: number;
  /** Too large to be written anew beside the work. */
  vacuumed: number;
  /** False: the statistics still quote what was there, as PostgreSQL only warns whoever does not own the database. */
  areStatisticsNew: boolean;
  /** The log of changes was begun anew. */
  isLogNew: boolean;
  /** Codes of what PostgreSQL would not do this time; `still_read`: somebody still saw what was there before. */
  failed: string[];
}

/**
 * The files for tills hold rows as they were, until the feed is cut behind their erasure.
 *
 * @returns False while another centre is at it.
 */
async function cutBehind({ database, clock }: Parts): Promise<boolean> {
  const { seq } = await readHead(database.sql);
  await cutSegment(database, { nowMs: clock.nowMs(), changesMin: 1, ageMsMin: 0, hashAfter: 1 });
  return ((await readCut(database.sql))?.cutSeq ?? 0) >= seq;
}

const NEXT_SEGMENT = ["select pg_logical_emit_message(false, 'counterfoil', '')", 'select pg_switch_wal()'];
/** A gibibyte, as PostgreSQL keeps by itself: each is written over whole. */
const SEGMENTS_MAX = 64;

/**
 * Begins PostgreSQL's log of changes anew: what a checkpoint is done with stays as it is under the names of later
 * segments, so that each of these is written over. What somebody holds back (a standby, an archive) stays.
 */
async function renewLog(database: Database): Promise<{ isNew: boolean; failed: unknown[] }> {
  // Only PGlite heeds this, and keeps none: elsewhere it is a setting of the server.
  const noneKept = 'set wal_recycle = off';
  const failed = await database.maintain([noneKept, ...NEXT_SEGMENT, 'checkpoint']);
  if (failed.length > 0) return { isNew: false, failed };
  try {
    const log = await readLogFiles(database.sql);
    if (log.held > 0 || log.waiting > SEGMENTS_MAX) return { isNew: false, failed };
    const each = Array.from({ length: log.waiting + 1 }, () => NEXT_SEGMENT).flat();
    const left = await database.maintain([noneKept, ...each, 'checkpoint']);
    return { isNew: left.length === 0, failed: left };
  } catch (cause) {
    // Who may begin a segment may not always see which there are.
    return { isNew: false, failed: [cause] };
  }
}

/**
 * Waits until nobody in this database reads or writes since before this moment: a table that is written anew keeps for
 * them what is no row any more. The database's own upkeep reads for seconds.
 *
 * @returns False when somebody still does after a while.
 */
async function outlastReaders(sql: Database['sql']): Promise<boolean> {
  const horizon = await readHorizon(sql);
  for (let waitedMs = 0; waitedMs < READERS_MS; waitedMs += LOOK_MS) {
    if (!(await hasOlderReader(sql, horizon))) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  return false;
}

const codeOf = (cause: unknown): string => toLogged(cause).code;

/**
 * Takes what is no row any more out of the database's own files: pages of tables and indexes, the statistics, which
 * quote phones and addresses, and PostgreSQL's log of changes, as far as its user may. Nothing of it is in a
 * transaction; to do it again does no harm.
 */
async function scourFiles(
  { database }: Pick<Parts, 'database'>,
  { rewriteBytesMax, lockMs }: Extent,
): Promise<Scoured> {
  const sizes = await listTableSizes(database.sql);
  const small = sizes.filter(({ bytes }) => bytes <= rewriteBytesMax);
  const large = sizes.filter(({ bytes }) => bytes > rewriteBytesMax);
  const statistics = await findStatisticsFile(database.sql);
  const isUnread = await outlastReaders(database.sql);
  const failed = await database.maintain([
    `set lock_timeout = ${lockMs}`,
    ...large.map(({ table }) => `vacuum (analyze) ${table}`),
    ...small.map(({ table }) => `vacuum (full, analyze) ${table}`),
    'vacuum full pg_catalog.pg_statistic',
  ]);
  const log = await renewLog(database);
  const broken = log.failed.filter((cause) => codeOf(cause) !== NOT_ALLOWED);
  return {
    rewritten: small.length,
    vacuumed: large.length,
    areStatisticsNew: (await findStatisticsFile(database.sql)) !== statistics,
    isLogNew: log.isNew,
    failed: [...[...failed, ...broken].map(codeOf), ...(isUnread ? [] : ['still_read'])],
  };
}

/**
 * Scours when somebody was anonymised since the last time, ten minutes ago or longer.
 *
 * @param checkpoint of the embedded database: its dump and its journal hold the words as well
 * @returns Null when there was nothing to do, or another centre over this database does it.
 */
export async function scourWhenDue(parts: Parts, checkpoint: () => Promise<void>): Promise<Scoured | null> {
  const { database, log } = parts;
  const nowMs = parts.clock.nowMs();
  const erasureNo = await findUnscoured(database.sql, nowMs - SETTLED_MS);
  if (erasureNo === null || !(await cutBehind(parts)) || !(await claimScour(database.sql, nowMs)))
    return null;
  const scoured = await scourFiles(parts, database.isTrial ? WHOLE : BESIDE_WORK);
  if (scoured.failed.length > 0) {
    log.warn(scoured, 'erased words may still lie in files of the database: tried again in an hour');
    return scoured;
  }
  await noteScour(database.sql, { erasureNo, nowMs });
  await checkpoint();
  log.info({ ...scoured, erasureNo }, 'erased words were taken out of the files of the database');
  return scoured;
}

/** The same at once and for every table, while nobody works. */
export async function scourAll(parts: Parts, checkpoint: () => Promise<void>): Promise<Scoured> {
  await cutBehind(parts);
  const scoured = await scourFiles(parts, WHOLE);
  await checkpoint();
  return scoured;
}
