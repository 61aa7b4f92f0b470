import { applyBalancesInSlices, applyInSlices } from '../../../db/replica/apply-slices.ts';
import { createLogRelief } from '../../../db/replica/log-relief.ts';
import { beginFill, findFillOf } from '../../../db/replica/open.ts';
import type { ReplicaDb } from '../../../db/replica/types.ts';
import type { ReplicaWorker } from '../../../db/replica/worker-host.ts';
import { planSegments, type Manifest, type SnapshotRef } from '../../../sync/feed/manifest.ts';
import type { Segment } from '../../../sync/feed/segment.ts';
import { EMPTY_ROWS } from '../../../sync/model/feed.ts';
import { must } from '../../../sync/base/must.ts';
import {
  fetchChunk,
  fetchManifest,
  fetchSegment,
  fillNameOf,
  unpackChunk,
  type FileParts,
} from './checked-files.ts';
import { entryPages, type EntryPages } from './entry-pages.ts';
import { nonsense, notReady, replaced } from './feed-source.ts';

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
  /** Up to where the centre was in its last answer; 0 where that is not known. */
  reach?: () => number;
  /** What the centre gave to be shown again in that epoch: after `knowFates` it proves the numbers up to there. */
  mark: (epoch: string) => string | undefined;
  onProgress: (progress: FillProgress | null) => void;
  /** Lets calls of cashiers through. */
  pause: () => Promise<void>;
}

const ignore = (): void => undefined;

/** `count` things in order, so many of them begun before they are asked for. Whoever asks meets their failures. */
function inTurn<Item>(
  { count, ahead }: { count: number; ahead: number },
  begin: (at: number) => Promise<Item>,
): () => Promise<Item | null> {
  const begun: Promise<Item>[] = [];
  let next = 0;
  return async () => {
    for (; next < count && begun.length <= ahead; next += 1) {
      const item = begin(next);
      item.catch(ignore);
      begun.push(item);
    }
    return begun.shift() ?? null;
  };
}

/** Packed chunks on their way or waiting, a tenth of their images' size, and images that wait to be written. */
const CHUNKS_AHEAD = 2;
const IMAGES_AHEAD = 1;

/** The chunks from `done` on: one is fetched while another is unpacked and a third is written. */
function imagesInTurn(parts: PullParts, snapshot: SnapshotRef, done: number) {
  const count = snapshot.chunks.length - done;
  const nextPacked = inTurn({ count, ahead: CHUNKS_AHEAD }, (at) => fetchChunk(parts, snapshot, done + at));
  return inTurn({ count, ahead: IMAGES_AHEAD }, async () => {
    const packed = await nextPacked();
    return unpackChunk(must(packed, 'there are as many packed chunks'));
  });
}

/**
 * A whole new copy beside the old one, chunk by chunk, each durable when its turn is over: after a cut it goes
 * on where it was.
 */
async function fill(parts: PullParts, epoch: string, snapshot: SnapshotRef): Promise<void> {
  const { place, worker, onProgress } = parts;
  if (isReadyFor(parts, epoch)) return adoptReady(parts, snapshot);
  const { chunks: done } = beginFill(place, fillNameOf(epoch, snapshot));
  const membersUpTo = (at: number): number =>
    snapshot.chunks.slice(0, at).reduce((sum, { members }) => sum + members, 0);
  onProgress({ members: membersUpTo(done), of: snapshot.members });
  const nextImage = imagesInTurn(parts, snapshot, done);
  let at = done;
  for (let image = await nextImage(); image !== null; image = await nextImage()) {
    await worker().insertChunk(image, at);
    at += 1;
    onProgress({ members: membersUpTo(at), of: snapshot.members });
    await parts.pause();
  }
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
  const copy = parts.replica();
  const { epoch, cursor } = copy.meta();
  const given = markOf(parts, epoch);
  if (given.mark !== undefined) copy.apply(EMPTY_ROWS, { epoch, cursor, isSettled: false, ...given });
}

function markOf(parts: PullParts, epoch: string): { mark?: string } {
  const mark = parts.mark(epoch);
  return mark === undefined ? {} : { mark };
}

/**
 * The copy that a step began with. Where a read met a damaged page meanwhile, an empty one is in its place, which must
 * not be told that it reaches as far. @throws CentreFault `busy`
 */
function assertSame({ replica }: Pick<PullParts, 'replica'>, copy: ReplicaDb): void {
  if (replica() !== copy) throw replaced();
}

interface Onto {
  copy: ReplicaDb;
  epoch: string;
}

async function applySegment(parts: PullParts, { copy, epoch }: Onto, segment: Segment): Promise<void> {
  const { pause } = parts;
  await parts.knowFates(segment.toSeq);
  assertSame(parts, copy);
  const before = { epoch, cursor: copy.meta().cursor, isSettled: false, ...markOf(parts, epoch) };
  await applyInSlices(copy, { ...EMPTY_ROWS, ...segment.rows }, { at: before, pause });
  const after = { epoch, cursor: segment.toSeq, seq: segment.toSeq, isSettled: false };
  await applyBalancesInSlices(copy, segment.balances, { at: after, pause });
}

/** The cheapest way through what is listed, from where the copy is. */
export async function applySegments(parts: PullParts, { epoch, segments }: Manifest): Promise<void> {
  const copy = parts.replica();
  const plan = planSegments(segments, copy.meta().cursor) ?? [];
  const log = createLogRelief(parts.replica, parts.worker);
  const pause = (): Promise<void> => log.between(parts.pause);
  const nextSegment = inTurn({ count: plan.length, ahead: 1 }, async (at) => {
    const ref = plan[at];
    if (ref === undefined) throw nonsense('The list of files has a hole.');
    return fetchSegment(parts, ref);
  });
  try {
    for (let segment = await nextSegment(); segment !== null; segment = await nextSegment())
      await applySegment({ ...parts, pause }, { copy, epoch }, segment);
  } finally {
    await log.end();
  }
}

/** Where the segments of a list lead from `cursor`. */
const endOf = ({ segments }: Manifest, cursor: number): number =>
  planSegments(segments, cursor)?.at(-1)?.toSeq ?? cursor;

/** What will be asked for when the segments are in, up to `until`; the centre looks for it meanwhile. */
function beginEntries({ replica, source }: PullParts, until: number): EntryPages | null {
  const after = replica().meta().settled;
  return until > after ? entryPages(source, { after, until }) : null;
}

/** Takes pages in up to the cursor, and leaves out what they have from behind it. @returns How far it came. */
async function takePages(parts: PullParts, copy: ReplicaDb, pages: EntryPages): Promise<number> {
  const { epoch, cursor } = copy.meta();
  let reached = pages.after;
  for (let page = await pages.next(); page !== null; page = reached < cursor ? await pages.next() : null) {
    reached = Math.min(page.until, cursor);
    const entries = page.until <= cursor ? page.entries : page.entries.filter(({ seq }) => seq <= cursor);
    const at = { epoch, cursor, isSettled: reached >= cursor };
    assertSame(parts, copy);
    await applyInSlices(copy, { ...EMPTY_ROWS, entries }, { at, pause: parts.pause });
  }
  return reached;
}

/** The own store's entries up to the cursor; those that were begun first, where they begin at the right place. */
async function takeEntries(parts: PullParts, copy: ReplicaDb, begun: EntryPages | null): Promise<void> {
  const { cursor, settled } = copy.meta();
  const after = begun?.after === settled ? await takePages(parts, copy, begun) : settled;
  if (after < cursor) await takePages(parts, copy, entryPages(parts.source, { after, until: cursor }));
}

/**
 * What files do not carry, up to the cursor: the documents of a fresh copy, and the own store's entries. Then
 * the copy is settled there. Does nothing when it is; must come before the rows of an answer, which would
 * hide that something is missing.
 */
export async function settleFiles(parts: PullParts, begun: EntryPages | null = null): Promise<void> {
  const copy = parts.replica();
  const { epoch, cursor, settled } = copy.meta();
  if (settled >= cursor) return;
  if (settled === 0) {
    const { documents } = await parts.source.documents();
    assertSame(parts, copy);
    copy.apply({ ...EMPTY_ROWS, documents }, { epoch, cursor, isSettled: false });
  }
  await takeEntries(parts, copy, begun);
}

/** True when tills that begin with the list's snapshot come to its end. */
const canBegin = ({ headSeq, segments, snapshot }: Manifest): boolean =>
  snapshot !== null && (headSeq <= snapshot.seq || planSegments(segments, snapshot.seq) !== null);

/** A new copy from the list's snapshot, or a newer one where its segments do not lead on from that. */
async function beginAnew(parts: PullParts, listed: Manifest): Promise<Manifest> {
  const manifest = canBegin(listed) ? listed : await fetchManifest(parts, true);
  const { epoch, snapshot } = manifest;
  if (snapshot === null) throw nonsense('The centre has no snapshot to begin with.');
  if (!canBegin(manifest)) throw notReady();
  await fill(parts, epoch, snapshot);
  return manifest;
}

async function goOn(parts: PullParts, manifest: Manifest, early: EntryPages | null = null): Promise<void> {
  parts.onProgress(null);
  const begun = early ?? beginEntries(parts, endOf(manifest, parts.replica().meta().cursor));
  await applySegments(parts, manifest);
  await settleFiles(parts, begun);
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
  // Its thread starts while the list comes.
  if (cursor === 0) parts.worker();
  // Of a copy that goes on, the centre looks for them while it cuts.
  const early = cursor > 0 ? beginEntries(parts, parts.reach?.() ?? 0) : null;
  const listed = await fetchManifest(parts, cursor === 0);
  const isOnTheWay = cursor > 0 && listed.epoch === epoch && planSegments(listed.segments, cursor) !== null;
  if (isOnTheWay) await goOn(parts, listed, early);
  else await goOn(parts, await beginAnew(parts, listed));
}

/** A whole new copy although there is one: it differs from the centre in a way that rows do not mend. */
export async function refill(parts: PullParts): Promise<void> {
  await goOn(parts, await beginAnew(parts, await fetchManifest(parts, true)));
}
