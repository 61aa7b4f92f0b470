import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import { countLaneRows, decodeRows, encodeRows } from '../../sync/feed/row-lane.ts';
import type { SegmentRef } from '../../sync/feed/manifest.ts';
import type { Sql } from '../database.ts';
import { findLane, listSegments, replaceRowLane, type FeedCut } from '../repos/feed-files.ts';
import { listErasedAt } from '../repos/erasures.ts';
import { removeSnapshotsBefore } from '../repos/feed-snapshots.ts';
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
 * an old copy for the new one; snapshots from before are made anew when somebody asks. Whoever was anonymised
 * before the last cut is in no file any more, however often something comes of them.
 *
 * @param cut held by the caller, who saves it; its counter is moved on
 */
export async function forgetMembers(tx: Sql, anonymised: ReadonlySet<string>, cut: FeedCut): Promise<void> {
  if (anonymised.size === 0) return;
  const erasedAt = [...(await listErasedAt(tx, [...anonymised]))].filter(([, seq]) => seq > cut.cutSeq);
  if (erasedAt.length === 0) return;
  const erased = new Set(erasedAt.map(([memberId]) => memberId));
  for (const ref of await listSegments(tx, 0, Number.MAX_SAFE_INTEGER)) {
    const lane = await withoutMembers(tx, ref, erased);
    if (lane === null) continue;
    await replaceRowLane(tx, { from: ref.segmentId, to: cut.nextFileId, lane });
    cut.nextFileId += 1;
  }
  await removeSnapshotsBefore(tx, Math.max(...erasedAt.map(([, seq]) => seq)));
}
