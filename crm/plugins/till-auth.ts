import type { FastifyRequest } from 'fastify';
import type { Centre } from '../centre.ts';
import { tokenHash } from '../enrol.ts';
import { CentreRefusal } from '../refusal.ts';
import { findTillByToken, noteContact, type TillRow } from '../repos/tills.ts';

/** The page of tills shows minutes: a write for each poll would buy nothing. */
const CONTACT_STEP_MS = 30_000;

/** The till whose secret the request carries. @throws CentreRefusal `unauthorised`. */
export async function authTill(centre: Centre, request: FastifyRequest): Promise<TillRow> {
  const token = /^Bearer ([0-9a-f]{64})$/.exec(request.headers.authorization ?? '')?.[1];
  const till =
    token === undefined ? undefined : await findTillByToken(centre.database.sql, tokenHash(centre, token));
  if (till === undefined) {
    throw new CentreRefusal(
      'unauthorised',
      'The centre does not know this till. Nothing was changed; its work stays with it. A ' +
        'manager enrols it again.',
    );
  }
  const nowMs = centre.clock.nowMs();
  if (Math.abs(nowMs - till.lastContactAtMs) > CONTACT_STEP_MS) {
    await noteContact(centre.database.sql, till.tillId, nowMs);
  }
  return till;
}
