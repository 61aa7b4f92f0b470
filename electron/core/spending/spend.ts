import { DbError } from '../../../db/errors.ts';
import type { OpId } from '../../../sync/base/ids.ts';
import type { OpBody, SpendCover } from '../../../sync/model/op.ts';
import { decideSpend, type SpendRefusal } from '../../../sync/spending/decide-spend.ts';
import { AppError } from '../../contract/errors.ts';
import type { ActionReply } from '../../contract/views.ts';
import { move, type Move } from '../commands/move.ts';
import { assertCovers, getCardFor, type CardInHand } from '../commands/shared.ts';
import type { Ctx } from '../ctx.ts';
import { policyOf, spendFacts } from './facts.ts';
import { askForUnits, giveUnitsBack, untilArrived } from './ask-centre.ts';

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

/** Takes from a grant in the transaction of the op: what is left of it and the spend under it are one. */
function takeGrant(ctx: Ctx, { account }: CardInHand, units: number): string | null {
  const grants = ctx.settings.grants();
  const grant = grants[account.accountId];
  if (units === 0 || grant === undefined) return null;
  ctx.settings.setGrants({ ...grants, [account.accountId]: { ...grant, left: grant.left - units } });
  return grant.holdId;
}

/** Units that nobody else can spend meanwhile, or within the limits for a till that is cut off. */
function coverAlone(ctx: Ctx, inHand: CardInHand, units: number): SpendCover {
  const decision = decideSpend(spendFacts(ctx, inHand, units), policyOf(ctx));
  if (!decision.isAllowed) throw refusal(decision.why, { units, most: decision.most });
  const { cover } = decision;
  return { ...cover, holdId: takeGrant(ctx, inHand, cover.grant) };
}

/** The same with a part that is reserved for this op: all of that, then what was earned here, then the grant. */
function coverTogether(
  ctx: Ctx,
  inHand: CardInHand,
  { units, reserved, opId }: { units: number; reserved: number; opId: OpId },
): SpendCover {
  const { gainLeft, grantLeft } = spendFacts(ctx, inHand, units);
  const ofReserved = Math.min(units, reserved);
  const gain = Math.min(units - ofReserved, Math.max(0, gainLeft));
  const ofGrant = units - ofReserved - gain;
  if (ofGrant > grantLeft)
    throw refusal('insufficient_balance', { units, most: ofReserved + gain + grantLeft });
  return {
    ...{ gain, grant: ofReserved + ofGrant, floor: 0 },
    holdId: takeGrant(ctx, inHand, ofGrant) ?? opId,
  };
}

/** What a spend needs beyond what this till holds for itself; null when the op exists, or nothing. */
function plan(ctx: Ctx, { opId, cardId, action, unitsOf }: Spend) {
  if (ctx.till.ops.find(opId) !== undefined) return null;
  const inHand = getCardFor(ctx, cardId, action);
  const units = unitsOf(inHand);
  assertCovers(inHand.account, units);
  const { gainLeft, grantLeft } = spendFacts(ctx, inHand, units);
  const own = Math.max(0, gainLeft) + Math.max(0, grantLeft);
  return own >= units ? null : { accountId: inHand.account.accountId, units: units - own, own };
}

/** Asks for what is lacking; once more, where what was earned here had still to arrive. */
async function reserveFor(ctx: Ctx, order: Spend) {
  const ask = async () => {
    const wanted = plan(ctx, order);
    if (wanted === null) return { wanted, answer: null };
    const { accountId, units } = wanted;
    return { wanted, answer: await askForUnits(ctx, { accountId, units, opId: order.opId }) };
  };
  const first = await ask();
  if (first.wanted === null || first.answer === null || first.answer.reserved !== null) return first;
  return (await untilArrived(ctx, first.wanted.accountId)) ? ask() : first;
}

/** False where the next start may put the op back: its units stay reserved then, until the till has made sure. */
function isSurelyUnsaved({ till, writer }: Ctx, opId: OpId): boolean {
  try {
    writer.settle();
    return till.ops.find(opId) === undefined;
  } catch (cause) {
    if (cause instanceof DbError) return false;
    throw cause;
  }
}

async function spendOnce(ctx: Ctx, order: Spend): Promise<ActionReply> {
  const { opId, unitsOf, toBody } = order;
  const { wanted, answer } = await reserveFor(ctx, order);
  const reserved = answer?.reserved?.units ?? 0;
  try {
    return move(ctx, {
      ...order,
      toBody: (inHand) => {
        const units = unitsOf(inHand);
        assertCovers(inHand.account, units);
        if (answer !== null && reserved === 0)
          throw refusal('insufficient_balance', { units, most: answer.available + (wanted?.own ?? 0) });
        const cover =
          reserved > 0
            ? coverTogether(ctx, inHand, { units, reserved, opId })
            : coverAlone(ctx, inHand, units);
        return { ...toBody(inHand), cover } as Extract<OpBody, { cover?: unknown }>;
      },
    });
  } catch (cause) {
    // Nobody spends it here: whoever comes next, at whichever till, finds it free.
    if (reserved > 0 && isSurelyUnsaved(ctx, opId)) await giveUnitsBack(ctx, opId);
    throw cause;
  }
}

/** Spends under way by op: a second press must not give back what the first is about to spend. */
const running = new Map<OpId, Promise<ActionReply>>();

/**
 * One spend of a card. With the line up the centre sets aside, within a moment, what this till does not hold for
 * itself; else this till's own grants and limits decide. The cashier never waits longer than `askForUnits` allows.
 *
 * @throws AppError Why it can not be, and how much could.
 */
export async function spend(ctx: Ctx, order: Spend): Promise<ActionReply> {
  const { opId } = order;
  while (running.has(opId)) await running.get(opId)?.catch(() => undefined);
  const spending = spendOnce(ctx, order);
  running.set(opId, spending);
  try {
    return await spending;
  } finally {
    if (running.get(opId) === spending) running.delete(opId);
  }
}
