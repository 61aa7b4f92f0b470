import { signingPublicKey, nodeSigning } from '../../electron/core/crypto.ts';
import type { SpillOwner } from '../../db/spill/seal.ts';
import {
  newId,
  type MemberId,
  type OpId,
  type StaffId,
  type StoreId,
  type TillId,
} from '../../sync/base/ids.ts';
import { CHAIN_START, sealOp, type Op, type SealedOp } from '../../sync/model/op.ts';
import { testCrypto } from './node-crypto.ts';

export const SPILL_SECRET_KEY = '7e'.repeat(32);
export const SPILL_SIGN_KEY = signingPublicKey(SPILL_SECRET_KEY);

/** A till that seals for `sealKey`. */
export const spillOwner = (sealKey: string, incarnation = 1): SpillOwner => ({
  tillId: 'till-1',
  incarnation,
  secretKey: SPILL_SECRET_KEY,
  sealKey,
  sign: (message) => nodeSigning.sign(SPILL_SECRET_KEY, message),
});

/** Ops that follow one another. `opIdOf` where a test wants the same bytes each time. */
export function chainOfOps(count: number, opIdOf: (tseq: number) => string = () => newId()): SealedOp[] {
  const chain: SealedOp[] = [];
  for (let tseq = 1; tseq <= count; tseq += 1) {
    const op: Op = {
      version: 1,
      opId: opIdOf(tseq) as OpId,
      tillId: 'till-1' as TillId,
      incarnation: 1,
      tseq,
      hlc: (0x19a00000_0000 + tseq).toString(16).padStart(12, '0').padEnd(16, '0'),
      wallMs: 1_790_000_000_000 + tseq,
      actorId: 'staff-1' as StaffId,
      storeId: 'store-1' as StoreId,
      businessDay: '2026-09-21',
      kind: 'member.changed',
      salt: '',
      prev: chain.at(-1)?.hash ?? CHAIN_START,
      body: {
        kind: 'member.changed',
        memberId: '019a0000-0000-7000-8000-000000000001' as MemberId,
        fields: { lastName: `Canary ${tseq}` },
      },
    };
    chain.push(sealOp(op, testCrypto));
  }
  return chain;
}
