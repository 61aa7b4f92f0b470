import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { countLaneRows, decodeRows, encodeRows } from '../../sync/feed/row-lane.ts';
import type { SegmentRef } from '../../sync/feed/manifest.ts';
import type { Sql } from '../database.ts';
import { findLane, listSegments, replaceRowLane, type FeedCut } from '../repos/feed-files.ts';
import { removeAllSnapshots } from '../repos/feed-snapshots.ts';
import { packLane } from './lanes.ts';

const decompress = promisify(zstdDecompress);

/** @returns The segment's rows without those members as a lane; null when it says nothing of them. */
async function withoutMembers(sql: Sql, ref: SegmentRef, erased: ReadonlySet<string>) {
  const body = await findLane(sql, ref.segmentId, 'rows');
  if (body === undefined) return null;
  const text = (await decompress(body)).toString();
  if (![...erased].some((memberId) => text.includes(memberId))) return null;
  const rows = decodeRows(text, ref.toSeq);
  const members = rows.members.filter(({ memberId }) => !erased.has(memberId));
  if (members.length === rows.members.length) return null;
  const kept = { ...rows, members };
  return packLane(encodeRows(kept), countLaneRows(kept));
}

/**
 * Takes anonymised members out of every file that was made before: their empty rows come with the segment that
 * is being cut, which ends every chain of segments. Files that held them get new numbers, so that nobody takes
 * an old copy for the new one; snapshots are made anew when somebody asks.
 *
 * @param cut held by the caller, who saves it; its counter is moved on
 */
export async function forgetMembers(tx: Sql, erased: ReadonlySet<string>, cut: FeedCut): Promise<void> {
  for (const ref of await listSegments(tx, 0)) {
    const lane = await withoutMembers(tx, ref, erased);
    if (lane === null) continue;
    await replaceRowLane(tx, { from: ref.segmentId, to: cut.nextFileId, lane });
    cut.nextFileId += 1;
  }
  await removeAllSnapshots(tx);
}
