import type { Database, Sql } from '../database.ts';
import { readHead } from '../repos/feed-head.ts';
import {
  finishSnapshot,
  insertChunk,
  insertSnapshot,
  readChunkPage,
  removeSnapshots,
  takeFileId,
  tryLockSnapshots,
} from '../repos/feed-snapshots.ts';
import { startChunkPacker } from './chunk-packer.ts';

/** An image of some four megabytes: a till holds two of them in memory. */
const CHUNK_MEMBERS = 10_000;
/** A till that began with the one before may still be under way. */
const GRACE_MS = 24 * 60 * 60_000;
const FIRST_UUID = '00000000-0000-0000-0000-000000000000';

interface Making {
  /** Where rows are read. */
  reader: Sql;
  /** Where chunks are written: never inside the reader's transaction, which only reads. */
  writer: Sql;
  chunkMembers: number;
  nowMs: number;
}

async function makeChunks({ reader, writer, chunkMembers, nowMs }: Making): Promise<number> {
  const { seq } = await readHead(reader);
  const snapshotId = await takeFileId(writer);
  await insertSnapshot(writer, { snapshotId, seq, madeAtMs: nowMs });
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
  const { seq: untilSeq } = await readHead(reader);
  await finishSnapshot(writer, snapshotId, untilSeq);
  await removeSnapshots(writer, nowMs - GRACE_MS);
  return snapshotId;
}

/**
 * Makes a snapshot of all members while tills go on: on PostgreSQL from one instant, by a transaction that only
 * reads; on PGlite, which has one connection, statement by statement. A row that changes meanwhile is then
 * younger than the snapshot's `seq`, never older, and says so itself.
 *
 * @returns Its number; null when another process is at it.
 */
export async function makeSnapshot(
  database: Database,
  { nowMs, chunkMembers = CHUNK_MEMBERS }: { nowMs: number; chunkMembers?: number },
): Promise<number | null> {
  const writer = database.sql;
  if (database.isTrial) return makeChunks({ reader: writer, writer, chunkMembers, nowMs });
  return database.transaction(async (reader) => {
    if (!(await tryLockSnapshots(reader))) return null;
    return makeChunks({ reader, writer, chunkMembers, nowMs });
  }, 'read');
}
