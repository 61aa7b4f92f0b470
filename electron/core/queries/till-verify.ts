import { setImmediate as nextTurn } from 'node:timers/promises';
import { LongRead } from '../../../db/errors.ts';
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

const TRIES = 3;

/** Of one moment of the copy; begun anew where so much was written meanwhile that its log had to be let go. */
async function hashRows(ctx: Ctx) {
  for (let tries = 1; ; tries += 1) {
    const hash = createStateHash(ctx.crypto);
    const visitor = { member: hash.addMember, card: hash.addCard, account: hash.addAccount };
    try {
      return { hash, cursor: await ctx.replica().eachRowInSlices(visitor, nextTurn), lack: [] };
    } catch (cause) {
      if (!(cause instanceof LongRead)) throw cause;
      if (tries === TRIES)
        return {
          hash,
          cursor: 0,
          lack: ['so much comes in that the copy can not be read as of one moment now'],
        };
    }
  }
}

/**
 * Hashes what the centre confirmed and checks both files. Equal at equal cursors on every replica. Hashing
 * takes seconds at a million members: it is of one moment, and calls are answered meanwhile.
 */
export const verifyTill: Handler<'till.verify'> = async (ctx) => {
  const replica = ctx.replica();
  const { hash, cursor, lack } = await hashRows(ctx);
  const chain = verifyChain(ctx);
  const problems = [...lack, ...chain.problems, ...ctx.till.check(), ...(await replica.checkAside())];
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
