import { CHAIN_START, opHash } from '../../../sync/model/op.ts';
import { createStateHash } from '../../../sync/merge/state-hash.ts';
import type { Ctx, Handler } from '../ctx.ts';

const OPS_PER_READ = 1_000;

/** Walks the till's own chain from its first op. Says what does not hold, never repairs. */
function verifyChain(ctx: Ctx): { ownOps: number; chainHead: string; problems: string[] } {
  let prev = CHAIN_START;
  let tseq = 0;
  for (;;) {
    const batch = ctx.till.ops.listAfter(tseq, OPS_PER_READ);
    for (const { op, hash } of batch) {
      const isSound = op.tseq === tseq + 1 && op.prev === prev && opHash(op, ctx.crypto) === hash;
      if (!isSound)
        return { ownOps: tseq, chainHead: prev, problems: [`own op ${tseq + 1} does not fit the chain`] };
      tseq = op.tseq;
      prev = hash;
    }
    if (batch.length < OPS_PER_READ) return { ownOps: tseq, chainHead: prev, problems: [] };
  }
}

/** Hashes what the centre confirmed and checks both files. Equal at equal cursors on every replica. */
export const verifyTill: Handler<'till.verify'> = (ctx) => {
  const hash = createStateHash(ctx.crypto);
  const replica = ctx.replica();
  replica.eachRow({ member: hash.addMember, card: hash.addCard, account: hash.addAccount });
  const chain = verifyChain(ctx);
  const problems = [...chain.problems, ...ctx.till.check(), ...replica.check()];
  const { members, cards } = hash.counts();
  return {
    ok: problems.length === 0,
    members,
    cards,
    ownOps: chain.ownOps,
    cursor: replica.meta().cursor,
    stateHash: hash.value(),
    chainHead: chain.chainHead,
    problems,
  };
};
