import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { adoptFillFile } from '../../../../../db/replica/bulk/adopt-fill.ts';
import { openReplica } from '../../../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../../../db/replica/types.ts';
import { startReplicaWorker, type ReplicaWorker } from '../../../../../db/replica/worker-host.ts';
import { rowsOf, type Database } from '../../../../../crm/database.ts';
import { createManifests } from '../../../../../crm/feed/manifest.ts';
import { cutSegment } from '../../../../../crm/feed/segmenter.ts';
import { makeSnapshot } from '../../../../../crm/feed/snapshot.ts';
import { createCentreSigner } from '../../../../../crm/keys.ts';
import { listChangedDocuments } from '../../../../../crm/repos/feed-changes.ts';
import { listBucketRows, readDigests } from '../../../../../crm/repos/feed-digests.ts';
import { listEntries } from '../../../../../crm/repos/feed-entries.ts';
import { findLane, readCut } from '../../../../../crm/repos/feed-files.ts';
import { readHead } from '../../../../../crm/repos/feed-head.ts';
import { findChunk, findSnapshot } from '../../../../../crm/repos/feed-snapshots.ts';
import { nodeCrypto, nodeSigning } from '../../../../../electron/core/crypto.ts';
import type { FeedSource } from '../../../../../electron/core/pull/feed-source.ts';
import type { FillProgress, PullParts } from '../../../../../electron/core/pull/pull-files.ts';
import { must } from '../../../../../sync/base/must.ts';
import { createStateHash } from '../../../../../sync/merge/state-hash.ts';
import { KEY_HEX, makeFolder } from '../../../../parts/till.ts';

export const NOW = { nowMs: 1_000_000, changesMin: 1, ageMsMin: 0, hashAfter: 1 };
const STORE = 'store-1';
/** What the centre gave the till last. */
export const GIVEN_MARK = 'zz.given';

/** The centre's files without a line between: what the routes do, minus HTTP. */
export function directSource(database: Database, chunkMembers: number): FeedSource {
  const { sql } = database;
  const manifests = createManifests(database, createCentreSigner(sql));
  const epochOf = async (): Promise<string> => (await readHead(sql)).epoch;
  return {
    manifest: async (needsSnapshot) => {
      await cutSegment(database, NOW);
      if (needsSnapshot && (await findSnapshot(sql)) === null)
        await makeSnapshot(database, { nowMs: NOW.nowMs, chunkMembers });
      return manifests(NOW.nowMs);
    },
    lane: async ({ segmentId, lane }) => must(await findLane(sql, segmentId, lane), 'the lane is there'),
    chunk: async ({ snapshotId, at }) => must(await findChunk(sql, snapshotId, at), 'the chunk is there'),
    entries: (range) => listEntries(sql, STORE, range),
    documents: async () => ({ documents: await listChangedDocuments(sql, 0) }),
    digests: async () => {
      await cutSegment(database, NOW);
      const seq = (await readCut(sql))?.hashedSeq ?? 0;
      return { epoch: await epochOf(), seq, ...(await readDigests(sql)) };
    },
    bucketRows: async (table, buckets) => {
      const { epoch, seq } = await readHead(sql);
      const rows = await listBucketRows(sql, table, buckets);
      return { epoch, seq, rows: rows.map((row) => ({ ...row, seq })) };
    },
    wake: async () => ({ epoch: await epochOf(), headSeq: (await readHead(sql)).seq }),
  };
}

export interface CopySite {
  dir: string;
  parts: PullParts;
  progress: (FillProgress | null)[];
  known: number[];
  replica: () => ReplicaDb;
  hash: () => string;
  /** As after a crash: files closed, opened again. */
  reopen: () => void;
  /** A damaged copy was set aside, and an empty one took its place. */
  lose: () => void;
  close: () => Promise<void>;
}

/** A till's copy in a folder of its own, with everything that a pull wants. */
export async function makeCopySite(database: Database, source: FeedSource): Promise<CopySite> {
  const dir = makeFolder();
  const place = { path: join(dir, 'replica.db'), keyHex: KEY_HEX };
  let replica = openReplica(place);
  let worker: ReplicaWorker | null = null;
  const [key] = await rowsOf<{ key: string }>(
    database.sql,
    `select public_key as key from centre_keys where kind = 'sign'`,
  );
  const progress: CopySite['progress'] = [];
  const known: number[] = [];
  const parts: PullParts = {
    source,
    signing: nodeSigning,
    signKey: must(key, 'the centre has keys').key,
    replica: () => replica,
    place,
    worker: () => (worker ??= startReplicaWorker(place)),
    adopt: async () => {
      replica.close();
      adoptFillFile(place.path);
      replica = openReplica(place);
    },
    knowFates: async (seq) => void known.push(seq),
    mark: () => GIVEN_MARK,
    onProgress: (step) => void progress.push(step),
    pause: () => new Promise((resolve) => setImmediate(resolve)),
  };
  const hash = (): string => {
    const state = createStateHash(nodeCrypto);
    replica.eachRow({
      member: (row) => state.addMember({ ...row, seq: 0 }),
      card: (row) => state.addCard({ ...row, seq: 0 }),
      account: (row) => state.addAccount({ ...row, seq: 0 }),
    });
    return state.value();
  };
  return {
    dir,
    parts,
    progress,
    known,
    replica: () => replica,
    hash,
    reopen: () => {
      replica.close();
      replica = openReplica(place);
    },
    lose: () => {
      replica.close();
      for (const suffix of ['', '-wal', '-shm']) rmSync(place.path + suffix, { force: true });
      replica = openReplica(place);
    },
    close: async () => {
      await worker?.close();
      replica.close();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
