import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { Signing } from '../../../sync/base/crypto.ts';
import { decodeBalances } from '../../../sync/feed/balance-lane.ts';
import {
  Manifest,
  MANIFEST_CONTEXT,
  type LaneFile,
  type SegmentRef,
  type SnapshotRef,
} from '../../../sync/feed/manifest.ts';
import { decodeRows, emptyLaneRows } from '../../../sync/feed/row-lane.ts';
import type { Segment } from '../../../sync/feed/segment.ts';
import { nonsense, type FeedSource } from './feed-source.ts';

const decompress = promisify(zstdDecompress);
/** A line that spoils a file this often is not going to bring it. */
const TRIES = 3;
const LANE_PLAIN_BYTES_MAX = 512 * 1024 * 1024;

export interface FileParts {
  source: FeedSource;
  signing: Pick<Signing, 'isSigned'>;
  /** The centre's public key, from enrolment. */
  signKey: string;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * What a fill is known by: it goes on with this very snapshot alone. A centre that was put back, and was not found out
 * yet, may give another one the same number in the same epoch.
 */
export const fillNameOf = (epoch: string, { snapshotId, chunks }: SnapshotRef): string =>
  `${epoch} ${snapshotId} ${sha256(Buffer.from(chunks.map((chunk) => chunk.sha256).join()))}`;

/**
 * The list of what there is. @throws CentreFault `nonsense` when the centre whose key this till knows did not
 * sign it.
 */
export async function fetchManifest(parts: FileParts, needsSnapshot: boolean): Promise<Manifest> {
  const { text, signature } = await parts.source.manifest(needsSnapshot);
  if (!parts.signing.isSigned(parts.signKey, MANIFEST_CONTEXT + text, signature))
    throw nonsense('The list of files is not signed by the centre.');
  const manifest = Manifest.safeParse(JSON.parse(text));
  if (!manifest.success) throw nonsense('The list of files has a form this till does not know.');
  return manifest.data;
}

/** Bytes that are what the signed list says; spoilt ones are fetched again. */
async function fetchChecked(
  file: { bytes: number; sha256: string },
  fetchBytes: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  for (let tried = 0; tried < TRIES; tried += 1) {
    const bytes = await fetchBytes();
    if (sha256(bytes) === file.sha256) return bytes;
  }
  throw nonsense('A file arrives damaged again and again.');
}

async function fetchLane(
  { source }: FileParts,
  of: { segmentId: number; lane: 'balances' | 'rows' },
  file: LaneFile | null,
): Promise<Buffer | null> {
  if (file === null) return null;
  const packed = await fetchChecked(file, () => source.lane(of, file.bytes));
  return decompress(packed, { maxOutputLength: LANE_PLAIN_BYTES_MAX });
}

/** A segment, checked and unpacked. */
export async function fetchSegment(parts: FileParts, ref: SegmentRef): Promise<Segment> {
  const { segmentId, fromSeq, toSeq } = ref;
  const balances = await fetchLane(parts, { segmentId, lane: 'balances' }, ref.balances);
  const rows = await fetchLane(parts, { segmentId, lane: 'rows' }, ref.rows);
  try {
    return {
      fromSeq,
      toSeq,
      balances: balances === null ? [] : decodeBalances(balances),
      rows: rows === null ? emptyLaneRows() : decodeRows(rows.toString(), toSeq),
    };
  } catch (cause) {
    throw nonsense('A segment has a form this till does not know.', cause);
  }
}

/** A chunk as it travels, checked, and how long its image is by the signed list. */
export interface PackedChunk {
  body: Uint8Array;
  plainBytes: number;
}

export async function fetchChunk(
  { source }: FileParts,
  { snapshotId, chunks }: SnapshotRef,
  at: number,
): Promise<PackedChunk> {
  const ref = chunks[at];
  if (ref === undefined) throw nonsense('The list of files has a hole.');
  const body = await fetchChecked(ref, () => source.chunk({ snapshotId, at }, ref.bytes));
  return { body, plainBytes: ref.plainBytes };
}

/** A chunk's plain image: in memory only, and never longer than the list says. */
export async function unpackChunk({ body, plainBytes }: PackedChunk): Promise<Uint8Array<ArrayBuffer>> {
  // In one piece: collected by parts it would be in memory twice.
  return ownBytes(await decompress(body, { maxOutputLength: plainBytes, chunkSize: plainBytes }));
}

/** A buffer that nothing else lies in: it is handed to another thread. */
function ownBytes(bytes: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer } = bytes;
  const isWhole = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length;
  return isWhole ? new Uint8Array(buffer) : new Uint8Array(bytes);
}
