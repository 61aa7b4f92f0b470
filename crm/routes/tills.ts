import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isStorable } from '../../sync/base/text.ts';
import { TillLostReply, TillLostRequest } from '../../sync/protocol/holds.ts';
import type { Centre } from '../centre.ts';
import { signInManager } from '../enrol.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { CentreRefusal } from '../refusal.ts';
import { revokeHolds } from '../spending/revoke.ts';

/** An id, or a name that one till alone has. */
const TillParams = z.strictObject({ tillId: z.string().max(40) });
const lostApi: RouteApi = {
  summary: 'A manager frees what was set aside for a till that does not come back.',
  auth: 'none',
  request: TillLostRequest,
  reply: TillLostReply,
};

export function addTills(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/tills/:tillId/lost', { config: { api: lostApi } }, async (request) => {
    const { tillId } = TillParams.parse(request.params);
    const { login, pin, isLost } = TillLostRequest.parse(request.body);
    if (!isStorable({ tillId, login, pin }))
      throw new CentreRefusal(
        'bad_request',
        'The request holds signs that are no text. Nothing was changed.',
      );
    const { staffId } = await signInManager(centre, { login, pin });
    await revokeHolds(centre, { till: tillId, isLost, managerId: staffId });
    return { ok: true };
  });
}
