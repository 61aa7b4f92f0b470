import { createHash, randomBytes, scrypt as scryptCallback } from 'node:crypto';
import type { Crypto } from '../sync/base/crypto.ts';
import type { Scrypt } from '../sync/base/pin.ts';

export const nodeCrypto: Crypto = {
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  randomHex: (byteCount) => randomBytes(byteCount).toString('hex'),
};

export const nodeScrypt: Scrypt = (pin, saltBase64, cost) =>
  new Promise((resolve, reject) => {
    const options = { N: cost.n, r: cost.r, p: cost.p };
    scryptCallback(pin, Buffer.from(saltBase64, 'base64'), 32, options, (error, key) =>
      error === null ? resolve(key.toString('base64')) : reject(error),
    );
  });
