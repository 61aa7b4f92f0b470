import type { FastifyRequest } from 'fastify';
import { INCARNATION_HEADER, SIGNATURE_HEADER, signedLine } from '../../sync/protocol/signature.ts';
import type { Centre } from '../centre.ts';
import { tokenHash } from '../enrol.ts';
import { toLogged } from '../log.ts';
import { nodeSigning } from '../node-crypto.ts';
import { CentreRefusal } from '../refusal.ts';
import { findTillByToken, noteContact, type Told, type TillRow } from '../repos/tills.ts';
import { assertLiving, tillLost } from '../standing.ts';
import { rawBody } from './json-body.ts';

/** The page of tills shows minutes: a write for each poll would buy nothing. */
const CONTACT_STEP_MS = 30_000;

const askers = new WeakMap<FastifyRequest, string>();

/** The till whose secret the request carries, once that was looked up; null for anybody else. */
export const askerOf = (request: FastifyRequest): string | null => askers.get(request) ?? null;

/** The till whose secret the request carries. @throws CentreRefusal `unauthorised`. */
async function tillOf(centre: Centre, request: FastifyRequest): Promise<TillRow> {
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
  askers.set(request, till.tillId);
  return till;
}

/**
 * The newest own op that a signed exchange names; null for any other request, and for a till that has forgotten what
 * the centre has of it: its file was put back, and what it made since may still be on its way.
 */
function toldBy(till: TillRow, request: FastifyRequest): Told | null {
  const { lastTseq, incarnation } = (request.body ?? {}) as Readonly<Record<string, unknown>>;
  const isOfThis = Number.isSafeInteger(lastTseq) && incarnation === till.incarnation;
  const isTold = isOfThis && Number(lastTseq) >= till.hiTseq;
  return isTold ? { incarnation: till.incarnation, tseq: Number(lastTseq) } : null;
}

/** Somebody who holds the till's secret spoke; what she told is believed where the till's key signed it. */
function noteHeard(centre: Centre, till: TillRow, told: Told | null): void {
  const nowMs = centre.clock.nowMs();
  const notedAtMs = told === null ? till.lastContactAtMs : (till.toldAtMs ?? 0);
  if (Math.abs(nowMs - notedAtMs) <= CONTACT_STEP_MS) return;
  // Nobody waits for it: it is a commit of its own, and every till of a crowd has one.
  void noteContact(centre.database.sql, { tillId: till.tillId, nowMs, told }).catch((cause: unknown) =>
    centre.log.warn({ cause: toLogged(cause) }, 'a contact was not noted'),
  );
}

/**
 * `living`: only the copy that lives is answered. `heard`: the route judges that by itself, because a stopped copy
 * hears there why it is stopped, or hands in its work; a lost till is not heard there either.
 */
export type Audience = 'living' | 'heard';

/** The incarnation that asks. A body with a place for it that says none is refused for its shape. */
function incarnationOf(request: FastifyRequest): number | undefined {
  const body = request.body as { protocol?: unknown; incarnation?: unknown } | null | undefined;
  if (body?.protocol !== undefined)
    return typeof body.incarnation === 'number' ? body.incarnation : undefined;
  const header = request.headers[INCARNATION_HEADER];
  if (typeof header === 'string' && /^[1-9]\d{0,14}$/.test(header)) return Number(header);
  throw new CentreRefusal(
    'bad_request',
    'The request does not say which copy of the till asks. Nothing was changed. Update this till.',
  );
}

function assertHeard(till: TillRow, request: FastifyRequest, audience: Audience): void {
  if (audience === 'living') assertLiving(till, incarnationOf(request));
  else if (till.state === 'lost') throw tillLost();
}

/**
 * The living till whose secret the request carries. Enough for what only reads; whatever has a body is signed.
 *
 * @throws CentreRefusal `unauthorised`, `till_lost` or `till_forked`.
 */
export async function authTill(centre: Centre, request: FastifyRequest): Promise<TillRow> {
  const till = await tillOf(centre, request);
  noteHeard(centre, till, null);
  assertHeard(till, request, 'living');
  return till;
}

/** True when the request's method, address and body carry the signature of `till`'s key. */
export function isSignedBy(till: TillRow, request: FastifyRequest): boolean {
  const signature = request.headers[SIGNATURE_HEADER];
  if (typeof signature !== 'string') return false;
  const line = Buffer.from(signedLine({ method: request.method, path: request.url }));
  return nodeSigning.isSigned(till.signKey, Buffer.concat([line, rawBody(request)]), signature);
}

const badSignature = (): CentreRefusal =>
  new CentreRefusal(
    'bad_signature',
    'The signature of this request is not the till’s. Nothing was changed; its work stays with it.',
  );

/**
 * The till whose secret the request carries, if its key signed the request: for every till route with a body,
 * before anything else is done.
 *
 * @throws CentreRefusal `unauthorised`, `bad_signature`, `till_lost` or `till_forked`.
 */
export async function authSignedTill(
  centre: Centre,
  request: FastifyRequest,
  audience: Audience = 'living',
): Promise<TillRow> {
  const till = await tillOf(centre, request);
  if (!isSignedBy(till, request)) throw badSignature();
  noteHeard(centre, till, toldBy(till, request));
  assertHeard(till, request, audience);
  return till;
}
