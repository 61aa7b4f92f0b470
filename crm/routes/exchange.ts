import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ExchangeRequest, PROTOCOL_VERSION } from '../../sync/protocol/exchange.ts';
import type { Centre } from '../centre.ts';
import { exchange } from '../exchange.ts';
import { authTill } from '../plugins/till-auth.ts';
import { CentreRefusal } from '../refusal.ts';

const Versioned = z.looseObject({ protocol: z.int() });

/** Said before anything else is read: another version may look quite different. */
export function assertProtocol(body: unknown): void {
  const { protocol } = Versioned.parse(body);
  if (protocol === PROTOCOL_VERSION) return;
  throw new CentreRefusal(
    'protocol_unsupported',
    `Till and centre speak different versions (${protocol} and ${PROTOCOL_VERSION}). Nothing ` +
      `was changed. Update the older one.`,
  );
}

export function addExchange(app: FastifyInstance, centre: Centre): void {
  app.post('/v1/exchange', async (request) => {
    const till = await authTill(centre, request);
    assertProtocol(request.body);
    const body = ExchangeRequest.parse(request.body);
    if (body.tillId !== till.tillId) {
      throw new CentreRefusal('unauthorised', 'This secret belongs to another till. Nothing was changed.');
    }
    return exchange(centre, till, body);
  });
}
