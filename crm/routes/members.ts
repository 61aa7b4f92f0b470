import type { FastifyInstance } from 'fastify';
import { isStorable } from '../../sync/base/text.ts';
import { FindReply, FindRequest } from '../../sync/protocol/find.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authSignedTill } from '../plugins/till-auth.ts';
import { gathered } from '../gathered.ts';
import { CentreRefusal } from '../refusal.ts';
import { readHead } from '../repos/feed-head.ts';
import { findIds, readPeople, readStanding } from '../repos/find-members.ts';
import { listReleases } from '../repos/ops.ts';
import { assertOwn, assertProtocol } from './exchange.ts';

const findApi: RouteApi = {
  summary: 'A member whom the till does not hold, by a whole card number, phone, e-mail or look-up ID.',
  auth: 'signed',
  request: FindRequest,
  reply: FindReply,
};

function assertAsking({ keys }: FindRequest): void {
  const isAsking = Object.values(keys).some((key) => key !== null);
  if (isAsking && isStorable(keys)) return;
  throw new CentreRefusal('bad_request', 'No key to look for was given. Nothing was changed.');
}

/** A body and not an address: addresses are written down on the way, and these name people. */
export function addMembers(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/members/find', { config: { api: findApi } }, async (request): Promise<FindReply> => {
    const till = await authSignedTill(centre, request);
    assertProtocol(request.body);
    const body = FindRequest.parse(request.body);
    assertOwn(till, body);
    assertAsking(body);
    const { tillId } = till;
    return centre.database.transaction(async (tx) => {
      const sql = gathered(tx);
      const [{ epoch, seq: headSeq }, standing, releases, found] = await Promise.all([
        readHead(sql),
        readStanding(sql, tillId),
        listReleases(sql, { tillId, afterSeq: body.cursor }),
        findIds(sql, body.keys),
      ]);
      return { epoch, headSeq, ...standing, releases, found, rows: await readPeople(tx, found) };
    }, 'read');
  });
}
