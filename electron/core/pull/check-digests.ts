import {
  DIGEST_TABLES,
  differingBuckets,
  type DigestTable,
  type TableDigest,
} from '../../../sync/feed/digest.ts';
import { planSegments } from '../../../sync/feed/manifest.ts';
import { BUCKET_SHAPES, BUCKETS_PER_ASK_MAX } from '../../../sync/feed/replies.ts';
import { EMPTY_ROWS, type Rows } from '../../../sync/model/feed.ts';
import { applyInSlices } from '../../../db/replica/apply-slices.ts';
import { fetchManifest } from './checked-files.ts';
import { nonsense } from './feed-source.ts';
import { applySegments, settleFiles, type PullParts } from './pull-files.ts';

/** How many buckets of each table differed, and whether they do still. */
export interface DigestCheck {
  seq: number;
  differing: Record<DigestTable, number>;
  isMended: boolean;
}

type Digests = Record<DigestTable, TableDigest>;

/** The copy exactly at `seq`, where a segment ends: an answer would go past it. False when files can not do that. */
async function bringTo(parts: PullParts, seq: number): Promise<boolean> {
  const { cursor } = parts.replica().meta();
  if (cursor > seq) return false;
  if (cursor < seq) {
    const manifest = await fetchManifest(parts, false);
    const segments = manifest.segments.filter(({ toSeq }) => toSeq <= seq);
    if (planSegments(segments, cursor) === null) return false;
    await applySegments(parts, { ...manifest, segments });
    await settleFiles(parts);
  }
  return parts.replica().meta().cursor === seq;
}

async function countOwn(parts: PullParts, isThorough: boolean): Promise<Digests | null> {
  if (isThorough) {
    const { cursor, digests } = await parts.worker().scrub();
    return cursor === parts.replica().meta().cursor ? digests : null;
  }
  if (parts.replica().digests() === null) await parts.worker().tend(parts.replica().turns);
  return parts.replica().digests();
}

/** Rows of the differing buckets, as the centre has them; those that the copy had right are written again. */
async function fetchBuckets(parts: PullParts, table: DigestTable, buckets: readonly number[]): Promise<void> {
  for (let first = 0; first < buckets.length; first += BUCKETS_PER_ASK_MAX) {
    const { epoch, seq, rows } = await parts.source.bucketRows(
      table,
      buckets.slice(first, first + BUCKETS_PER_ASK_MAX),
    );
    const parsed = BUCKET_SHAPES[table].array().safeParse(rows);
    if (!parsed.success) throw nonsense('The centre sent rows in a form this till does not know.');
    await parts.knowFates(seq);
    // Cast: the shapes of this table were just checked.
    const page = { ...EMPTY_ROWS, [table]: parsed.data } as Rows;
    const { cursor } = parts.replica().meta();
    const at = { epoch, cursor, isSettled: false, isMending: true };
    await applyInSlices(parts.replica(), page, { at, pause: parts.pause });
  }
}

type Found = Record<DigestTable, number[]>;

function compare(own: Digests, theirs: Digests): Found {
  const found: Found = { members: [], cards: [], accounts: [] };
  for (const table of DIGEST_TABLES) found[table] = differingBuckets(own[table], theirs[table]);
  return found;
}

const isSame = (found: Found): boolean => DIGEST_TABLES.every((table) => found[table].length === 0);

/** What differs where a segment ends, at `seq` at least; null when the two can not be brought together there. */
async function compareAt(
  parts: PullParts,
  seq: number,
  isThorough: boolean,
): Promise<{ seq: number; found: Found } | null> {
  const theirs = await parts.source.digests(seq);
  if (theirs.epoch !== parts.replica().meta().epoch || !(await bringTo(parts, theirs.seq))) return null;
  const own = await countOwn(parts, isThorough);
  if (own === null || parts.replica().meta().cursor !== theirs.seq) return null;
  return { seq: theirs.seq, found: compare(own, theirs) };
}

/**
 * A member who was asked for online is in the copy as of a later number than the one compared at, and differs there
 * without being wrong. At the head nobody can be ahead, so what differs is looked at there once more.
 */
async function compareTwice(parts: PullParts, isThorough: boolean): ReturnType<typeof compareAt> {
  const first = await compareAt(parts, parts.replica().meta().cursor, isThorough);
  if (first === null || isSame(first.found)) return first;
  const { headSeq } = await parts.source.wake(0);
  return headSeq > first.seq ? compareAt(parts, headSeq, isThorough) : first;
}

/**
 * Compares the copy with the centre, a thousandth at a time, and fetches only what differs. The copy stays in
 * use. Needs a settled copy.
 *
 * @param isThorough by what the rows say and not by what was noted when they were written: minutes at ten
 * million members, in another thread
 * @returns Null when the two could not be compared at one number this time: ask again later.
 * @throws CentreFault @throws DbError
 */
export async function checkDigests(parts: PullParts, isThorough: boolean): Promise<DigestCheck | null> {
  const { cursor, settled } = parts.replica().meta();
  if (cursor === 0 || settled < cursor) return null;
  const compared = await compareTwice(parts, isThorough);
  if (compared === null) return null;
  const { seq, found } = compared;
  const differing = {
    members: found.members.length,
    cards: found.cards.length,
    accounts: found.accounts.length,
  };
  if (isSame(found)) return { seq, differing, isMended: true };
  for (const table of DIGEST_TABLES) await fetchBuckets(parts, table, found[table]);
  parts.replica().recountDigests();
  await parts.worker().tend(parts.replica().turns);
  return { seq, differing, isMended: await isSound(parts, found) };
}

/** The mended buckets again, at whatever number both have now; unknown counts as not. */
async function isSound(parts: PullParts, mended: Found): Promise<boolean> {
  const theirs = await parts.source.digests(parts.replica().meta().cursor);
  if (!(await bringTo(parts, theirs.seq))) return false;
  const own = parts.replica().digests();
  if (own === null) return false;
  const found = compare(own, theirs);
  return DIGEST_TABLES.every((table) => mended[table].every((bucket) => !found[table].includes(bucket)));
}
