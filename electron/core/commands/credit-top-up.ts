import type { Handler } from '../ctx.ts';
import { move } from './move.ts';

export const topUpCredit: Handler<'credit.topUp'> = (ctx, { opId, cardId, creditMinor, receiptNo }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'top-up',
    kind: 'credit.toppedUp',
    asked: { creditMinor, receiptNo },
    toBody: () => ({ kind: 'credit.toppedUp', creditMinor, receiptNo }),
  });
