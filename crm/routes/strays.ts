import type { FastifyInstance } from 'fastify';
import { StraysReply, StraysRequest } from '../../sync/protocol/exchange.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authSignedTill } from '../plugins/till-auth.ts';
import { keepStrays } from '../strays.ts';
import { assertOwn, assertProtocol } from './exchange.ts';

const straysApi: RouteApi = {
  summary: 'Operations that can not go the usual way.',
  auth: 'signed',
  request: StraysRequest,
  reply: StraysReply,
};

export function addStrays(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/strays', { config: { api: straysApi } }, async (request) => {
    const till = await authSignedTill(centre, request, 'heard');
    assertProtocol(request.body);
    const body = StraysRequest.parse(request.body);
    assertOwn(till, body);
    return keepStrays(centre, till, body);
  });
}
