import type { FastifyInstance } from 'fastify';
import { IncarnationReply, IncarnationRequest } from '../../sync/protocol/exchange.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { beginIncarnation } from '../incarnations.ts';
import { authSignedTill } from '../plugins/till-auth.ts';
import { assertOwn, assertProtocol } from './exchange.ts';

const incarnationsApi: RouteApi = {
  summary: 'A restored till goes on under its next incarnation.',
  auth: 'signed',
  request: IncarnationRequest,
  reply: IncarnationReply,
};

export function addIncarnations(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/incarnations', { config: { api: incarnationsApi } }, async (request) => {
    const till = await authSignedTill(centre, request, 'heard');
    assertProtocol(request.body);
    const body = IncarnationRequest.parse(request.body);
    assertOwn(till, body);
    return beginIncarnation(centre, till.tillId, body);
  });
}
