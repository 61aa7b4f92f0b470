import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { decodeBalances, encodeBalances } from '../../sync/feed/balance-lane.ts';
import { countLaneRows, decodeRows, emptyLaneRows, encodeRows } from '../../sync/feed/row-lane.ts';
import type { SegmentRef } from '../../sync/feed/manifest.ts';
import type { Segment } from '../../sync/feed/segment.ts';
import type { Sql } from '../database.ts';
import { packZstd } from '../zstd-pack.ts';
import { findLane, type LaneBody, type LaneName } from '../repos/feed-files.ts';

const decompress = promisify(zstdDecompress);

/** For lanes that are small, as those of a fresh cut are; a big one would keep a thread for seconds. */
const THOROUGH_LEVEL = 19;
const THOROUGH_BYTES_MAX = 1_000_000;

/** A lane's text or bytes as they are stored and sent. */
export async function packLane(plain: Uint8Array | string, count: number): Promise<LaneBody> {
  if (count === 0) return { body: null, count: 0, sha256: null };
  // Each changed balance goes to every till of the chain: what it takes here is taken once.
  const body = await packZstd(plain, plain.length <= THOROUGH_BYTES_MAX ? THOROUGH_LEVEL : undefined);
  return { body, count, sha256: createHash('sha256').update(body).digest('hex') };
}

/** A segment's two lanes as they are stored and sent. */
export async function packSegment(segment: Segment): Promise<{ balances: LaneBody; rows: LaneBody }> {
  const { balances, rows } = segment;
  return {
    balances: await packLane(encodeBalances(balances), balances.length),
    rows: await packLane(encodeRows(rows), countLaneRows(rows)),
  };
}

async function readLane(sql: Sql, ref: SegmentRef, lane: LaneName): Promise<Buffer | null> {
  if (ref[lane] === null) return null;
  const body = await findLane(sql, ref.segmentId, lane);
  if (body === undefined) throw new Error(`segment ${ref.segmentId} has lost its lane of ${lane}`);
  return decompress(body);
}

/** A stored segment, to be merged with others. */
export async function unpackSegment(sql: Sql, ref: SegmentRef): Promise<Segment> {
  const [balances, rows] = [await readLane(sql, ref, 'balances'), await readLane(sql, ref, 'rows')];
  return {
    fromSeq: ref.fromSeq,
    toSeq: ref.toSeq,
    balances: balances === null ? [] : decodeBalances(balances),
    rows: rows === null ? emptyLaneRows() : decodeRows(rows.toString(), ref.toSeq),
  };
}
