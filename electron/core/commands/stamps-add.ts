import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { move } from './move.ts';
import { earnNow } from './points-credit.ts';

/**
 * Stamps always add; a full round makes a reward due and the surplus carries over. A card is never too full. So many as
 * were pressed, or as a purchase earns by the card type's rule.
 */
export const addStamps: Handler<'stamps.add'> = (
  ctx,
  { opId, cardId, count, amountMinor, receiptNo = '' },
) => {
  if ((count === undefined) === (amountMinor === undefined)) {
    throw new AppError(
      'bad_request',
      'Give either a number of stamps or a purchase amount, not both. Nothing was booked.',
    );
  }
  return move(ctx, {
    opId,
    cardId,
    action: amountMinor === undefined ? 'stamp' : 'stamp-buy',
    kind: 'stamp.added',
    asked: amountMinor === undefined ? { count } : { amountMinor, receiptNo },
    toBody: (inHand) => {
      if (amountMinor === undefined)
        return { kind: 'stamp.added', count: count ?? 1, amountMinor: null, receiptNo };
      const { points, ...rest } = earnNow(ctx, inHand, amountMinor);
      return { kind: 'stamp.added', count: points, amountMinor, receiptNo, ...rest };
    },
  });
};
