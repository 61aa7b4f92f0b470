import type { Handler } from '../ctx.ts';
import { actor, getCardFor, replyTo } from './shared.ts';

/** Ends a card for good. What is left on it stays in the history and is of no use any more. */
export const closeCard: Handler<'cards.close'> = (ctx, { opId, cardId, reason }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'card.status',
    asked: { cardId, status: 'closed' },
    make: () => {
      const { card } = getCardFor(ctx, cardId, 'close');
      return { body: { kind: 'card.status', memberId: card.memberId, cardId, status: 'closed', reason } };
    },
  });
  return replyTo(ctx, stored, cardId);
};
