import type { ReplicaDb } from '../../../db/replica/types.ts';
import { searchKeys, toSearchPlan, type KeySeek, type SearchPlan } from '../../../sync/base/search-key.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import { LOOKUP_RESULTS_MAX } from '../../contract/members.ts';
import type { Ctx, Handler } from '../ctx.ts';
import type { Laid } from '../overlay.ts';
import { cardFacts, toMemberHit } from '../views/member-view.ts';
import { wholeKeysOf } from './whole-keys.ts';

const matches = (keys: readonly string[], { key, isPrefix }: KeySeek): boolean =>
  keys.some((each) => (isPrefix ? each.startsWith(key) : each === key));

/** A confirmed key can be older than the till's own edit: then the edited member must match by itself. */
function stillMatches(laid: Laid, seek: KeySeek): boolean {
  if (laid.openOps.length === 0) return true;
  return laid.people.some((member) => matches(searchKeys(member), seek));
}

const isGone = (member: MemberRow): boolean => member.state === 'anonymised' || isRemoved(member);

/**
 * Members for a text, surest meaning first: whole phone, then parts, look-up ID, e-mail, name. Index seeks
 * only, no ranking.
 */
export function findMembers(ctx: Ctx, { phone, seeks }: WhatToSeek, limit: number): Laid[] {
  const found = new Map<MemberId, Laid>();
  const take = (ids: readonly MemberId[], isMeant: (laid: Laid) => boolean): void => {
    for (const memberId of ids) {
      if (found.has(memberId) || found.size >= limit) continue;
      const laid = ctx.overlay.lay(memberId);
      if (laid === undefined || isGone(laid.member) || !isMeant(laid)) continue;
      found.set(laid.member.memberId, laid);
    }
  };
  const whole =
    phone === null ? undefined : seeks.find(({ key, isPrefix }) => !isPrefix && key.startsWith('p'));
  if (phone !== null && whole !== undefined) {
    const ids = [...ctx.till.ops.searchOpen(whole, limit), ...ctx.replica().byPhone(phone, limit)];
    take(ids, (laid) => hasPhone(laid, phone));
    // Whose number it is was asked; numbers that have it as a part would only hide the answer.
    if (found.size > 0) return [...found.values()];
  }
  for (const seek of seeks) {
    const ids = [...ctx.till.ops.searchOpen(seek, limit), ...ctx.replica().search(seek, limit)];
    take(ids, (laid) => stillMatches(laid, seek));
  }
  return [...found.values()];
}

const hasPhone = ({ people }: Laid, phone: string): boolean =>
  people.some((member) => member.mobile === phone || member.phone === phone);

/** Why somebody may be missing in what this till finds. */
function incompleteness(copy: ReplicaDb): { incomplete?: 'arriving' | 'sorting' } {
  if (copy.meta().settled === 0) return { incomplete: 'arriving' };
  return copy.isPreparing() ? { incomplete: 'sorting' } : {};
}

/** Nobody here: whether the centre is worth a question. Never for a card of this till's own stock. */
function askable(ctx: Ctx, plan: SearchPlan): { askCentre?: 'now' | 'wanted' } {
  const asked = wholeKeysOf(plan, ctx.directory.chain()?.cardPrefix);
  const isOwnStock = plan.cardNumber !== null && ctx.till.stock.isMine(plan.cardNumber);
  if (asked === null || isOwnStock || !ctx.sync.isLineUp()) return {};
  return { askCentre: asked.isPlain ? 'now' : 'wanted' };
}

type WhatToSeek = Pick<SearchPlan, 'phone' | 'seeks'>;

export const lookupMembers: Handler<'members.lookup'> = (ctx, { text }) => {
  const plan = toSearchPlan(text, ctx.directory.country());
  const facts = cardFacts(ctx);
  const held = plan.cardNumber === null ? undefined : ctx.overlay.findByCardNumber(plan.cardNumber);
  if (plan.cardNumber !== null && held !== undefined) {
    const laid = ctx.overlay.lay(held.memberId);
    const members = laid === undefined ? [] : [toMemberHit(laid, facts)];
    return { by: 'card', cardNumber: plan.cardNumber, members, hasMore: false };
  }
  const found = findMembers(ctx, plan, LOOKUP_RESULTS_MAX + 1);
  return {
    by: plan.cardNumber !== null && found.length === 0 ? 'card' : 'search',
    cardNumber: plan.cardNumber,
    members: found.slice(0, LOOKUP_RESULTS_MAX).map((laid) => toMemberHit(laid, facts)),
    hasMore: found.length > LOOKUP_RESULTS_MAX,
    ...incompleteness(ctx.replica()),
    ...(found.length === 0 ? askable(ctx, plan) : {}),
  };
};
