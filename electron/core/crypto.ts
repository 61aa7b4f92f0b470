import { hash, randomBytes, scrypt } from 'node:crypto';
import type { Crypto } from '../../sync/base/crypto.ts';
import type { Scrypt } from '../../sync/base/pin.ts';

/** Only algorithms that Electron's BoringSSL has too: SHA-256, secure random, scrypt. */
export const nodeCrypto: Crypto = {
  sha256Hex: (text) => hash('sha256', text, 'hex'),
  randomHex: (byteCount) => randomBytes(byteCount).toString('hex'),
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
