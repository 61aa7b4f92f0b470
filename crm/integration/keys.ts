import type { FastifyRequest } from 'fastify';
import type { Centre } from '../centre.ts';
import { isAtLeast } from '../../sync/merge/roles.ts';
import type { Sql } from '../database.ts';
import { signInManager } from '../enrol.ts';
import { toLogged } from '../log.ts';
import { BusyRefusal, notSetUp } from '../refusal.ts';
import { findChain, listStaffByIds } from '../repos/documents.ts';
import { findKeyByHash, insertKey, noteKeyUse, revokeKey, type KeyRow } from '../repos/integration-keys.ts';
import { ApiRefusal } from './refusal.ts';
import type { KeyView, NewKeyRequest, Scope } from './shapes.ts';

/** The beginning tells whoever finds such a text somewhere what it is. */
export const KEY_SECRET = /^cfk_[0-9a-f]{64}$/;
const USE_STEP_MS = 60_000;

const secretHash = ({ crypto }: Pick<Centre, 'crypto'>, secret: string): string =>
  crypto.sha256Hex(`integration-key ${secret}`);

/** As managers see it: without who made it. */
export function toKeyView(row: KeyRow): KeyView {
  const { keyId, name, scopes, madeAtMs, lastUsedAtMs, revokedAtMs } = row;
  return { keyId, name, scopes, madeAtMs, lastUsedAtMs, revokedAtMs };
}

/** A new key by a manager with her PIN. Its secret is in the answer and nowhere else. */
export async function makeKey(
  centre: Centre,
  { login, pin, name, scopes }: NewKeyRequest,
): Promise<KeyView & { secret: string }> {
  const { sql } = centre.database;
  if ((await findChain(sql)) === null) throw notSetUp();
  const manager = await signInManager(centre, { login, pin });
  const secret = `cfk_${centre.crypto.randomHex(32)}`;
  const key: KeyRow = {
    keyId: `key-${centre.crypto.randomHex(6)}`,
    name,
    scopes: [...new Set(scopes)],
    madeBy: manager.staffId,
    madeAtMs: centre.clock.nowMs(),
    lastUsedAtMs: 0,
    revokedAtMs: null,
  };
  await insertKey(sql, key, secretHash(centre, secret));
  centre.log.info({ audit: 'integration_key.made', keyId: key.keyId, by: key.madeBy }, 'key made');
  return { ...toKeyView(key), secret };
}

/** From the next request on the key opens nothing, and its webhooks are told nothing. */
export async function endKey(
  centre: Centre,
  { keyId, login, pin }: { keyId: string; login: string; pin: string },
): Promise<void> {
  const { staffId } = await signInManager(centre, { login, pin });
  const isKnown = await revokeKey(centre.database.sql, keyId, { staffId, nowMs: centre.clock.nowMs() });
  if (!isKnown) throw new ApiRefusal('not_found', 'There is no such key. Nothing was changed.');
  centre.log.info({ audit: 'integration_key.revoked', keyId, by: staffId }, 'key revoked');
}

/** A key answers to whoever made it: true while that person works here as a manager. */
export async function isStillManager(sql: Sql, staffId: string): Promise<boolean> {
  const [maker] = await listStaffByIds(sql, [staffId]);
  return maker !== undefined && !maker.isGone && isAtLeast(maker.role, 'manager');
}

function assertNotTooOften(centre: Centre, keyId: string): void {
  const waitS = centre.keyBucket.take(keyId, centre.clock.nowMs());
  if (waitS === 0) return;
  throw new BusyRefusal(
    { status: 429, retryAfterS: waitS },
    'This key asks too often. Nothing was changed. Try again after the seconds of retry-after.',
  );
}

/**
 * The key that a request carries, if it has one of `scopes`.
 *
 * @throws ApiRefusal `unauthorised` or `not_allowed`; BusyRefusal for a key that asks too often.
 */
export async function authKey(
  centre: Centre,
  request: FastifyRequest,
  scopes: readonly Scope[],
): Promise<KeyRow> {
  const secret = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const isWell = KEY_SECRET.test(secret);
  const key = isWell ? await findKeyByHash(centre.database.sql, secretHash(centre, secret)) : undefined;
  if (key === undefined) {
    throw new ApiRefusal(
      'unauthorised',
      'The centre does not know this key. Nothing was changed. Ask a manager for a new one.',
    );
  }
  assertNotTooOften(centre, key.keyId);
  if (!(await isStillManager(centre.database.sql, key.madeBy))) {
    throw new ApiRefusal(
      'not_allowed',
      'The manager who made this key is none any more. Nothing was changed. Ask a manager for a new key.',
    );
  }
  if (!key.scopes.some((scope) => scopes.includes(scope))) {
    const wanted = scopes.join(' or ');
    throw new ApiRefusal('not_allowed', `This key has no scope ${wanted}. Nothing was changed.`);
  }
  const nowMs = centre.clock.nowMs();
  if (Math.abs(nowMs - key.lastUsedAtMs) > USE_STEP_MS) {
    // Nobody waits for it.
    void noteKeyUse(centre.database.sql, key.keyId, nowMs).catch((cause: unknown) =>
      centre.log.warn({ cause: toLogged(cause) }, 'the use of a key was not noted'),
    );
  }
  return key;
}
