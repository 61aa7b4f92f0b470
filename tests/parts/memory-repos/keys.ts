import type * as Real from '../../../crm/keys.ts';
import { must } from '../../../sync/base/must.ts';
import type { Sql } from '../../../crm/database.ts';
import { nodeSigning } from '../../../crm/node-crypto.ts';
import { unitOf } from '../memory-centre.ts';

const pairOf = async (sql: Sql, kind: string): Promise<{ publicKey: string; secretKey: string }> => {
  const { tables, step } = unitOf(sql);
  await step();
  return must(tables.keys.get(kind), `the centre has a key to ${kind}`);
};

export const makeMissingKeys: typeof Real.makeMissingKeys = () => Promise.resolve();

export const findCentreKeys: typeof Real.findCentreKeys = async (sql) => ({
  signKey: (await pairOf(sql, 'sign')).publicKey,
  sealKey: (await pairOf(sql, 'seal')).publicKey,
});

export const findSealSecret: typeof Real.findSealSecret = async (sql) =>
  (await pairOf(sql, 'seal')).secretKey;

export const findSignSecret: typeof Real.findSignSecret = async (sql) =>
  (await pairOf(sql, 'sign')).secretKey;

export const createCentreSigner: typeof Real.createCentreSigner = (sql) => ({
  sign: async (text) => nodeSigning.sign((await pairOf(sql, 'sign')).secretKey, text),
});
