import type { OpBody, SpendCover } from '../../../sync/model/op.ts';
import { decideSpend, type SpendDecision, type SpendRefusal } from '../../../sync/spending/decide-spend.ts';
import { AppError } from '../../contract/errors.ts';
import type { ActionReply } from '../../contract/views.ts';
import { move, type Move } from '../commands/move.ts';
import { assertCovers, getCardFor, type CardInHand } from '../commands/shared.ts';
import type { Ctx } from '../ctx.ts';
import { policyOf, spendFacts } from './facts.ts';
import { askForUnits } from './ask-centre.ts';

type Spend = Move & { unitsOf: (inHand: CardInHand) => number };

function refusal(why: SpendRefusal, { units, most }: { units: number; most: number }): AppError {
  const rest = `${most} can be used here now, ${units} are needed. Nothing was booked.`;
  switch (why) {
    case 'insufficient_balance':
      return new AppError('insufficient_balance', rest);
    case 'needs_supervisor':
      return new AppError('not_allowed', `The copy is over a day old: a supervisor must do this. ${rest}`);
    case 'offline_too_long':
      return new AppError('offline_too_long', `This till has been without a line for days. ${rest}`);
    case 'offline_limit':
      return new AppError('offline_limit', `The line is down. ${rest}`);
  }
}

const decide = (ctx: Ctx, inHand: CardInHand, units: number): SpendDecision =>
  decideSpend(spendFacts(ctx, inHand, units), policyOf(ctx));

/** Units that nobody else can spend meanwhile, or within the limits for a till that is cut off. */
function coverFor(ctx: Ctx, inHand: CardInHand, units: number): SpendCover {
  const decision = decide(ctx, inHand, units);
  if (!decision.isAllowed) throw refusal(decision.why, { units, most: decision.most });
  const { cover } = decision;
  const { accountId } = inHand.account;
  const grant = ctx.settings.grants()[accountId];
  if (cover.grant === 0 || grant === undefined) return { ...cover, holdId: null };
  // In the transaction of the op: what is left of a grant and the spend under it are one.
  ctx.settings.setGrants({
    ...ctx.settings.grants(),
    [accountId]: { ...grant, left: grant.left - cover.grant },
  });
  return { ...cover, holdId: grant.holdId };
}

/** What a spend would need beyond what this till holds for itself; null when the op exists or can not be. */
function plan(ctx: Ctx, { opId, cardId, action, unitsOf }: Spend) {
  if (ctx.till.ops.find(opId) !== undefined) return null;
  const inHand = getCardFor(ctx, cardId, action);
  const units = unitsOf(inHand);
  assertCovers(inHand.account, units);
  const decision = decide(ctx, inHand, units);
  const isHeld = decision.isAllowed && decision.cover.floor === 0;
  return isHeld ? null : { accountId: inHand.account.accountId, units };
}

/**
 * One spend of a card. With the line up the centre sets the units aside first, within a moment; else this till's own
 * grants and limits decide. The cashier never waits longer than `askForUnits` allows.
 *
 * @throws AppError Why it can not be, and how much could.
 */
export async function spend(ctx: Ctx, order: Spend): Promise<ActionReply> {
  const { opId, unitsOf, toBody } = order;
  const wanted = plan(ctx, order);
  const answer = wanted === null ? null : await askForUnits(ctx, { ...wanted, opId });
  return move(ctx, {
    ...order,
    toBody: (inHand) => {
      const units = unitsOf(inHand);
      assertCovers(inHand.account, units);
      const isReserved = answer?.reserved?.units === units;
      if (answer !== null && !isReserved)
        throw refusal('insufficient_balance', { units, most: answer.available });
      const cover = isReserved
        ? { gain: 0, grant: units, floor: 0, holdId: opId }
        : coverFor(ctx, inHand, units);
      return { ...toBody(inHand), cover } as Extract<OpBody, { cover?: unknown }>;
    },
  });
}
