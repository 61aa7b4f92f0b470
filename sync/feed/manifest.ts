import { z } from 'zod';
import { Seq } from '../model/member.ts';

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const Count = z.int().min(0);

/** A compressed file of the feed; null in its place: empty, nothing to fetch. */
const LaneFile = z.strictObject({ bytes: Count, sha256: Sha256, count: Count });
export type LaneFile = z.infer<typeof LaneFile>;

/** An immutable file pair: what changed behind `fromSeq`, as of `toSeq`. Level 0 is as cut, others are merged. */
export const SegmentRef = z.strictObject({
  segmentId: z.int().min(1),
  level: Count,
  fromSeq: Seq,
  toSeq: Seq,
  balances: LaneFile.nullable(),
  rows: LaneFile.nullable(),
});
export type SegmentRef = z.infer<typeof SegmentRef>;

export const ChunkRef = z.strictObject({
  bytes: Count,
  plainBytes: Count,
  sha256: Sha256,
  members: Count,
  cards: Count,
  accounts: Count,
});
export type ChunkRef = z.infer<typeof ChunkRef>;

export const SnapshotRef = z.strictObject({
  snapshotId: z.int().min(1),
  /** Everything up to here is in it. */
  seq: Seq,
  /** No row in it is younger than this: made while the feed went on, some may be younger than `seq`. */
  untilSeq: Seq,
  madeAtMs: z.int(),
  members: Count,
  cards: Count,
  accounts: Count,
  chunks: z.array(ChunkRef).max(20_000),
});
export type SnapshotRef = z.infer<typeof SnapshotRef>;

/** What can be fetched, the same for all tills. `form` rises when files change their form. */
export const Manifest = z.strictObject({
  form: z.literal(1),
  epoch: z.string().max(40),
  headSeq: Seq,
  madeAtMs: z.int(),
  segments: z.array(SegmentRef).max(5_000),
  snapshot: SnapshotRef.nullable(),
});
export type Manifest = z.infer<typeof Manifest>;

/** The manifest as the centre signed it: to the letter, because another way of writing it signs otherwise. */
export const SignedManifest = z.strictObject({
  text: z.string(),
  /** Ed25519 over `MANIFEST_CONTEXT` and `text`, hex. */
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});
export type SignedManifest = z.infer<typeof SignedManifest>;

/** Stands before what is signed, so that no other signature of the centre can pass for a manifest's. */
export const MANIFEST_CONTEXT = 'counterfoil manifest 1\n';

const bytesOf = ({ balances, rows }: SegmentRef): number => (balances?.bytes ?? 0) + (rows?.bytes ?? 0) + 200;

/**
 * The segments to apply, in order, to bring a copy from `cursor` to the newest number there is, by the fewest
 * bytes; `[]` when nothing newer is there, null when no chain of segments begins at or before `cursor`.
 */
export function planSegments(segments: readonly SegmentRef[], cursor: number): SegmentRef[] | null {
  const newest = segments.reduce((max, { toSeq }) => Math.max(max, toSeq), 0);
  if (newest <= cursor) return segments.some(({ fromSeq }) => fromSeq <= cursor) ? [] : null;
  const byEnd = [...segments].sort((left, right) => left.toSeq - right.toSeq || right.fromSeq - left.fromSeq);
  /** The cheapest chain up to each number that some segment ends at. */
  const best = new Map<number, { cost: number; chain: SegmentRef[] }>();
  for (const segment of byEnd) {
    if (segment.toSeq <= cursor) continue;
    const before = segment.fromSeq <= cursor ? { cost: 0, chain: [] } : best.get(segment.fromSeq);
    if (before === undefined) continue;
    const cost = before.cost + bytesOf(segment);
    const known = best.get(segment.toSeq);
    if (known === undefined || cost < known.cost)
      best.set(segment.toSeq, { cost, chain: [...before.chain, segment] });
  }
  return best.get(newest)?.chain ?? null;
}
