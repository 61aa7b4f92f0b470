import { setTimeout } from 'node:timers/promises';
import type { MemberId, OpId, StaffId } from '../../sync/base/ids.ts';
import type { AccountRow } from '../../sync/model/card.ts';
import type { CardType } from '../../sync/model/chain.ts';
import type { OpKind } from '../../sync/model/op.ts';
import { leftBy, settlingOf, type Left } from '../../sync/programmes/left-balance.ts';
import { AppError } from '../contract/errors.ts';
import type { LeftBalance } from '../contract/members.ts';
import type { Ctx } from './ctx.ts';
import type { BatchedOp } from './op-writer.ts';
import type { Laid } from './overlay.ts';
import { mergeKey } from './own-keys.ts';
import { spendFacts } from './spending/facts.ts';
import { unitOf } from './views/card-view.ts';
import { cardFacts } from './views/member-view.ts';

/**
 * What the chain's rule makes of each balance of a person, those of her merged profiles too: all that this till sees,
 * its own open ops with it.
 *
 * @throws AppError `not_found` While a card type has not reached the till.
 */
export function leftOf(ctx: Ctx, laid: Laid): Left[] {
  const { cardType } = cardFacts(ctx);
  const typeOf = ({ cardTypeId }: AccountRow): CardType => {
    const type = cardType(cardTypeId);
    if (type !== undefined) return type;
    throw new AppError('not_found', 'This card type has not reached the till yet. Sync, then try again.');
  };
  const accounts = [...laid.accounts.values()].map(({ view }) => view);
  return leftBy(ctx.directory.chain()?.leftBalance, { accounts, cards: laid.cards, typeOf });
}

/** Money is counted out once: a manager waits so long for what only the centre knows. */
const HEAR_MS = 5_000;
const sleep = (ms: number): Promise<void> => setTimeout(ms);

/** Credit that another till may have spent meanwhile; what was earned here and has not left is nobody else's. */
const asksCentre = (ctx: Ctx, laid: Laid, left: readonly Left[]): boolean =>
  left.some(
    ({ how, ...inHand }) =>
      how === 'paid_out' &&
      spendFacts(ctx, { ...inHand, laid, member: laid.member }, inHand.units).gainLeft < inHand.units,
  );

/**
 * A merge of this till, or one that it took back, is not in the rows yet: whose cards are hers is not what they say.
 * One that the centre holds has no effect there.
 */
function isBeingTurned({ till, replica, directory }: Ctx, { people }: Laid): boolean {
  if (directory.chain()?.leftBalance === undefined) return false;
  const { settled } = replica().meta();
  const turns = (id: MemberId): boolean =>
    till.ops.listOpen(id, settled).some(({ op, heldReason }) => heldReason === null && TURNS.has(op.kind));
  const joining = (id: MemberId): MemberId[] =>
    till.ops.searchOpen({ key: mergeKey(id), isPrefix: false }, JOINING_MAX);
  return people.some(({ memberId }) => [memberId, ...joining(memberId)].some(turns));
}
const TURNS: ReadonlySet<string> = new Set<OpKind>(['member.merged', 'member.unmerged']);
/** Nobody joins more profiles to one before the line is back. */
const JOINING_MAX = 100;

/**
 * Hears of what was spent elsewhere before credit is handed over: no limit of a till that is cut off is as high as a
 * whole balance; and of who she is at the centre, where this till has just said something about that. @returns For
 * `assertHeard`: whether the copy is of now.
 */
export async function hearOfSpends(ctx: Ctx, laid: Laid): Promise<boolean> {
  if (!isBeingTurned(ctx, laid) && !asksCentre(ctx, laid, leftOf(ctx, laid))) return false;
  const heard = ctx.sync.run().then(
    () => true,
    () => false,
  );
  return Promise.race([heard, (ctx.sleep ?? sleep)(HEAR_MS).then(() => false)]);
}

/**
 * @throws AppError `centre_unreachable` Where credit would be paid out by a copy that may be old, or balances would go
 *   of somebody who is split off by then, and stay of somebody who goes with her.
 */
export function assertHeard(
  ctx: Ctx,
  laid: Laid,
  { left, isHeard }: { left: readonly Left[]; isHeard: boolean },
) {
  if (isBeingTurned(ctx, laid))
    throw new AppError(
      'centre_unreachable',
      'A merge of hers, or one that was taken back, has not reached the centre. Nothing was saved.',
    );
  if (isHeard || !asksCentre(ctx, laid, left)) return;
  throw new AppError(
    'centre_unreachable',
    'Credit is paid out once the centre has said what of it was spent elsewhere, and no answer came. Nothing was saved.',
  );
}

/** As a form says it: added up by unit, each once. */
export function sumLeft(left: readonly Left[]): LeftBalance[] {
  const sums = new Map<string, LeftBalance>();
  for (const { how, units, type } of left) {
    const unit = unitOf(type.kind);
    const sum = sums.get(`${how} ${unit}`) ?? { how, unit, units: 0 };
    sums.set(`${how} ${unit}`, { ...sum, units: sum.units + units });
  }
  return [...sums.values()].sort((one, other) => (one.unit < other.unit ? -1 : 1));
}

/** One op for each, which brings its account to zero; the two people who erase her stand by each of them. */
export const toSettling = (ctx: Ctx, left: readonly Left[], secondId: StaffId): BatchedOp[] =>
  left.map((each) => ({ opId: ctx.newId<OpId>(), body: settlingOf(each, secondId) }));
