import type { CardType } from '../../../sync/model/chain.ts';
import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { move } from './move.ts';

/** Points of a purchase: so many for each whole step of the amount; the rest of a step earns nothing. */
export function pointsFor(type: CardType, amountMinor: number): number {
  if (amountMinor < type.minSpendMinor) {
    throw new AppError(
      'below_minimum',
      'The purchase is below the amount that earns points. Nothing was booked.',
    );
  }
  const points = Math.floor(amountMinor / type.earnPerMinor) * type.earnPoints;
  if (points < 1) {
    throw new AppError('below_minimum', 'The purchase is too small to earn a point. Nothing was booked.');
  }
  return points;
}

export const creditPoints: Handler<'points.credit'> = (
  ctx,
  { opId, cardId, amountMinor, receiptNo, points, reason },
) => {
  if ((amountMinor === null) === (points === null)) {
    throw new AppError(
      'bad_request',
      'Give either a purchase amount or a number of points, not both. Nothing was booked.',
    );
  }
  return move(ctx, {
    opId,
    cardId,
    action: 'credit',
    kind: 'points.credited',
    asked: points === null ? { amountMinor, receiptNo } : { points, amountMinor },
    toBody: ({ type }) => ({
      kind: 'points.credited',
      points: points ?? pointsFor(type, amountMinor ?? 0),
      amountMinor,
      receiptNo,
      reason,
    }),
  });
};
