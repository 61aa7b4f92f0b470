import type { Handler } from '../ctx.ts';
import { assertMayHold, cardKeys, getCardType, newCard, takeCardNumber } from './new-card.ts';
import { actor, asSaved, assertServed, getLaid, replyTo } from './shared.ts';

export const issueCard: Handler<'cards.issue'> = (ctx, { opId, memberId, cardTypeId, cardNumber }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'card.issued',
    asked: { memberId: asSaved(ctx, opId, memberId), cardTypeId, cardNumber: cardNumber ?? undefined },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      assertServed(member);
      const type = getCardType(ctx, cardTypeId);
      assertMayHold(type, member);
      const card = newCard(ctx, type, takeCardNumber(ctx, cardNumber));
      return {
        body: { kind: 'card.issued', memberId: member.memberId, ...card },
        keys: cardKeys(card),
        usesCardNumber: card.cardNumber,
      };
    },
  });
  const { body } = stored.op;
  return replyTo(ctx, stored, body.kind === 'card.issued' ? body.cardId : null);
};
