import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DIGEST_TABLES } from '../../sync/feed/digest.ts';
import {
  BucketRows,
  BUCKETS_PER_ASK_MAX,
  Digests,
  DocumentList,
  EntryPage,
  WakeReply,
} from '../../sync/feed/replies.ts';
import { SignedManifest } from '../../sync/feed/manifest.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authTill } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';
import { listChangedDocuments } from '../repos/feed-changes.ts';
import { listBucketRows, readDigests } from '../repos/feed-digests.ts';
import { findLane, readCut } from '../repos/feed-files.ts';
import { readHead } from '../repos/feed-head.ts';
import { findChunk } from '../repos/feed-snapshots.ts';
import { listStoreEntries } from '../repos/feed-entries.ts';

const manifestApi: RouteApi = {
  summary: 'What there is to fetch, signed.',
  auth: 'till',
  reply: SignedManifest,
};
const laneApi: RouteApi = { summary: 'A lane of a segment; its bytes never change.', auth: 'till' };
const chunkApi: RouteApi = { summary: 'A chunk of a snapshot; its bytes never change.', auth: 'till' };
const documentsApi: RouteApi = { summary: 'Every document as it is now.', auth: 'till', reply: DocumentList };
const entriesApi: RouteApi = {
  summary: 'A page of the own store’s entries.',
  auth: 'till',
  reply: EntryPage,
};
const digestsApi: RouteApi = {
  summary: 'Bucket digests at the end of a segment.',
  auth: 'till',
  reply: Digests,
};
const rowsApi: RouteApi = { summary: 'All rows of some buckets.', auth: 'till', reply: BucketRows };
const wakeApi: RouteApi = {
  summary: 'Answers when the feed goes on, or after a while.',
  auth: 'till',
  reply: WakeReply,
};

const WAKE_MS = 25_000;
const Whole = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const LaneParams = z.object({ id: Whole, lane: z.enum(['balances', 'rows']) });
const ChunkParams = z.object({ id: Whole, at: Whole.max(2 ** 31 - 1) });
const ManifestQuery = z.object({ snapshot: z.enum(['wanted']).optional() });
const After = z.object({ after: Whole });
const EntryQuery = z.object({ after: Whole, until: Whole });
const DigestQuery = z.object({ seq: Whole });
const RowQuery = z.object({
  table: z.enum(DIGEST_TABLES),
  buckets: z
    .string()
    .regex(/^\d{1,4}(,\d{1,4})*$/)
    .transform((text) => text.split(',').map(Number))
    .refine((list) => list.length <= BUCKETS_PER_ASK_MAX && list.every((bucket) => bucket < 1_024)),
});

const gone = (): CentreRefusal =>
  new CentreRefusal('bad_request', 'That file is not kept any more. The till asks for a newer list.', 404);

/** A file that never changes: whoever has it need not fetch it again. It holds personal data, hence `private`. */
function sendFile(request: FastifyRequest, reply: FastifyReply, body: Buffer | undefined): FastifyReply {
  if (body === undefined) throw gone();
  const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
  void reply.header('etag', etag).header('cache-control', 'private, max-age=31536000, immutable');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  return reply.type('application/zstd').send(body);
}

function addFiles(app: FastifyInstance, centre: Centre): void {
  const { sql } = centre.database;
  app.get('/v1/feed/manifest', { config: { api: manifestApi } }, async (request) => {
    await authTill(centre, request);
    const { snapshot } = ManifestQuery.parse(request.query);
    return centre.feed.manifest(snapshot === 'wanted');
  });
  app.get('/v1/feed/segments/:id/:lane', { config: { api: laneApi } }, async (request, reply) => {
    await authTill(centre, request);
    const { id, lane } = LaneParams.parse(request.params);
    return sendFile(request, reply, await findLane(sql, id, lane));
  });
  app.get('/v1/feed/snapshots/:id/:at', { config: { api: chunkApi } }, async (request, reply) => {
    await authTill(centre, request);
    const { id, at } = ChunkParams.parse(request.params);
    return sendFile(request, reply, await findChunk(sql, id, at));
  });
  app.get('/v1/feed/documents', { config: { api: documentsApi } }, async (request): Promise<DocumentList> => {
    await authTill(centre, request);
    return { documents: await listChangedDocuments(sql, 0) };
  });
  app.get('/v1/feed/entries', { config: { api: entriesApi } }, async (request): Promise<EntryPage> => {
    const till = await authTill(centre, request);
    return listStoreEntries(sql, till.storeId, EntryQuery.parse(request.query));
  });
}

function addDigests(app: FastifyInstance, centre: Centre): void {
  const { database, feed } = centre;
  app.get('/v1/digests', { config: { api: digestsApi } }, async (request): Promise<Digests> => {
    await authTill(centre, request);
    await feed.cutTo(DigestQuery.parse(request.query).seq);
    return database.transaction(async (tx) => {
      const [{ epoch }, cut] = [await readHead(tx), await readCut(tx)];
      return { epoch, seq: cut?.cutSeq ?? 0, ...(await readDigests(tx)) };
    }, 'read');
  });
  app.get('/v1/digests/rows', { config: { api: rowsApi } }, async (request): Promise<BucketRows> => {
    await authTill(centre, request);
    const { table, buckets } = RowQuery.parse(request.query);
    return database.transaction(async (tx) => {
      const { epoch, seq } = await readHead(tx);
      const rows = await listBucketRows(tx, table, buckets);
      return { epoch, seq, rows: rows.map((row) => ({ ...row, seq })) };
    }, 'read');
  });
}

function addWake(app: FastifyInstance, centre: Centre): void {
  app.get('/v1/wake', { config: { api: wakeApi } }, async (request) => {
    await authTill(centre, request);
    const { after } = After.parse(request.query);
    const leaving = new AbortController();
    request.raw.once('close', () => leaving.abort());
    await centre.feed.watch.wait(after, { timeoutMs: WAKE_MS, signal: leaving.signal });
    const { epoch, seq } = await readHead(centre.database.sql);
    return { epoch, headSeq: seq };
  });
  app.addHook('preClose', async () => centre.feed.watch.close());
}

/** What tills fetch, the same for all but the own store's entries; each asks with its secret. */
export function addFeed(app: FastifyInstance, centre: Centre): void {
  addFiles(app, centre);
  addDigests(app, centre);
  addWake(app, centre);
}
