import { createHash, randomBytes } from 'node:crypto';
import type { Crypto } from '../../sync/base/crypto.ts';

export const testCrypto: Crypto = {
  sha256Hex: (text) => createHash('sha256').update(text).digest('hex'),
  randomHex: (byteCount) => randomBytes(byteCount).toString('hex'),
};
