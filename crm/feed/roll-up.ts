import { rollUp } from '../../sync/feed/segment.ts';
import type { SegmentRef } from '../../sync/feed/manifest.ts';
import type { Database, Sql } from '../database.ts';
import {
  insertSegment,
  listOpenSegments,
  lockCut,
  markCovered,
  raiseLevel,
  removeOldest,
  removeSegments,
  saveCut,
  SEGMENTS_LISTED_MAX,
} from '../repos/feed-files.ts';
import type { Segment } from '../../sync/feed/segment.ts';
import { packSegment, unpackSegment } from './lanes.ts';

/** So many of a level become one of the next: at a cut every two seconds a top one holds a day and a half. */
const FAN_IN = 16;
const LEVEL_MAX = 4;
/** Merged in memory while tills wait for answers: a second or so. */
const MERGED_CHANGES_MAX = 100_000;
/** A till that read the manifest an hour ago is not under way any more. */
const COVERED_LIFE_MS = 60 * 60_000;
/** Beside as many again that are merged and still listed, this is all that a list names. */
const OPEN_MAX = SEGMENTS_LISTED_MAX / 2;
const LIFE_MS = 35 * 24 * 60 * 60_000;

const changesOf = ({ balances, rows }: SegmentRef): number => (balances?.count ?? 0) + (rows?.count ?? 0);

async function mergeOf(tx: Sql, refs: readonly SegmentRef[]): Promise<Segment> {
  const segments: Segment[] = [];
  for (const ref of refs) segments.push(await unpackSegment(tx, ref));
  return rollUp(segments);
}

async function rollUpLevel(tx: Sql, level: number, nowMs: number): Promise<boolean> {
  const cut = await lockCut(tx);
  if (cut === undefined) return false;
  const refs = await listOpenSegments(tx, level, FAN_IN);
  if (refs.length < FAN_IN) return false;
  const ids = refs.map(({ segmentId }) => segmentId);
  if (refs.reduce((sum, ref) => sum + changesOf(ref), 0) > MERGED_CHANGES_MAX) {
    await raiseLevel(tx, ids);
    return true;
  }
  const merged = await mergeOf(tx, refs);
  const packed = await packSegment(merged);
  const segmentId = cut.nextFileId;
  const { fromSeq, toSeq } = merged;
  await insertSegment(tx, { segmentId, level: level + 1, fromSeq, toSeq, madeAtMs: nowMs, ...packed });
  await markCovered(tx, ids);
  await saveCut(tx, { ...cut, nextFileId: segmentId + 1 });
  return true;
}

/** Not while another process cuts: what it leaves is removed after the next cut. */
async function removeUnneeded(
  tx: Sql,
  { nowMs, openMax, isMerged }: { nowMs: number; openMax: number; isMerged: boolean },
): Promise<void> {
  const cut = await lockCut(tx);
  if (cut === undefined) return;
  const before = { coveredMs: nowMs - COVERED_LIFE_MS, allMs: nowMs - LIFE_MS };
  // Segments too large to be merged end at the highest level, and there are as many as there is work.
  const oldest = await removeOldest(tx, openMax);
  const gone = oldest + (isMerged ? await removeSegments(tx, before) : 0);
  // A list that names them is kept for as long as this number stands: all night, where nobody sells.
  if (gone > 0) await saveCut(tx, { ...cut, nextFileId: cut.nextFileId + 1 });
}

/**
 * Merges the oldest full groups of each level, and removes what nobody needs any more. Short transactions of
 * its own. @returns how many merged segments were made
 */
export async function rollUpFeed(
  database: Pick<Database, 'transaction'>,
  nowMs: number,
  openMax: number = OPEN_MAX,
): Promise<number> {
  let made = 0;
  for (let level = 0; level < LEVEL_MAX; level += 1) {
    const step = (): Promise<boolean> => database.transaction((tx) => rollUpLevel(tx, level, nowMs));
    while (await step()) made += 1;
  }
  await database.transaction((tx) => removeUnneeded(tx, { nowMs, openMax, isMerged: made > 0 }));
  return made;
}
