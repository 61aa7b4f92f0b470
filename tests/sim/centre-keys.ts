import { createPrivateKey, createPublicKey } from 'node:crypto';
import { signingPublicKey } from '../../crm/node-crypto.ts';

const SIGN_SECRET = '5'.repeat(64);
const SEAL_SECRET = '6'.repeat(64);
const PKCS8_X25519 = '302e020100300506032b656e04220420';

const sealPublic = (): string =>
  createPublicKey(
    createPrivateKey({ key: Buffer.from(PKCS8_X25519 + SEAL_SECRET, 'hex'), format: 'der', type: 'pkcs8' }),
  )
    .export({ format: 'der', type: 'spki' })
    .subarray(-32)
    .toString('hex');

/** The pairs of the simulated centre, by what they are for: the same in each run, nothing depends on them. */
export const CENTRE_KEYS = {
  sign: { publicKey: signingPublicKey(SIGN_SECRET), secretKey: SIGN_SECRET },
  seal: { publicKey: sealPublic(), secretKey: SEAL_SECRET },
} as const;

/** What tills know of them. */
export const CENTRE_PUBLIC = { signKey: CENTRE_KEYS.sign.publicKey, sealKey: CENTRE_KEYS.seal.publicKey };
