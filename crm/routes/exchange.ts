import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ExchangeReply, ExchangeRequest, leanReply, PROTOCOLS } from '../../sync/protocol/exchange.ts';
import { schemaHash } from '../../sync/protocol/schema.ts';
import { agree, refusalWords, type VersionRange } from '../../sync/protocol/versions.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { exchange } from '../exchange.ts';
import { hearConfirmed } from '../inbox/list-watch.ts';
import { authSignedTill } from '../plugins/till-auth.ts';
import { CentreRefusal, ProtocolRefusal } from '../refusal.ts';
import type { TillRow } from '../repos/tills.ts';

const Versioned = z.looseObject({
  protocol: z.int(),
  protocols: z.tuple([z.int(), z.int()]).optional(),
});

/**
 * Said before anything else is read: another version may look quite different.
 *
 * @param known What this centre understands; a test pretends another range.
 * @returns The highest version that both understand. @throws CentreRefusal `protocol_unsupported`, with that range.
 */
export function assertProtocol(body: unknown, known: VersionRange = PROTOCOLS): number {
  const stated = Versioned.parse(body);
  const spoken = agree(stated, known);
  if (spoken === null) throw new ProtocolRefusal(known, refusalWords(stated, known));
  return spoken;
}

/** A secret speaks for its own till only. @throws CentreRefusal `unauthorised`. */
export function assertOwn(till: TillRow, { tillId }: { tillId: string }): void {
  if (tillId === till.tillId) return;
  throw new CentreRefusal('unauthorised', 'This secret belongs to another till. Nothing was changed.');
}

/** A till that leaves out what is empty reads answers that do so. */
const isLean = (body: unknown): boolean => typeof body === 'object' && body !== null && !('batch' in body);

/** HTTP/1.1 keeps a line open unless somebody says otherwise, and JSON is UTF-8: saying so costs 60 bytes each time. */
function leaveOutUsual(request: FastifyRequest, reply: FastifyReply): void {
  const { raw } = reply;
  if (reply.statusCode === 200) void reply.header('content-type', 'application/json');
  const isKept = request.raw.httpVersion === '1.1' && raw.shouldKeepAlive;
  if (isKept && !raw.hasHeader('connection')) raw.removeHeader('connection');
}

const exchangeApi: RouteApi = {
  summary: 'Takes operations, answers fates and missing rows.',
  auth: 'signed',
  request: ExchangeRequest,
  reply: ExchangeReply,
};

export function addExchange(app: FastifyInstance, centre: Centre): void {
  const onSend = async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    leaveOutUsual(request, reply);
    return payload;
  };
  app.post('/v1/exchange', { config: { api: exchangeApi }, onSend }, async (request) => {
    const till = await authSignedTill(centre, request, 'heard');
    const protocol = assertProtocol(request.body);
    const body = ExchangeRequest.parse(request.body);
    assertOwn(till, body);
    const schema = schemaHash(centre.crypto);
    const shape = body.schema === schema ? {} : { schema };
    const answer = await exchange(centre, till, body).catch(async (cause: unknown) => {
      await hearConfirmed(centre, body, cause);
      throw cause;
    });
    const reply = { ...answer, protocol, ...shape };
    return isLean(request.body) ? leanReply(reply, body) : reply;
  });
}
