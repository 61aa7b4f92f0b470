import type { Handler } from '../ctx.ts';
import { actor, getCardFor, replyTo } from './shared.ts';

export const reportLostCard: Handler<'cards.reportLost'> = (ctx, { opId, cardId, reason }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'card.status',
    asked: { cardId },
    make: () => {
      const { card } = getCardFor(ctx, cardId, 'report-lost');
      return { body: { kind: 'card.status', memberId: card.memberId, cardId, status: 'lost', reason } };
    },
  });
  return replyTo(ctx, stored, cardId);
};
