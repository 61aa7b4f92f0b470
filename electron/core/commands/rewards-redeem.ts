import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { move } from './move.ts';
import { assertCovers } from './shared.ts';

export const redeemReward: Handler<'rewards.redeem'> = (ctx, { opId, cardId, rewardId }) =>
  move(ctx, {
    opId,
    cardId,
    action: 'redeem',
    kind: 'reward.redeemed',
    asked: { rewardId },
    toBody: ({ account, type }) => {
      const reward = type.rewards.find((each) => each.rewardId === rewardId);
      if (reward === undefined)
        throw new AppError('not_found', `${type.name} has no such reward. Nothing was booked.`);
      assertCovers(account, reward.cost);
      return { kind: 'reward.redeemed', rewardId, cost: reward.cost };
    },
  });
