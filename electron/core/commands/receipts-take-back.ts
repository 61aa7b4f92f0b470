import type { Input } from '../../contract/index.ts';
import { AppError } from '../../contract/errors.ts';
import { bookedUnder } from '../booked-receipt.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { getTakingBack } from '../taking-back.ts';
import { undoEntry } from './entries-undo.ts';
import { actor, assertRole, replyTo } from './shared.ts';

type Asked = Input<'receipts.takeBack'>;

/** All or nothing as far as this till can tell; what the first try of this press countered is passed over. */
function assertCounterable(ctx: Ctx, { memberId, receiptId, counters }: Asked): void {
  const booked = bookedUnder(ctx, { memberId, receiptId });
  const isGood = ({ entryOpId, opId }: Asked['counters'][number]): boolean =>
    ctx.till.ops.find(opId) !== undefined ||
    booked.some((each) => each.entryOpId === entryOpId && each.problem === null);
  if (!counters.every(isGood))
    throw new AppError(
      'action_not_offered',
      'What was booked under this receipt has changed. Nothing was saved; look at it again.',
    );
}

/**
 * The receipt stays where it is, with who took it back, when and why. What was booked under its number is countered
 * first: a crash in between leaves a receipt that still stands, and the same press again goes on from there.
 */
export const takeBackReceipt: Handler<'receipts.takeBack'> = (ctx, input) => {
  const { opId, receiptId, reason, counters } = input;
  const takeBack = { receiptId, reason };
  if (ctx.till.ops.find(opId) === undefined) {
    assertRole(ctx, 'supervisor');
    assertCounterable(ctx, input);
    for (const { entryOpId, opId: counterId } of counters)
      void undoEntry(ctx, { opId: counterId, undoesOpId: entryOpId, reason });
  }
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.extras',
    asked: { takeBack },
    make: () => {
      const { memberId } = getTakingBack(ctx, input).receipt;
      return { body: { kind: 'member.extras', memberId, takeBack } };
    },
  });
  return replyTo(ctx, stored, null);
};
