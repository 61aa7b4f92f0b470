import type { Database, Sql } from '../database.ts';
import { readHead } from '../repos/feed-head.ts';
import {
  finishSnapshot,
  insertChunk,
  insertSnapshot,
  noteSnapshotSeq,
  readChunkPage,
  removeSnapshot,
  removeSnapshots,
  takeFileId,
  tryLockSnapshots,
} from '../repos/feed-snapshots.ts';
import { startChunkPacker } from './chunk-packer.ts';

/** An image of some six megabytes: a till holds two of them in memory, and waits for its disk once for each. */
const CHUNK_MEMBERS = 15_000;
/** A till that began with the one before may still be under way. */
const GRACE_MS = 24 * 60 * 60_000;
/** Erasures are rare: who meets several is not helped by one try more. */
const TRIES = 3;
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

interface Making {
  /** Where rows are read. */
  reader: Sql;
  /** Where chunks are written: never inside the reader's transaction, which only reads. */
  writer: Sql;
  chunkMembers: number;
  snapshotId: number;
}

/** Named before anything is read: an erasure that comes from then on finds it, and takes it away. */
async function nameSnapshot(writer: Sql, nowMs: number): Promise<number> {
  const snapshotId = await takeFileId(writer);
  await insertSnapshot(writer, { snapshotId, madeAtMs: nowMs });
  return snapshotId;
}

async function makeChunks({ reader, writer, chunkMembers, snapshotId }: Making): Promise<void> {
  const { seq } = await readHead(reader);
  await noteSnapshotSeq(writer, snapshotId, seq);
  const packer = startChunkPacker();
  try {
    let afterId: string | null = FIRST_UUID;
    for (let at = 0; afterId !== null; at += 1) {
      const { lastId, count, ...rows } = await readChunkPage(reader, afterId, chunkMembers);
      if (count > 0) {
        const packed = await packer.pack({ ...rows, seq });
        await insertChunk(writer, { ...packed, bytes: packed.body.length, snapshotId, at });
      }
      afterId = count < chunkMembers ? null : lastId;
    }
  } finally {
    await packer.close();
  }
}

const FOREIGN_KEY_VIOLATION = '23503';
/** Its name is gone, and chunks can not be without. */
const isTakenAway = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && cause.code === FOREIGN_KEY_VIOLATION;

type Outcome = { snapshotId: number } | 'busy' | 'spoilt';

async function tryToMake(
  database: Database,
  { nowMs, chunkMembers }: { nowMs: number; chunkMembers: number },
): Promise<Outcome> {
  const writer = database.sql;
  const snapshotId = await nameSnapshot(writer, nowMs);
  const make = async (reader: Sql): Promise<'made' | 'busy'> => {
    if (!database.isTrial && !(await tryLockSnapshots(reader))) return 'busy';
    await makeChunks({ reader, writer, chunkMembers, snapshotId });
    return 'made';
  };
  let isReady = false;
  try {
    const made = database.isTrial ? await make(writer) : await database.transaction(make, 'read');
    if (made === 'busy') return made;
    isReady = await finishSnapshot(writer, snapshotId);
    return isReady ? { snapshotId } : 'spoilt';
  } catch (cause) {
    if (isTakenAway(cause)) return 'spoilt';
    throw cause;
  } finally {
    if (!isReady) await removeSnapshot(writer, snapshotId);
  }
}

/**
 * Makes a snapshot of all members while tills go on: on PostgreSQL from one instant, by a transaction that only
 * reads; on PGlite, which has one connection, statement by statement. A row that changes meanwhile is then
 * younger than the snapshot's `seq`, never older, and says so itself. When somebody is anonymised meanwhile, who
 * may be in it, it is thrown away and made again.
 *
 * @returns Its number; null when another process is at it, or it was spoilt again and again.
 */
export async function makeSnapshot(
  database: Database,
  { nowMs, chunkMembers = CHUNK_MEMBERS }: { nowMs: number; chunkMembers?: number },
): Promise<number | null> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const outcome = await tryToMake(database, { nowMs, chunkMembers });
    if (outcome === 'busy') return null;
    if (outcome === 'spoilt') continue;
    await removeSnapshots(database.sql, nowMs - GRACE_MS);
    return outcome.snapshotId;
  }
  return null;
}
