import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
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
import { createKeptFiles } from '../feed/kept-files.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authTill } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';
import { listChangedDocuments } from '../repos/feed-changes.ts';
import { listBucketRows, readDigests } from '../repos/feed-digests.ts';
import { findLane, findLaneSum, readCut } from '../repos/feed-files.ts';
import { readHead } from '../repos/feed-head.ts';
import { findChunk, findChunkSum } from '../repos/feed-snapshots.ts';
import { findEntries, scopeOf, toPageText } from '../repos/feed-entries.ts';
import { packZstd } from '../zstd-pack.ts';

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

const manifestApi: RouteApi = {
  summary: 'What there is to fetch, signed.',
  auth: 'till',
  query: ManifestQuery,
  reply: SignedManifest,
};
const laneApi: RouteApi = {
  summary: 'A lane of a segment; its bytes never change.',
  auth: 'till',
  bytes: 'application/zstd',
};
const chunkApi: RouteApi = {
  summary: 'A chunk of a snapshot; its bytes never change.',
  auth: 'till',
  bytes: 'application/zstd',
};
const documentsApi: RouteApi = { summary: 'Every document as it is now.', auth: 'till', reply: DocumentList };
const entriesApi: RouteApi = {
  summary: 'A page of the own store’s entries; the JSON is packed with zstd.',
  auth: 'till',
  query: EntryQuery,
  reply: EntryPage,
};
const digestsApi: RouteApi = {
  summary: 'Bucket digests at the end of a segment.',
  auth: 'till',
  query: DigestQuery,
  reply: Digests,
};
const rowsApi: RouteApi = {
  summary: 'All rows of some buckets.',
  auth: 'till',
  query: RowQuery,
  reply: BucketRows,
};
const wakeApi: RouteApi = {
  summary: 'Answers when the feed goes on, or after a while.',
  auth: 'till',
  query: After,
  reply: WakeReply,
};

const gone = (): CentreRefusal =>
  new CentreRefusal('bad_request', 'That file is not kept any more. The till asks for a newer list.', 404);

interface FileAnswer {
  request: FastifyRequest;
  reply: FastifyReply;
  sha256: string | undefined;
  body: (sha256: string) => Promise<Buffer | undefined>;
}

/** A file that never changes: whoever has it need not fetch it again. It holds personal data, hence `private`. */
async function sendFile({ request, reply, sha256, body }: FileAnswer): Promise<FastifyReply> {
  if (sha256 === undefined) throw gone();
  const etag = `"${sha256}"`;
  void reply.header('etag', etag).header('cache-control', 'private, max-age=31536000, immutable');
  if (request.headers['if-none-match'] === etag) return reply.code(304).send();
  const bytes = await body(sha256);
  if (bytes === undefined) throw gone();
  return reply.type('application/zstd').send(bytes);
}

function addFiles(app: FastifyInstance, centre: Centre): void {
  const { sql } = centre.database;
  const keep = createKeptFiles();
  app.get('/v1/feed/manifest', { config: { api: manifestApi } }, async (request) => {
    await authTill(centre, request);
    const { snapshot } = ManifestQuery.parse(request.query);
    return centre.feed.manifest(snapshot === 'wanted');
  });
  app.get('/v1/feed/segments/:id/:lane', { config: { api: laneApi } }, async (request, reply) => {
    await authTill(centre, request);
    const { id, lane } = LaneParams.parse(request.params);
    const sha256 = await findLaneSum(sql, id, lane);
    return sendFile({ request, reply, sha256, body: (sum) => keep(sum, () => findLane(sql, id, lane)) });
  });
  app.get('/v1/feed/snapshots/:id/:at', { config: { api: chunkApi } }, async (request, reply) => {
    await authTill(centre, request);
    const { id, at } = ChunkParams.parse(request.params);
    const sha256 = await findChunkSum(sql, id, at);
    return sendFile({ request, reply, sha256, body: (sum) => keep(sum, () => findChunk(sql, id, at)) });
  });
  app.get('/v1/feed/documents', { config: { api: documentsApi } }, async (request): Promise<DocumentList> => {
    await authTill(centre, request);
    return { documents: await listChangedDocuments(sql, 0) };
  });
  app.get('/v1/feed/entries', { config: { api: entriesApi } }, async (request, reply) => {
    const till = await authTill(centre, request);
    const page = await findEntries(sql, scopeOf(till), EntryQuery.parse(request.query));
    return reply.type('application/zstd').send(await packZstd(toPageText(page)));
  });
}

function addDigests(app: FastifyInstance, centre: Centre): void {
  const { database, feed } = centre;
  app.get('/v1/digests', { config: { api: digestsApi } }, async (request): Promise<Digests> => {
    await authTill(centre, request);
    await feed.cutTo(DigestQuery.parse(request.query).seq);
    return database.transaction(async (tx) => {
      const [{ epoch }, cut] = [await readHead(tx), await readCut(tx)];
      return { epoch, seq: cut?.hashedSeq ?? 0, ...(await readDigests(tx)) };
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
