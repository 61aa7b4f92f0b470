import {
  createPrivateKey,
  createPublicKey,
  hash,
  randomBytes,
  scrypt,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';
import type { Crypto, Signing } from '../../sync/base/crypto.ts';
import type { Scrypt } from '../../sync/base/pin.ts';

/** The platform is asked for so many bytes at a time: each question costs as much as hashing an op. */
const POOL_BYTES = 2_048;
let pool = Buffer.alloc(0);
/** Each byte of the pool is given out once. */
function randomHex(byteCount: number): string {
  if (byteCount > POOL_BYTES) return randomBytes(byteCount).toString('hex');
  if (pool.length < byteCount) pool = randomBytes(POOL_BYTES);
  const hex = pool.toString('hex', 0, byteCount);
  pool = pool.subarray(byteCount);
  return hex;
}

/** Only algorithms that Electron's BoringSSL has too: SHA-256, secure random, scrypt, Ed25519. */
export const nodeCrypto: Crypto = {
  sha256Hex: (text) => hash('sha256', text, 'hex'),
  randomHex,
};

export const nodeScrypt: Scrypt = (pin, saltBase64, { n, r, p }) =>
  new Promise((resolve, reject) => {
    scrypt(
      pin,
      Buffer.from(saltBase64, 'base64'),
      32,
      { N: n, r, p, maxmem: 64 * 1024 * 1024 },
      (error, derived) => (error === null ? resolve(derived.toString('base64')) : reject(error)),
    );
  });

const PKCS8_ED25519 = '302e020100300506032b657004220420';
const SPKI_ED25519 = '302a300506032b6570032100';

/** A till knows its own key and the centre's, and a renewed one for a while. */
const KEYS_MAX = 8;

/** Reading a key costs as much as using it: the few that a till has are read once. */
function readOnce(read: (hex: string) => KeyObject): (hex: string) => KeyObject {
  const known = new Map<string, KeyObject>();
  return (hex) => {
    const key = known.get(hex) ?? read(hex);
    if (known.size >= KEYS_MAX) known.clear();
    known.set(hex, key);
    return key;
  };
}

const toSecretKey = readOnce((seed) =>
  createPrivateKey({ key: Buffer.from(PKCS8_ED25519 + seed, 'hex'), format: 'der', type: 'pkcs8' }),
);
const toPublicKey = readOnce((key) =>
  createPublicKey({ key: Buffer.from(SPKI_ED25519 + key, 'hex'), format: 'der', type: 'spki' }),
);

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
