import { applyBalancesInSlices, applyInSlices } from '../../../db/replica/apply-slices.ts';
import { createLogRelief } from '../../../db/replica/log-relief.ts';
import { beginFill, findFillOf } from '../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../db/replica/types.ts';
import type { ReplicaWorker } from '../../../db/replica/worker-host.ts';
import { planSegments, type Manifest, type SnapshotRef } from '../../../sync/feed/manifest.ts';
import type { Segment } from '../../../sync/feed/segment.ts';
import { EMPTY_ROWS } from '../../../sync/model/feed.ts';
import { fetchChunk, fetchManifest, fetchSegment, type FileParts } from './checked-files.ts';
import { nonsense } from './feed-source.ts';

/** Members in place of how many: of a whole copy that is on its way. */
export interface FillProgress {
  members: number;
  of: number;
}

export interface PullParts extends FileParts {
  replica: () => ReplicaDb;
  /** Where the copy lies; a fill lies beside it until it is whole. */
  place: { path: string; keyHex: string };
  worker: () => ReplicaWorker;
  /** Puts the ready fill in the copy's place; `replica()` is the new one when it resolves. */
  adopt: () => Promise<void>;
  /**
   * Resolves when the till knows the fate of all its own ops up to `seq`: a row beyond that could hold an op
   * which the till still lays on top. Asks the centre when it has to, without taking rows.
   */
  knowFates: (seq: number) => Promise<void>;
  onProgress: (progress: FillProgress | null) => void;
  /** Lets calls of cashiers through. */
  pause: () => Promise<void>;
}

/** The next thing is fetched while this one is written: two in memory at most. */
async function inTurn<Item>(
  count: number,
  fetchItem: (at: number) => Promise<Item>,
  take: (item: Item, at: number) => Promise<void>,
): Promise<void> {
  let next = count > 0 ? fetchItem(0) : null;
  for (let at = 0; at < count && next !== null; at += 1) {
    const item = await next;
    next = at + 1 < count ? fetchItem(at + 1) : null;
    // Its failure is met when its turn comes.
    next?.catch(() => undefined);
    await take(item, at);
  }
}

/**
 * A whole new copy beside the old one, chunk by chunk, each durable when its turn is over: after a cut it goes
 * on where it was.
 */
async function fill(parts: PullParts, epoch: string, snapshot: SnapshotRef): Promise<void> {
  const { place, worker, onProgress } = parts;
  if (isReadyFor(parts, epoch)) return adoptReady(parts, snapshot);
  const name = `${epoch} ${snapshot.snapshotId}`;
  const { chunks: done } = beginFill(place, name);
  const membersUpTo = (at: number): number =>
    snapshot.chunks.slice(0, at).reduce((sum, { members }) => sum + members, 0);
  onProgress({ members: membersUpTo(done), of: snapshot.members });
  await inTurn(
    snapshot.chunks.length - done,
    (at) => fetchChunk(parts, snapshot, done + at),
    async (image, at) => {
      await worker().insertChunk(image, done + at);
      onProgress({ members: membersUpTo(done + at + 1), of: snapshot.members });
      await parts.pause();
    },
  );
  await worker().finishFill({ epoch, cursor: snapshot.seq });
  await adoptReady(parts, snapshot);
}

/** An earlier run's fill counts only in its own epoch, and where it does not take the copy back. */
function isReadyFor({ place, replica }: PullParts, epoch: string): boolean {
  const found = findFillOf(place);
  if (found === null || !found.isReady || found.epoch !== epoch) return false;
  const copy = replica().meta();
  return copy.epoch !== epoch || found.cursor >= copy.cursor;
}

/** Also one that an earlier run had ready: no row in it is younger than those of a later snapshot. */
async function adoptReady(parts: PullParts, { untilSeq }: SnapshotRef): Promise<void> {
  await parts.knowFates(untilSeq);
  await parts.adopt();
}

async function applySegment(parts: PullParts, epoch: string, segment: Segment): Promise<void> {
  const { replica, pause } = parts;
  await parts.knowFates(segment.toSeq);
  const copy = replica();
  const before = { epoch, cursor: copy.meta().cursor, isSettled: false };
  await applyInSlices(copy, { ...EMPTY_ROWS, ...segment.rows }, { at: before, pause });
  const after = { epoch, cursor: segment.toSeq, seq: segment.toSeq, isSettled: false };
  await applyBalancesInSlices(copy, segment.balances, { at: after, pause });
}

/** The cheapest way through what is listed, from where the copy is. */
export async function applySegments(parts: PullParts, { epoch, segments }: Manifest): Promise<void> {
  const plan = planSegments(segments, parts.replica().meta().cursor) ?? [];
  const relieve = createLogRelief(parts.replica, parts.worker);
  const pause = async (): Promise<void> => {
    await relieve();
    await parts.pause();
  };
  await inTurn(
    plan.length,
    async (at) => {
      const ref = plan[at];
      if (ref === undefined) throw nonsense('The list of files has a hole.');
      return fetchSegment(parts, ref);
    },
    (segment) => applySegment({ ...parts, pause }, epoch, segment),
  );
}

/**
 * What files do not carry, up to the cursor: the documents of a fresh copy, and the own store's entries. Then
 * the copy is settled there. Does nothing when it is; must come before the rows of an answer, which would
 * hide that something is missing.
 */
export async function settleFiles(parts: PullParts): Promise<void> {
  const { replica, source, pause } = parts;
  const { epoch, cursor, settled } = replica().meta();
  if (settled >= cursor) return;
  if (settled === 0) {
    const { documents } = await source.documents();
    replica().apply({ ...EMPTY_ROWS, documents }, { epoch, cursor, isSettled: false });
  }
  for (let after = settled; after < cursor;) {
    const page = await source.entries({ after, until: cursor });
    if (page.until <= after) throw nonsense('The centre sends the same entries again.');
    const rows = { ...EMPTY_ROWS, entries: page.entries };
    await applyInSlices(replica(), rows, { at: { epoch, cursor, isSettled: page.until >= cursor }, pause });
    after = page.until;
  }
}

/**
 * Brings a copy that is far behind as near to the head as files go: a snapshot when it is empty, of another
 * epoch, or older than what is kept; then segments; then what files do not carry. Safe to repeat after any
 * failure, and a cut costs at most one file.
 *
 * @throws CentreFault @throws DbError
 */
export async function pullFiles(parts: PullParts): Promise<void> {
  await settleFiles(parts);
  const { cursor, epoch } = parts.replica().meta();
  let manifest = await fetchManifest(parts, cursor === 0);
  const isKnown = cursor > 0 && manifest.epoch === epoch;
  if (!isKnown || planSegments(manifest.segments, cursor) === null) {
    if (manifest.snapshot === null) manifest = await fetchManifest(parts, true);
    if (manifest.snapshot === null) throw nonsense('The centre has no snapshot to begin with.');
    await fill(parts, manifest.epoch, manifest.snapshot);
  }
  parts.onProgress(null);
  await applySegments(parts, manifest);
  await settleFiles(parts);
}

/** A whole new copy although there is one: it differs from the centre in a way that rows do not mend. */
export async function refill(parts: PullParts): Promise<void> {
  const manifest = await fetchManifest(parts, true);
  if (manifest.snapshot === null) throw nonsense('The centre has no snapshot to begin with.');
  await fill(parts, manifest.epoch, manifest.snapshot);
  parts.onProgress(null);
  await applySegments(parts, manifest);
  await settleFiles(parts);
}
