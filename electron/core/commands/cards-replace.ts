import type { CardId } from '../../../sync/base/ids.ts';
import type { Handler } from '../ctx.ts';
import { cardKeys, takeCardNumber } from './new-card.ts';
import { actor, getCardFor, replyTo } from './shared.ts';

/** The new card takes over the account with its whole balance; the old number is dead from now on. */
export const replaceCard: Handler<'cards.replace'> = (ctx, { opId, cardId, reason, cardNumber }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'card.replaced',
    asked: { oldCardId: cardId, cardNumber: cardNumber ?? undefined },
    make: () => {
      const { card } = getCardFor(ctx, cardId, 'replace');
      const fresh = { cardId: ctx.newId<CardId>(), cardNumber: takeCardNumber(ctx, cardNumber) };
      return {
        body: {
          kind: 'card.replaced',
          memberId: card.memberId,
          accountId: card.accountId,
          oldCardId: card.cardId,
          ...fresh,
          reason,
        },
        keys: cardKeys(fresh),
        usesCardNumber: fresh.cardNumber,
      };
    },
  });
  const { body } = stored.op;
  return replyTo(ctx, stored, body.kind === 'card.replaced' ? body.cardId : null);
};
