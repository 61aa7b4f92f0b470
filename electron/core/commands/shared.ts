import type { StoredOp } from '../../../db/till/types.ts';
import type { CardId, MemberId, OpId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import type { AccountRow, CardRow } from '../../../sync/model/card.ts';
import { rootOf } from '../../../sync/merge/merged.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import type { CardType, StaffRole } from '../../../sync/model/chain.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Session } from '../../contract/till.ts';
import type { ActionReply, CardAction } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';
import type { Laid } from '../overlay.ts';
import { seesNew, seesWhole } from '../sight.ts';
import { actionsOf, statusOn } from '../views/card-view.ts';
import { cardFacts, toMemberView } from '../views/member-view.ts';

/** The person who acts. The server has refused the call already if nobody is signed in. */
export const actor = (ctx: Ctx): Session => must(ctx.session, 'commands are for signed-in people');

/** For what only looks, too: a list of everything is not a cashier's. @throws AppError `not_allowed` */
export function assertRole(ctx: Ctx, least: StaffRole): void {
  if (isAtLeast(roleNow(ctx.directory, actor(ctx)), least)) return;
  throw new AppError('not_allowed', `This needs a ${least}. Nothing was shown; ask one to sign in.`);
}

export function getLaid(ctx: Ctx, memberId: MemberId): Laid {
  const laid = ctx.overlay.lay(memberId);
  if (laid === undefined)
    throw new AppError('not_found', 'No such member on this till. Nothing was saved; look them up again.');
  return laid;
}

/**
 * The member as an op that is saved already names her: a repeat may come after she was merged, from a page that shows
 * who she was then. Ops are made about whoever she goes on as, or nobody would be served, or barred, by them.
 */
export function asSaved(ctx: Ctx, opId: OpId, memberId: MemberId): MemberId {
  const saved = ctx.till.ops.find(opId)?.op.body.memberId;
  if (saved === undefined) return memberId;
  const goesOnAs = (id: MemberId): MemberId => rootOf((each) => ctx.replica().member(each), id);
  return goesOnAs(saved) === goesOnAs(memberId) ? saved : memberId;
}

/**
 * The member as the screen shows it after the op: the reply of every command. It opens nobody, for it may come late, or
 * to a list.
 *
 * @throws AppError `saved_not_shown` Whatever goes wrong here, the op is in its file already.
 */
export function replyTo(ctx: Ctx, { op }: StoredOp, cardId: CardId | null): ActionReply {
  try {
    const laid = getLaid(ctx, op.body.memberId);
    const { memberId } = laid.member;
    const isWhole = op.body.kind === 'member.created' ? seesNew(ctx, memberId) : seesWhole(ctx, memberId);
    return { opId: op.opId, cardId, member: toMemberView(ctx, laid, isWhole) };
  } catch (cause) {
    throw new AppError(
      'saved_not_shown',
      'This was saved and counts. The member can not be shown just now; look them up again in a moment.',
      { cause },
    );
  }
}

/** Whoever was removed is looked at and taken back, and nothing else. */
export function assertThere(member: MemberRow): void {
  if (isRemoved(member)) {
    throw new AppError(
      'member_removed',
      'This member was removed: her cards are of no use. Nothing was booked; a manager can take her back.',
    );
  }
}

/** Only an active member is served: locked is look only, blocked is no service at all (D1). */
export function assertServed(member: MemberRow): void {
  assertThere(member);
  if (member.state === 'locked') {
    throw new AppError(
      'member_locked',
      'This member is locked: you may look, nothing can be booked. A supervisor can unlock.',
    );
  }
  if (member.state !== 'active') {
    throw new AppError(
      'member_blocked',
      'This member is blocked: no service. Nothing was booked; a manager can lift the block.',
    );
  }
}

export interface CardInHand {
  laid: Laid;
  member: MemberRow;
  card: CardRow;
  account: AccountRow;
  type: CardType;
}

const DEAD_CARD = {
  lost: [
    'card_lost',
    'This card was reported lost. Nothing was booked; replace it, the balance moves to the new card.',
  ],
  expired: ['card_expired', 'This card has expired. Nothing was booked.'],
  closed: ['card_closed', 'This card is closed. Nothing was booked.'],
  replaced: ['card_replaced', 'This card was replaced by a newer one. Nothing was booked; use the new card.'],
} as const;

/** What can be done with a card that is of no other use. */
const ALSO_OF: Partial<Record<CardAction, readonly (keyof typeof DEAD_CARD)[]>> = {
  replace: ['lost'],
  close: ['lost', 'expired'],
};

/**
 * The card with its member and account, ready for `action`.
 *
 * @throws AppError Why this card can not do it now.
 */
export function getCardFor(ctx: Ctx, cardId: CardId, action: CardAction): CardInHand {
  const memberId = ctx.overlay.findByCard(cardId);
  const laid = memberId === undefined ? undefined : ctx.overlay.lay(memberId);
  const card = laid?.cards.find((each) => each.cardId === cardId);
  if (laid === undefined || card === undefined) {
    throw new AppError('not_found', 'No such card on this till. Nothing was booked; scan it again.');
  }
  assertServed(laid.member);
  const facts = cardFacts(ctx);
  const status = statusOn(card, () => facts.businessDay);
  if (status !== 'active' && ALSO_OF[action]?.includes(status) !== true) {
    const [code, message] = DEAD_CARD[status];
    throw new AppError(code, message);
  }
  const type = facts.cardType(card.cardTypeId);
  if (type === undefined)
    throw new AppError('not_found', 'This card type has not reached the till yet. Sync, then try again.');
  if (action === 'redeem' && type.usableFrom !== null && type.usableFrom > facts.businessDay) {
    throw new AppError(
      'coupon_dates',
      `This coupon is of use from ${type.usableFrom} on. Nothing was booked.`,
    );
  }
  if (type.kind === 'credit' && !laid.member.isCreditAllowed && (action === 'top-up' || action === 'spend')) {
    throw new AppError(
      'credit_not_allowed',
      'This member may not use credit. Nothing was booked; a supervisor can allow it.',
    );
  }
  if (!actionsOf(laid.member, type.kind, status).includes(action)) {
    throw new AppError('action_not_offered', `A ${type.name} can not do that. Nothing was booked.`);
  }
  const account = must(laid.accounts.get(card.accountId), 'every card has an account').view;
  return { laid, member: laid.member, card, account, type };
}

/** Never below what this till itself can see: confirmed and own pending together. */
export function assertCovers(account: AccountRow, units: number): void {
  if (account.balance >= units) return;
  throw new AppError(
    'insufficient_balance',
    `Only ${account.balance} there, ${units} needed. Nothing was booked.`,
  );
}

/** Fields that every movement of a card carries. */
export const onCard = ({ card, type }: CardInHand) => ({
  // The card's own member, also where that one goes on as somebody else.
  memberId: card.memberId,
  cardId: card.cardId,
  accountId: card.accountId,
  cardTypeVersion: type.version,
});
