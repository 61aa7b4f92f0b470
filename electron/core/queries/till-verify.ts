import { setImmediate as nextTurn } from 'node:timers/promises';
import { CHAIN_START, keptHash } from '../../../sync/model/op.ts';
import { createStateHash } from '../../../sync/merge/state-hash.ts';
import type { Ctx, Handler } from '../ctx.ts';

const OPS_PER_READ = 1_000;

/** Walks the till's own chain from its first op. Says what does not hold, never repairs. */
function verifyChain(ctx: Ctx): { ownOps: number; chainHead: string; problems: string[] } {
  let prev = CHAIN_START;
  let tseq = 0;
  for (;;) {
    const batch = ctx.till.ops.listAfter(tseq, OPS_PER_READ);
    for (const { op, hash, commitment } of batch) {
      const isKept = keptHash({ op, commitment }, ctx.crypto) === hash;
      const isSound = op.tseq === tseq + 1 && op.prev === prev && isKept;
      if (!isSound)
        return { ownOps: tseq, chainHead: prev, problems: [`own op ${tseq + 1} does not fit the chain`] };
      tseq = op.tseq;
      prev = hash;
    }
    if (batch.length < OPS_PER_READ) return { ownOps: tseq, chainHead: prev, problems: [] };
  }
}

/**
 * Hashes what the centre confirmed and checks both files. Equal at equal cursors on every replica. Hashing
 * takes seconds at a million members: it is of one moment, and calls are answered meanwhile.
 */
export const verifyTill: Handler<'till.verify'> = async (ctx) => {
  const hash = createStateHash(ctx.crypto);
  const replica = ctx.replica();
  const visitor = { member: hash.addMember, card: hash.addCard, account: hash.addAccount };
  const cursor = await replica.eachRowInSlices(visitor, nextTurn);
  const chain = verifyChain(ctx);
  const problems = [...chain.problems, ...ctx.till.check(), ...(await replica.checkAside())];
  const { members, cards } = hash.counts();
  return {
    ok: problems.length === 0,
    members,
    cards,
    ownOps: chain.ownOps,
    cursor,
    stateHash: hash.value(),
    chainHead: chain.chainHead,
    problems,
  };
};
