import { createDecipheriv, createPrivateKey, createPublicKey, diffieHellman, hkdfSync } from 'node:crypto';
import { keyInfo, nonceOf, type SpillRecord, type SpillSession } from '../sync/spill/format.ts';

const PKCS8_X25519 = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_X25519 = Buffer.from('302a300506032b656e032100', 'hex');
const TAG_BYTES = 16;

/** The key of a session that a till sealed for the centre. @param secret X25519 seed, hex. */
function sessionKey(session: SpillSession, secret: string): Uint8Array {
  const own = Buffer.concat([PKCS8_X25519, Buffer.from(secret, 'hex')]);
  const theirs = Buffer.concat([SPKI_X25519, session.ephemeralKey]);
  const shared = diffieHellman({
    privateKey: createPrivateKey({ key: own, format: 'der', type: 'pkcs8' }),
    publicKey: createPublicKey({ key: theirs, format: 'der', type: 'spki' }),
  });
  return new Uint8Array(hkdfSync('sha256', shared, session.salt, keyInfo(session), 32));
}

/** Opens the records of one session. Each gives its text, or null when it is not what the till sealed. */
export function createUnsealer(
  session: SpillSession,
  secret: string,
): (record: SpillRecord) => string | null {
  let key: Uint8Array;
  try {
    key = sessionKey(session, secret);
  } catch {
    // Not every 32 bytes make a key.
    return () => null;
  }
  return ({ counter, aad, sealed }) => {
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(counter));
      decipher.setAAD(aad);
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      const plain = decipher.update(sealed.subarray(0, -TAG_BYTES));
      return Buffer.concat([plain, decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  };
}
