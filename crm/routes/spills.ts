import type { FastifyInstance } from 'fastify';
import { isStorable } from '../../sync/base/text.ts';
import { SpillImportRequest, SpillReply, SpillRequest } from '../../sync/protocol/spill.ts';
import type { Centre } from '../centre.ts';
import { signInManager } from '../enrol.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authSignedTill } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';
import { takeSpill } from '../spills.ts';
import { assertOwn, assertProtocol } from './exchange.ts';

const api = {
  spills: {
    summary: 'Sealed operations that no file of a till has any more.',
    auth: 'signed',
    request: SpillRequest,
    reply: SpillReply,
  },
  imports: {
    summary: 'A manager brings the spill file of a lost till.',
    auth: 'none',
    request: SpillImportRequest,
    reply: SpillReply,
  },
} satisfies Record<string, RouteApi>;

export function addSpills(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/spills', { config: { api: api.spills } }, async (request) => {
    const till = await authSignedTill(centre, request, 'heard');
    assertProtocol(request.body);
    const body = SpillRequest.parse(request.body);
    assertOwn(till, body);
    return takeSpill(centre, Buffer.from(body.spill, 'base64'), null);
  });
  app.post('/v1/spill-imports', { config: { api: api.imports } }, async (request) => {
    const { login, pin, spill } = SpillImportRequest.parse(request.body);
    if (!isStorable({ login, pin }))
      throw new CentreRefusal('bad_request', 'Login or PIN is no text. Nothing was changed.');
    const manager = await signInManager(centre, { login, pin });
    return takeSpill(centre, Buffer.from(spill, 'base64'), manager.staffId);
  });
}
