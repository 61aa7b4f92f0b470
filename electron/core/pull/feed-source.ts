import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { z } from 'zod';
import type { DigestTable } from '../../../sync/feed/digest.ts';
import { SignedManifest } from '../../../sync/feed/manifest.ts';
import { BucketRows, Digests, DocumentList, EntryPage, WakeReply } from '../../../sync/feed/replies.ts';
import { CentreError } from '../../../sync/protocol/exchange.ts';
import { INCARNATION_HEADER } from '../../../sync/protocol/signature.ts';
import { CentreFault, retryAfterMs } from '../centre-client.ts';

/** What a till fetches from the centre besides answers. Every method throws `CentreFault` when nothing comes. */
export interface FeedSource {
  /** `needsSnapshot`: one is made when there is none yet, which takes a while at a million members. */
  manifest(needsSnapshot: boolean): Promise<SignedManifest>;
  /** Compressed bytes, not checked. @param bytesMax more is refused while it comes */
  lane(of: { segmentId: number; lane: 'balances' | 'rows' }, bytesMax: number): Promise<Uint8Array>;
  chunk(of: { snapshotId: number; at: number }, bytesMax: number): Promise<Uint8Array>;
  entries(range: { after: number; until: number }): Promise<EntryPage>;
  documents(): Promise<DocumentList>;
  /** @param seq at least so far, or as far as the feed goes */
  digests(seq: number): Promise<Digests>;
  bucketRows(table: DigestTable, buckets: readonly number[]): Promise<BucketRows>;
  /** Resolves when the feed is above `after`, or after some half a minute. */
  wake(after: number): Promise<WakeReply>;
}

interface Place {
  serverUrl: string;
  token: string;
  incarnation: number;
  timeoutMs: number;
  hangUp: AbortSignal;
}

/** Making a first snapshot, and waiting to be woken, take longer than an answer. */
const PATIENT_MS = 10 * 60_000;
const JSON_BYTES_MAX = 64 * 1024 * 1024;
/** What says why nothing comes; a small file may be shorter. */
const REFUSAL_BYTES_MAX = 64 * 1024;

const unreachable = (cause: unknown): CentreFault =>
  new CentreFault({ kind: 'unreachable', code: 'unreachable' }, 'The centre can not be reached.', { cause });
export const nonsense = (message: string, cause?: unknown): CentreFault =>
  new CentreFault({ kind: 'nonsense', code: 'nonsense' }, message, { cause });
export const notReady = (): CentreFault =>
  new CentreFault({ kind: 'busy', code: 'busy' }, 'The centre is making a new copy of all members.');
/** Of the copy itself: the next run sees the one in its place, and fetches what that lacks. */
export const replaced = (): CentreFault =>
  new CentreFault(
    { kind: 'busy', code: 'busy' },
    'The copy of all members was replaced while files were on their way.',
  );

async function readBody(response: Response, bytesMax: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let byteCount = 0;
  const reader = response.body?.getReader();
  try {
    for (let part = await reader?.read(); part?.done === false; part = await reader?.read()) {
      byteCount += part.value.length;
      if (byteCount > bytesMax) break;
      parts.push(part.value);
    }
  } catch (cause) {
    throw unreachable(cause);
  }
  if (byteCount <= bytesMax) return Buffer.concat(parts);
  await reader?.cancel().catch(() => undefined);
  throw nonsense('The centre sent more than it had said.');
}

const decompress = promisify(zstdDecompress);
const ZSTD_MAGIC = 0xfd2fb528;

/** Large texts come packed as a whole, and are unpacked in one piece beside this thread. */
async function unpacked(body: Uint8Array): Promise<Buffer> {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const isPacked = bytes.length >= 4 && bytes.readUInt32LE() === ZSTD_MAGIC;
  return isPacked ? decompress(bytes, { maxOutputLength: JSON_BYTES_MAX }) : bytes;
}

function toFault(response: Response, body: Uint8Array): CentreFault {
  let answer: unknown;
  try {
    answer = JSON.parse(Buffer.from(body).toString());
  } catch {
    answer = null;
  }
  const error = CentreError.safeParse(answer);
  if (!error.success) return nonsense('Something else answers at the address of the centre.');
  const { code, message } = error.data;
  // A file that is not kept any more: the list is old, and the next try fetches a newer one.
  const isPassing = code === 'busy' || code === 'bug' || response.status === 404;
  const kind = isPassing ? 'busy' : 'refused';
  return new CentreFault({ kind, code, retryAfterMs: retryAfterMs(response) }, message);
}

/** The centre's files over HTTP. */
export function createFeedSource({ serverUrl, token, incarnation, timeoutMs, hangUp }: Place): FeedSource {
  const get = async (path: string, bytesMax: number, patienceMs = timeoutMs): Promise<Uint8Array> => {
    let response: Response;
    try {
      response = await fetch(new URL(serverUrl.replace(/\/+$/, '') + path), {
        headers: { authorization: `Bearer ${token}`, [INCARNATION_HEADER]: String(incarnation) },
        redirect: 'error',
        signal: AbortSignal.any([hangUp, AbortSignal.timeout(patienceMs)]),
      });
    } catch (cause) {
      throw unreachable(cause);
    }
    const body = await readBody(response, response.ok ? bytesMax : REFUSAL_BYTES_MAX);
    if (!response.ok) throw toFault(response, body);
    return body;
  };
  const ask = async <Schema extends z.ZodType>(
    path: string,
    schema: Schema,
    patienceMs?: number,
  ): Promise<z.output<Schema>> => {
    const body = await get(path, JSON_BYTES_MAX, patienceMs);
    try {
      return schema.parse(JSON.parse((await unpacked(body)).toString()));
    } catch (cause) {
      throw nonsense('The centre answered in a form this till does not know.', cause);
    }
  };
  return {
    manifest: (needsSnapshot) =>
      ask(`/v1/feed/manifest${needsSnapshot ? '?snapshot=wanted' : ''}`, SignedManifest, PATIENT_MS),
    lane: ({ segmentId, lane }, bytesMax) => get(`/v1/feed/segments/${segmentId}/${lane}`, bytesMax),
    chunk: ({ snapshotId, at }, bytesMax) => get(`/v1/feed/snapshots/${snapshotId}/${at}`, bytesMax),
    entries: ({ after, until }) => ask(`/v1/feed/entries?after=${after}&until=${until}`, EntryPage),
    documents: () => ask('/v1/feed/documents', DocumentList),
    digests: (seq) => ask(`/v1/digests?seq=${seq}`, Digests),
    bucketRows: (table, buckets) =>
      ask(`/v1/digests/rows?table=${table}&buckets=${buckets.join(',')}`, BucketRows),
    wake: (after) => ask(`/v1/wake?after=${after}`, WakeReply, PATIENT_MS),
  };
}
