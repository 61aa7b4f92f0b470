import type { FastifyInstance } from 'fastify';
import { HoldsReply, HoldsRequest } from '../../sync/protocol/holds.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authSignedTill } from '../plugins/till-auth.ts';
import { giveHolds } from '../spending/holds.ts';
import { assertOwn, assertProtocol } from './exchange.ts';

const holdsApi: RouteApi = {
  summary: 'Parts of balances set aside for one till, or for one op that it is about to make.',
  auth: 'signed',
  request: HoldsRequest,
  reply: HoldsReply,
};

export function addHolds(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/holds', { config: { api: holdsApi } }, async (request) => {
    const till = await authSignedTill(centre, request);
    assertProtocol(request.body);
    const body = HoldsRequest.parse(request.body);
    assertOwn(till, body);
    return giveHolds(centre, body);
  });
}
