import type { StaffId } from '../../../sync/base/ids.ts';
import { earnFor, tierPercent } from '../../../sync/programmes/earn.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { ActionReply } from '../../contract/views.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { momentOf } from '../moment.ts';
import { assertHandLimit } from '../spending/by-hand.ts';
import { earnedOn } from '../views/earned.ts';
import { tierNow } from '../views/tier-view.ts';
import { confirmSecond } from './confirm-second.ts';
import { move } from './move.ts';
import type { CardInHand } from './shared.ts';

const REFUSED = {
  below_minimum: 'The purchase is below the amount that earns points. Nothing was booked.',
  too_small: 'The purchase is too small to earn a point. Nothing was booked.',
  day_full: 'This card has earned all that it can today. Nothing was booked; the purchase itself is fine.',
} as const;

/** What a purchase earns on this card now, and the tier that had a part in it. */
export function earnNow(ctx: Ctx, { laid, account, type }: CardInHand, amountMinor: number) {
  const { businessDay } = momentOf(ctx);
  const tierId = tierNow(ctx, laid, businessDay);
  const earnedToday =
    type.earnMaxPerDay === 0 ? 0 : earnedOn(ctx, laid, { accountId: account.accountId, day: businessDay });
  const { units, why } = earnFor(type, { amountMinor, tierId, earnedToday });
  if (units < 1 && why !== 'whole') {
    throw new AppError(why === 'day_full' ? 'day_limit' : 'below_minimum', REFUSED[why]);
  }
  return { points: units, ...(tierPercent(type, tierId) === 100 ? {} : { tier: tierId }) };
}

type Asked = Input<'points.credit'>;

/** @param secondId Another manager, who stands by points that are given by hand: then no limit of a day is asked. */
function credit(
  ctx: Ctx,
  { opId, cardId, amountMinor, receiptNo, points, reason }: Asked,
  secondId: StaffId | null,
): ActionReply {
  return move(ctx, {
    opId,
    cardId,
    action: 'credit',
    kind: 'points.credited',
    asked: points === null ? { amountMinor, receiptNo } : { points, amountMinor },
    toBody: (inHand) => {
      if (points !== null && secondId === null) assertHandLimit(ctx, points);
      return {
        kind: 'points.credited',
        ...(points === null ? earnNow(ctx, inHand, amountMinor ?? 0) : { points }),
        ...{ amountMinor, receiptNo, reason },
        ...(secondId !== null && { secondId }),
      };
    },
  });
}

export const creditPoints: Handler<'points.credit'> = (ctx, asked) => {
  const { opId, amountMinor, points, second } = asked;
  if ((amountMinor === null) === (points === null)) {
    throw new AppError(
      'bad_request',
      'Give either a purchase amount or a number of points, not both. Nothing was booked.',
    );
  }
  if (points === null || second === null) return credit(ctx, asked, null);
  const act = { opId, kind: 'points.credited', least: 'manager' } as const;
  return confirmSecond(ctx, second, act).then((secondId) => credit(ctx, asked, secondId));
};
