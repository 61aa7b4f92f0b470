import type { Centre } from '../../crm/centre.ts';
import { cutSegment } from '../../crm/feed/segmenter.ts';
import { rollUpFeed } from '../../crm/feed/roll-up.ts';
import { CentreRefusal } from '../../crm/refusal.ts';
import type { TillRow } from '../../crm/repos/tills.ts';
import { listChangedDocuments } from '../parts/memory-repos/feed-changes.ts';
import { listEntries } from '../parts/memory-repos/feed-entries.ts';
import { findLane } from '../parts/memory-repos/feed-files.ts';
import { findChunk, findSnapshot } from '../parts/memory-repos/feed-snapshots.ts';

const LANE = /^\/v1\/feed\/segments\/(\d+)\/(balances|rows)$/;
const CHUNK = /^\/v1\/feed\/snapshots\/(\d+)\/(\d+)$/;

/** A file's own bytes, or what is answered as JSON. */
export type FeedAnswer = { bytes: Uint8Array } | { value: unknown };

function toFile(bytes: Uint8Array | undefined): FeedAnswer {
  if (bytes === undefined) throw new CentreRefusal('bad_request', 'That file is not kept any more.', 404);
  return { bytes };
}

/** As `crm/routes/feed.ts` does it; null for another address. */
export async function serveFeed(centre: Centre, till: TillRow, path: string): Promise<FeedAnswer | null> {
  const { pathname, searchParams } = new URL(path, 'http://centre.test');
  const { sql } = centre.database;
  const number = (name: string): number => Number(searchParams.get(name));
  const [, segmentId, lane] = LANE.exec(pathname) ?? [];
  if (segmentId !== undefined) return toFile(await findLane(sql, Number(segmentId), lane as 'rows'));
  const [, snapshotId, at] = CHUNK.exec(pathname) ?? [];
  if (snapshotId !== undefined) return toFile(await findChunk(sql, Number(snapshotId), Number(at)));
  switch (pathname) {
    case '/v1/feed/manifest':
      return { value: await centre.feed.manifest(searchParams.get('snapshot') === 'wanted') };
    case '/v1/feed/documents':
      return { value: { documents: await listChangedDocuments(sql, 0) } };
    case '/v1/feed/entries':
      return {
        value: await listEntries(sql, till.storeId, { after: number('after'), until: number('until') }),
      };
    default:
      return null;
  }
}

/**
 * What a running centre does by itself all the time: cuts segments, merges them, and keeps a snapshot fresh once
 * somebody has asked for one.
 *
 * @param openMax So many are kept: who is behind the rest begins with a snapshot.
 */
export async function tendFeed({ database, clock, feed }: Centre, openMax: number): Promise<void> {
  const cut = await cutSegment(database, {
    nowMs: clock.nowMs(),
    changesMin: 1,
    ageMsMin: 0,
    hashAfter: Infinity,
  });
  if (cut !== null) await rollUpFeed(database, clock.nowMs(), openMax);
  if ((await findSnapshot(database.sql)) !== null) await feed.manifest(true);
}
