import type { Reward } from '../../../sync/model/chain.ts';
import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { spend } from '../spending/spend.ts';
import type { CardInHand } from './shared.ts';

function rewardOf({ type }: CardInHand, rewardId: string): Reward {
  const reward = type.rewards.find((each) => each.rewardId === rewardId);
  if (reward === undefined)
    throw new AppError('not_found', `${type.name} has no such reward. Nothing was booked.`);
  return reward;
}

export const redeemReward: Handler<'rewards.redeem'> = (ctx, { opId, cardId, rewardId }) =>
  spend(ctx, {
    opId,
    cardId,
    action: 'redeem',
    kind: 'reward.redeemed',
    asked: { rewardId },
    unitsOf: (inHand) => rewardOf(inHand, rewardId).cost,
    toBody: (inHand) => ({ kind: 'reward.redeemed', rewardId, cost: rewardOf(inHand, rewardId).cost }),
  });
