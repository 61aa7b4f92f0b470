import type { Handler } from '../ctx.ts';
import { cardKeys, getCardType, newCard, takeCardNumber } from './new-card.ts';
import { actor, assertServed, getLaid, replyTo } from './shared.ts';

export const issueCard: Handler<'cards.issue'> = (ctx, { opId, memberId, cardTypeId, cardNumber }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'card.issued',
    asked: { memberId, cardTypeId, cardNumber: cardNumber ?? undefined },
    make: () => {
      assertServed(getLaid(ctx, memberId).member);
      const card = newCard(ctx, getCardType(ctx, cardTypeId), takeCardNumber(ctx, cardNumber));
      return {
        body: { kind: 'card.issued', memberId, ...card },
        keys: cardKeys(card),
        usesCardNumber: card.cardNumber,
      };
    },
  });
  const { body } = stored.op;
  return replyTo(ctx, stored, body.kind === 'card.issued' ? body.cardId : null);
};
