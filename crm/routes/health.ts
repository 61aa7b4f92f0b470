import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { createStateHash } from '../../sync/merge/state-hash.ts';
import type { Centre } from '../centre.ts';
import { writeMetrics } from '../metrics.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authTill } from '../plugins/till-auth.ts';
import { eachRow, listProblems } from '../repos/audit.ts';
import { findChain } from '../repos/documents.ts';
import { readHead } from '../repos/feed-head.ts';
import { findFirstOutrun } from '../repos/outruns.ts';

const HealthReply = z.object({
  ok: z.literal(true),
  epoch: z.string(),
  seq: z.int(),
  isSetUp: z.boolean(),
  isTrial: z.boolean(),
  /** Of the database's pages. */
  hasChecksums: z.boolean(),
  eraseList: z.object({ isWritable: z.boolean(), hasLacked: z.boolean() }).nullable(),
});
const VerifyReply = z.object({
  epoch: z.string(),
  seq: z.int(),
  stateHash: z.string(),
  members: z.int(),
  cards: z.int(),
  accounts: z.int(),
  problems: z.array(z.object({ problem: z.string(), id: z.string() })),
});

/**
 * State hash and broken rules of one instant. Reads every row: for support and tests, not for each day's
 * polling.
 */
export function verifyCentre(centre: Pick<Centre, 'database' | 'crypto'>) {
  return centre.database.transaction(async (tx) => {
    const { seq, epoch } = await readHead(tx);
    const hash = createStateHash(centre.crypto);
    await eachRow(tx, 'members', hash.addMember);
    await eachRow(tx, 'cards', hash.addCard);
    await eachRow(tx, 'accounts', hash.addAccount);
    const problems = await listProblems(tx);
    return { epoch, seq, stateHash: hash.value(), ...hash.counts(), problems };
  }, 'read');
}

export function addHealth(app: FastifyInstance, centre: Centre): void {
  const health: RouteApi = {
    summary: 'Whether the centre lives, and on what.',
    auth: 'none',
    reply: HealthReply,
  };
  app.get('/v1/health', { config: { api: health } }, async () => {
    const { epoch, seq } = await readHead(centre.database.sql);
    const isSetUp = (await findChain(centre.database.sql)) !== null;
    const { isTrial, hasChecksums, eraseList } = centre.database;
    const list = eraseList?.health ?? null;
    const isOutrun = (await findFirstOutrun(centre.database.sql)) !== null;
    const ofList = list && { isWritable: list.isWritable, hasLacked: list.hasLacked || isOutrun };
    return { ok: true, epoch, seq, isSetUp, isTrial, hasChecksums, eraseList: ofList };
  });
  const metrics: RouteApi = {
    summary: 'Figures of this process in Prometheus’ text form.',
    auth: 'none',
    bytes: 'text/plain',
  };
  app.get('/v1/metrics', { config: { api: metrics } }, async (_request, reply) => {
    const { counters, writer } = centre;
    const figures = { counters, waitingOps: writer.waitingOps() };
    return reply
      .type('text/plain; version=0.0.4; charset=utf-8')
      .send(await writeMetrics(centre.database.sql, figures));
  });
  const verify: RouteApi = {
    summary: 'State hash and broken rules of one instant.',
    auth: 'till',
    reply: VerifyReply,
  };
  app.get('/v1/verify', { config: { api: verify } }, async (request) => {
    await authTill(centre, request);
    return verifyCentre(centre);
  });
}
