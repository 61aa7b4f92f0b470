import type { StoredOp, TillDb } from '../../../db/till/types.ts';
import type { Crypto } from '../../../sync/base/crypto.ts';
import type { HashAt, TseqRange } from '../../../sync/close/ranges.ts';
import { keptHash } from '../../../sync/model/op.ts';

const OPS_PER_READ = 1_000;

/** Own ops within `ranges`, in order. */
export function* opsIn(till: Pick<TillDb, 'ops'>, ranges: readonly TseqRange[]): Generator<StoredOp> {
  for (const { fromTseq, toTseq } of ranges) {
    for (let after = fromTseq - 1; after < toTseq; after += OPS_PER_READ)
      yield* till.ops.listAfter(after, Math.min(OPS_PER_READ, toTseq - after));
  }
}

/** Hashes of own ops as they are now: a changed op has another one than it was sent with. */
export function hashesOf(till: Pick<TillDb, 'ops'>, ranges: readonly TseqRange[], crypto: Crypto): HashAt {
  const hashes = new Map<number, string>();
  for (const kept of opsIn(till, ranges)) hashes.set(kept.op.tseq, keptHash(kept, crypto));
  return (tseq) => hashes.get(tseq);
}
