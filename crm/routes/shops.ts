import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { StoreId } from '../../sync/base/ids.ts';
import { isStorable } from '../../sync/base/text.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import { ASKED_TILLS_MAX, ShopTillsQuery, ShopTillsReply } from '../../sync/protocol/shop-tills.ts';
import type { Centre } from '../centre.ts';
import type { RouteApi } from '../plugins/openapi.ts';
import { authTill } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';
import { listStaffByIds } from '../repos/documents.ts';
import { listShopTills } from '../repos/shop-tills.ts';

const ShopParams = z.strictObject({ storeId: StoreId });
const tillsApi: RouteApi = {
  summary: 'The tills of a shop: up to when each one’s work is here, and what of a day waits.',
  auth: 'till',
  query: ShopTillsQuery,
  reply: ShopTillsReply,
};

/** @throws CentreRefusal For anybody below a supervisor. */
async function assertSupervisor(centre: Centre, actorId: string): Promise<void> {
  const [actor] = await listStaffByIds(centre.database.sql, [actorId]);
  if (actor !== undefined && !actor.isGone && isAtLeast(actor.role, 'supervisor')) return;
  throw new CentreRefusal(
    'unauthorised',
    'The day of a shop needs a supervisor. Nothing was changed. Ask a supervisor.',
    403,
  );
}

/** What a shop's day page asks beside the ledger that the till has itself. No personal data. */
export function addShops(app: FastifyInstance, centre: Centre): void {
  app.get('/v1/stores/:storeId/tills', { config: { api: tillsApi } }, async (request) => {
    await authTill(centre, request);
    if (!isStorable({ params: request.params, query: request.query }))
      throw new CentreRefusal(
        'bad_request',
        'The request holds signs that are no text. Nothing was changed.',
      );
    const { storeId } = ShopParams.parse(request.params);
    const { actorId, day, tills: asked } = ShopTillsQuery.parse(request.query);
    await assertSupervisor(centre, actorId);
    const nowMs = centre.clock.nowMs();
    const tillIds = asked.split(',').filter(Boolean).slice(0, ASKED_TILLS_MAX);
    return { atMs: nowMs, ...(await listShopTills(centre.database.sql, { storeId, day, nowMs, tillIds })) };
  });
}
