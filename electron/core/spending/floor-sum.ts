import type { StoredOp, TillDb } from '../../../db/till/types.ts';

const OPS_PER_READ = 500;

/** Own ops up to `lastTseq` that the centre had not all answered at `ackedTseq`: what they took without cover. */
interface FloorSum {
  ackedTseq: number;
  lastTseq: number;
  lastHash: string | undefined;
  units: number;
  spends: number;
}

const sums = new WeakMap<TillDb, FloorSum>();

const floorOf = ({ op }: StoredOp): number => ('cover' in op.body ? (op.body.cover?.floor ?? 0) : 0);

/**
 * What this till has spent without cover, in ops whose fate is unknown: all of them, however long it was away.
 * Only those that came since the last question are read, unless the centre has answered meanwhile.
 */
export function floorOfTill(till: TillDb): { till: number; spends: number } {
  const { ops } = till;
  const ackedTseq = ops.ackedTseq();
  const known = sums.get(till);
  const isValid = known?.ackedTseq === ackedTseq && ops.hashOf(known.lastTseq) === known.lastHash;
  const from = { ackedTseq, lastTseq: ackedTseq, lastHash: ops.hashOf(ackedTseq), units: 0, spends: 0 };
  const sum: FloorSum = isValid ? { ...known } : from;
  for (let isAll = false; !isAll;) {
    const batch = ops.listAfter(sum.lastTseq, OPS_PER_READ);
    const floors = batch.map(floorOf).filter((units) => units > 0);
    sum.units += floors.reduce((total, units) => total + units, 0);
    sum.spends += floors.length;
    const last = batch.at(-1);
    if (last !== undefined) [sum.lastTseq, sum.lastHash] = [last.op.tseq, last.hash];
    isAll = batch.length < OPS_PER_READ;
  }
  sums.set(till, sum);
  return { till: sum.units, spends: sum.spends };
}
