import type { LaneFile, SegmentRef } from '../../sync/feed/manifest.ts';
import { rowsOf, type Sql } from '../database.ts';

/** How far segments were cut. Its row's lock decides which process cuts. */
export interface FeedCut {
  cutSeq: number;
  cutAtMs: number;
  /** Accounts from this number on were made behind the cut. */
  nextAccountNo: number;
  nextFileId: number;
  /** Hashes of rows, and with them digests, are as of this number: that of an earlier cut, or of the last one. */
  hashedSeq: number;
}

const CUT_COLUMNS = `cut_seq as "cutSeq", cut_at_ms as "cutAtMs", next_account_no as "nextAccountNo",
  next_file_id as "nextFileId", hashed_seq as "hashedSeq"`;

/** Held until the transaction ends; undefined while another process has it. */
export async function lockCut(tx: Sql): Promise<FeedCut | undefined> {
  const text = `select ${CUT_COLUMNS} from feed_cut where id = 1 for update skip locked`;
  return (await rowsOf<FeedCut>(tx, text))[0];
}

export async function readCut(sql: Sql): Promise<FeedCut | undefined> {
  return (await rowsOf<FeedCut>(sql, `select ${CUT_COLUMNS} from feed_cut where id = 1`))[0];
}

export async function saveCut(tx: Sql, cut: FeedCut): Promise<void> {
  await tx.query(
    `update feed_cut set cut_seq = $1, cut_at_ms = $2, next_account_no = $3, next_file_id = $4, hashed_seq = $5
     where id = 1`,
    [cut.cutSeq, cut.cutAtMs, cut.nextAccountNo, cut.nextFileId, cut.hashedSeq],
  );
}

/** No file gets one of the next `count` numbers. */
export async function skipFiles(tx: Sql, count: number): Promise<void> {
  await tx.query('update feed_cut set next_file_id = next_file_id + $1 where id = 1', [count]);
}

/** A compressed lane with its hash; `body` null: nothing in it. */
export interface LaneBody {
  body: Buffer | null;
  count: number;
  sha256: string | null;
}

export interface NewSegment {
  segmentId: number;
  level: number;
  fromSeq: number;
  toSeq: number;
  madeAtMs: number;
  balances: LaneBody;
  rows: LaneBody;
}

export async function insertSegment(tx: Sql, segment: NewSegment): Promise<void> {
  const { balances, rows } = segment;
  await tx.query(
    `insert into feed_segments (segment_id, level, from_seq, to_seq, made_at_ms, balances, balance_count,
       balance_sha256, rows, row_count, row_sha256) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      ...[segment.segmentId, segment.level, segment.fromSeq, segment.toSeq, segment.madeAtMs],
      ...[balances.body, balances.count, balances.sha256, rows.body, rows.count, rows.sha256],
    ],
  );
}

interface SegmentLine extends Omit<SegmentRef, 'balances' | 'rows'> {
  balanceBytes: number | null;
  balanceCount: number;
  balanceSha256: string | null;
  rowBytes: number | null;
  rowCount: number;
  rowSha256: string | null;
}

const toFile = (bytes: number | null, count: number, sha256: string | null): LaneFile | null =>
  bytes === null || sha256 === null ? null : { bytes, count, sha256 };

const toRef = (line: SegmentLine): SegmentRef => ({
  segmentId: line.segmentId,
  level: line.level,
  fromSeq: line.fromSeq,
  toSeq: line.toSeq,
  balances: toFile(line.balanceBytes, line.balanceCount, line.balanceSha256),
  rows: toFile(line.rowBytes, line.rowCount, line.rowSha256),
});

const SEGMENT_COLUMNS = `segment_id as "segmentId", level, from_seq as "fromSeq", to_seq as "toSeq",
  octet_length(balances) as "balanceBytes", balance_count as "balanceCount", balance_sha256 as "balanceSha256",
  octet_length(rows) as "rowBytes", row_count as "rowCount", row_sha256 as "rowSha256"`;

/** What one list names at most: with more, a snapshot is less to fetch. Far below what a till takes. */
export const SEGMENTS_LISTED_MAX = 1_000;

/**
 * Segments that nobody has merged, and those that were merged but made after `sinceMs`; by `toSeq`. Of more than
 * `limit` the newest: then the oldest cursors find no way through, and begin with a snapshot.
 */
export async function listSegments(
  sql: Sql,
  sinceMs: number,
  limit: number = SEGMENTS_LISTED_MAX,
): Promise<SegmentRef[]> {
  const lines = await rowsOf<SegmentLine>(
    sql,
    `select ${SEGMENT_COLUMNS} from feed_segments where not is_covered or made_at_ms > $1
     order by to_seq desc, level desc limit $2`,
    [sinceMs, limit],
  );
  return lines.map(toRef).reverse();
}

/** The oldest segments of a level that are part of no other, at most `limit`, in order. */
export async function listOpenSegments(sql: Sql, level: number, limit: number): Promise<SegmentRef[]> {
  const lines = await rowsOf<SegmentLine>(
    sql,
    `select ${SEGMENT_COLUMNS} from feed_segments where level = $1 and not is_covered
     order by from_seq limit $2`,
    [level, limit],
  );
  return lines.map(toRef);
}

export type LaneName = 'balances' | 'rows';

/** A lane's compressed bytes; undefined when there is no such segment, or its lane is empty. */
export async function findLane(sql: Sql, segmentId: number, lane: LaneName): Promise<Buffer | undefined> {
  const column = lane === 'balances' ? 'balances' : 'rows';
  const text = `select ${column} as body from feed_segments where segment_id = $1`;
  return (await rowsOf<{ body: Buffer | null }>(sql, text, [segmentId]))[0]?.body ?? undefined;
}

/** The SHA-256 of those bytes: who has them already need not be given them. */
export async function findLaneSum(sql: Sql, segmentId: number, lane: LaneName): Promise<string | undefined> {
  const column = lane === 'balances' ? 'balance_sha256' : 'row_sha256';
  const text = `select ${column} as sum from feed_segments where segment_id = $1`;
  return (await rowsOf<{ sum: string | null }>(sql, text, [segmentId]))[0]?.sum ?? undefined;
}

/** The same segment with other rows, under a number of its own: files never change. */
export async function replaceRowLane(
  tx: Sql,
  { from, to, lane }: { from: number; to: number; lane: LaneBody },
): Promise<void> {
  await tx.query(
    'update feed_segments set segment_id = $2, rows = $3, row_count = $4, row_sha256 = $5 where segment_id = $1',
    [from, to, lane.body, lane.count, lane.sha256],
  );
}

export async function markCovered(tx: Sql, ids: readonly number[]): Promise<void> {
  await tx.query('update feed_segments set is_covered = true where segment_id = any($1::bigint[])', [ids]);
}

/** Too large to be merged: each counts as one of the next level. */
export async function raiseLevel(tx: Sql, ids: readonly number[]): Promise<void> {
  await tx.query('update feed_segments set level = level + 1 where segment_id = any($1::bigint[])', [ids]);
}

/**
 * @param before merged ones made before `coveredMs`, and all made before `allMs` that end before any younger one
 * begins: by a clock that was not set, some in the middle of the chain are as old, and it must not break there
 * @returns How many went.
 */
export async function removeSegments(tx: Sql, before: { coveredMs: number; allMs: number }): Promise<number> {
  const gone = await tx.query(
    `delete from feed_segments where (is_covered and made_at_ms < $1) or (made_at_ms < $2 and to_seq <= coalesce(
       (select min(from_seq) from feed_segments where not is_covered and made_at_ms >= $2), to_seq))`,
    [before.coveredMs, before.allMs],
  );
  return gone.rowCount ?? 0;
}

/**
 * Only the newest `kept` segments that are part of no other stay: who is behind the rest begins with a snapshot.
 * @returns How many went.
 */
export async function removeOldest(tx: Sql, kept: number): Promise<number> {
  const gone = await tx.query(
    `delete from feed_segments where not is_covered and to_seq <= (
       select to_seq from feed_segments where not is_covered order by to_seq desc offset $1 limit 1)`,
    [kept],
  );
  return gone.rowCount ?? 0;
}

/** All segments out: what they hold no longer joins what comes. */
export async function removeAllSegments(tx: Sql): Promise<void> {
  await tx.query('delete from feed_segments');
}
