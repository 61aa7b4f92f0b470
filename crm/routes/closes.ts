import type { FastifyInstance } from 'fastify';
import { CloseReply, CloseRequest } from '../../sync/close/receipt.ts';
import type { Centre } from '../centre.ts';
import { checkClose } from '../close/check-close.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authSignedTill } from '../plugins/till-auth.ts';
import { assertOwn, assertProtocol } from './exchange.ts';

const closesApi: RouteApi = {
  summary:
    'Compares the certificate of a closed business day with the ledger and answers with a signed receipt.',
  auth: 'signed',
  request: CloseRequest,
  reply: CloseReply,
};

export function addCloses(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/closes', { config: { api: closesApi } }, async (request) => {
    const till = await authSignedTill(centre, request);
    assertProtocol(request.body);
    const body = CloseRequest.parse(request.body);
    assertOwn(till, body);
    return checkClose(centre, till, body);
  });
}
