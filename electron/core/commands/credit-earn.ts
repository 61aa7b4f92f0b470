import type { Handler } from '../ctx.ts';
import { move } from './move.ts';
import { earnNow } from './points-credit.ts';

export const earnCredit: Handler<'credit.earn'> = (ctx, { opId, cardId, amountMinor, receiptNo }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'earn',
    kind: 'credit.earned',
    asked: { amountMinor, receiptNo },
    toBody: (inHand) => {
      const { points: creditMinor, ...rest } = earnNow(ctx, inHand, amountMinor);
      return { kind: 'credit.earned', creditMinor, amountMinor, receiptNo, ...rest };
    },
  });
