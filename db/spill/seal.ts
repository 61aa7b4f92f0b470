import {
  createCipheriv,
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import {
  keyInfo,
  nonceOf,
  packRecord,
  recordHead,
  SPILL_CONTEXT,
  type ReadSession,
  type SpillRecord,
  type SpillSession,
} from '../../sync/spill/format.ts';

const PKCS8_X25519 = '302e020100300506032b656e04220420';
const SPKI_X25519 = '302a300506032b656e032100';
const TAG_BYTES = 16;

/** Whose ops a session holds, and what it is sealed with. Hex keys of 32 bytes. */
export interface SpillOwner {
  tillId: string;
  incarnation: number;
  /** The till's own Ed25519 seed: each session's ephemeral pair is drawn from it. */
  secretKey: string;
  /** The centre's public X25519 key: its other half opens everything without the till. */
  sealKey: string;
  /** Ed25519 by `secretKey`, hex. */
  sign(message: Uint8Array): string;
}

const toSecretKey = (raw: Uint8Array): KeyObject =>
  createPrivateKey({
    key: Buffer.concat([Buffer.from(PKCS8_X25519, 'hex'), raw]),
    format: 'der',
    type: 'pkcs8',
  });
const toPublicKey = (raw: Uint8Array): KeyObject =>
  createPublicKey({
    key: Buffer.concat([Buffer.from(SPKI_X25519, 'hex'), raw]),
    format: 'der',
    type: 'spki',
  });

/**
 * The ephemeral secret is not kept anywhere: whoever has the till's key, which lies encrypted in `till.db`,
 * draws it again with the session's salt, and so can put back what that very file lost.
 */
const drawSecret = (secretKey: string, salt: Uint8Array): KeyObject =>
  toSecretKey(
    new Uint8Array(hkdfSync('sha256', Buffer.from(secretKey, 'hex'), salt, `${SPILL_CONTEXT}session`, 32)),
  );

/** Raw public half of an X25519 secret. */
const publicHalf = (secret: KeyObject): Uint8Array =>
  createPublicKey(secret)
    .export({ format: 'der', type: 'spki' })
    .subarray(SPKI_X25519.length / 2);

/** As a key object: made of bytes for each record, it costs more than the record. */
function keyOf(session: SpillSession, secret: KeyObject): KeyObject {
  const shared = diffieHellman({ privateKey: secret, publicKey: toPublicKey(session.sealKey) });
  return createSecretKey(Buffer.from(hkdfSync('sha256', shared, session.salt, keyInfo(session), 32)));
}

/** @param salt 16 bytes, new each time. */
export function beginSession(owner: SpillOwner, salt: Uint8Array): { session: SpillSession; key: KeyObject } {
  const secret = drawSecret(owner.secretKey, salt);
  const { tillId, incarnation } = owner;
  const sealKey = Buffer.from(owner.sealKey, 'hex');
  const session = { tillId, incarnation, salt, ephemeralKey: publicHalf(secret), sealKey };
  return { session, key: keyOf(session, secret) };
}

/** A frame with `plain` sealed. Under one key no counter may come twice. */
export function sealRecord(
  key: KeyObject,
  { tseq, counter }: Pick<SpillRecord, 'tseq' | 'counter'>,
  plain: string,
): Uint8Array {
  const head = recordHead({ tseq, counter });
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(counter));
  cipher.setAAD(head);
  const text = cipher.update(plain, 'utf8');
  cipher.final();
  return packRecord(head, Buffer.concat([text, cipher.getAuthTag()]));
}

/** @throws Error When it was not sealed with this key, or changed since. */
export function openRecord(key: KeyObject, { counter, aad, sealed }: SpillRecord): string {
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(counter));
  decipher.setAAD(aad);
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
  return Buffer.concat([plain, decipher.final()]).toString('utf8');
}

/** The key of a session that this till wrote. */
export const ownSessionKey = (session: ReadSession, secretKey: string): KeyObject =>
  keyOf(session, drawSecret(secretKey, session.salt));
