import type { OpId } from '../../../sync/base/ids.ts';
import type { Handler } from '../ctx.ts';
import { entryKey } from '../own-keys.ts';
import { reckonEdit } from '../purchase-edit.ts';
import { actor, replyTo } from './shared.ts';

/** One op that counters and books anew, so that no crash and no line leaves half of it. */
export const editPurchase: Handler<'purchases.edit'> = (ctx, input) => {
  const { opId, entryOpId, amountMinor, reason } = input;
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'purchase.edited',
    asked: { correctsOpId: entryOpId, amountMinor },
    make: () => {
      const { entry, newUnits } = reckonEdit(ctx, input);
      const entryId = ctx.newId<OpId>();
      return {
        body: {
          kind: 'purchase.edited',
          memberId: entry.memberId,
          cardId: entry.cardId,
          accountId: entry.accountId,
          cardTypeVersion: entry.cardTypeVersion,
          correctsOpId: entryOpId,
          entryId,
          delta: -entry.delta,
          newUnits,
          amountMinor,
          reason,
        },
        keys: [entryKey(entryId)],
      };
    },
  });
  const { body } = stored.op;
  return replyTo(ctx, stored, 'cardId' in body ? body.cardId : null);
};
