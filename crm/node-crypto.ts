import {
  createPrivateKey,
  createPublicKey,
  hash,
  randomBytes,
  scrypt as scryptCallback,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { Crypto, Signing } from '../sync/base/crypto.ts';
import type { Scrypt } from '../sync/base/pin.ts';

export const nodeCrypto: Crypto = {
  sha256Hex: (text) => hash('sha256', text),
  randomHex: (byteCount) => randomBytes(byteCount).toString('hex'),
};

export const nodeScrypt: Scrypt = (pin, saltBase64, cost) =>
  new Promise((resolve, reject) => {
    const options = { N: cost.n, r: cost.r, p: cost.p };
    scryptCallback(pin, Buffer.from(saltBase64, 'base64'), 32, options, (error, key) =>
      error === null ? resolve(key.toString('base64')) : reject(error),
    );
  });

const PKCS8_ED25519 = '302e020100300506032b657004220420';
const SPKI_ED25519 = '302a300506032b6570032100';

const toSecretKey = (seed: string): KeyObject =>
  createPrivateKey({ key: Buffer.from(PKCS8_ED25519 + seed, 'hex'), format: 'der', type: 'pkcs8' });

const publicKeys = new Map<string, KeyObject>();
const PUBLIC_KEYS_MAX = 10_000;

/** A till's key comes with each of its requests: read once. @throws For 32 bytes that are no point of the curve. */
function toPublicKey(publicKey: string): KeyObject {
  const known = publicKeys.get(publicKey);
  if (known !== undefined) return known;
  const der = Buffer.from(SPKI_ED25519 + publicKey, 'hex');
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' });
  if (publicKeys.size >= PUBLIC_KEYS_MAX) publicKeys.clear();
  publicKeys.set(publicKey, key);
  return key;
}

const toBytes = (message: Uint8Array | string): Uint8Array =>
  typeof message === 'string' ? Buffer.from(message) : message;

export const nodeSigning: Signing = {
  sign: (secretKey, message) => sign(null, toBytes(message), toSecretKey(secretKey)).toString('hex'),
  isSigned: (publicKey, message, signature) => {
    if (!/^[0-9a-f]{64}$/.test(publicKey) || !/^[0-9a-f]{128}$/.test(signature)) return false;
    try {
      return verify(null, toBytes(message), toPublicKey(publicKey), Buffer.from(signature, 'hex'));
    } catch {
      // Not every 32 bytes are a point of the curve.
      return false;
    }
  },
};

/** A new Ed25519 pair from the platform's secure source. */
export function newSigningKey(): { secretKey: string; publicKey: string } {
  const secretKey = randomBytes(32).toString('hex');
  return { secretKey, publicKey: signingPublicKey(secretKey) };
}

/** The public half that belongs to an Ed25519 seed. */
export const signingPublicKey = (secretKey: string): string =>
  createPublicKey(toSecretKey(secretKey))
    .export({ format: 'der', type: 'spki' })
    .toString('hex')
    .slice(SPKI_ED25519.length);

const PKCS8_X25519 = '302e020100300506032b656e04220420';
const SPKI_X25519 = '302a300506032b656e032100';

/** A new X25519 pair: tills seal with the public half what only the centre may read. */
export function newSealingKey(): { secretKey: string; publicKey: string } {
  const secretKey = randomBytes(32).toString('hex');
  const key = Buffer.from(PKCS8_X25519 + secretKey, 'hex');
  const publicObject = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
  const publicKey = publicObject
    .export({ format: 'der', type: 'spki' })
    .toString('hex')
    .slice(SPKI_X25519.length);
  return { secretKey, publicKey };
}
