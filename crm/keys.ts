import { CentreKeys } from '../sync/protocol/exchange.ts';
import { rowsOf, type Sql } from './database.ts';
import { newSealingKey, newSigningKey, nodeSigning } from './node-crypto.ts';

interface KeyPair {
  publicKey: string;
  secretKey: string;
}

/** Makes the centre's own pairs where they are missing. Part of bringing a database up to date. */
export async function makeMissingKeys(tx: Sql, nowMs: number): Promise<void> {
  const pairs = { sign: newSigningKey(), seal: newSealingKey() };
  for (const [kind, { publicKey, secretKey }] of Object.entries(pairs)) {
    await tx.query('insert into centre_keys values ($1, $2, $3, $4) on conflict do nothing', [
      ...[kind, publicKey, secretKey, nowMs],
    ]);
  }
}

async function findPair(sql: Sql, kind: 'sign' | 'seal'): Promise<KeyPair> {
  const text = 'select public_key as "publicKey", secret_key as "secretKey" from centre_keys where kind = $1';
  const [pair] = await rowsOf<KeyPair>(sql, text, [kind]);
  if (pair === undefined) throw new Error(`the centre has no key to ${kind}`);
  return pair;
}

/** What tills are told of the centre's keys. */
export async function findCentreKeys(sql: Sql): Promise<CentreKeys> {
  const [sign, seal] = [await findPair(sql, 'sign'), await findPair(sql, 'seal')];
  return { signKey: sign.publicKey, sealKey: seal.publicKey };
}

/** X25519 seed that opens what tills sealed for the centre, 64 hex digits. Never logged, never sent. */
export const findSealSecret = async (sql: Sql): Promise<string> => (await findPair(sql, 'seal')).secretKey;

/** The seed of the centre's own signature: secrets of webhooks are worked out of it. Never logged, never sent. */
export const findSignSecret = async (sql: Sql): Promise<string> => (await findPair(sql, 'sign')).secretKey;

/** Signs in the centre's name; tills have the public half from their enrolment. Ed25519, 128 hex digits. */
export function createCentreSigner(sql: Sql): { sign(text: string): Promise<string> } {
  let secretKey: string | undefined;
  return {
    sign: async (text) => nodeSigning.sign((secretKey ??= (await findPair(sql, 'sign')).secretKey), text),
  };
}
