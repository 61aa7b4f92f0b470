import { searchKeys, toSearchPlan, type KeySeek } from '../../../sync/base/search-key.ts';
import type { MemberId } from '../../../sync/base/ids.ts';
import { LOOKUP_RESULTS_MAX } from '../../contract/members.ts';
import type { Ctx, Handler } from '../ctx.ts';
import type { Laid } from '../overlay.ts';
import { cardFacts, toMemberHit } from '../views/member-view.ts';

const matches = (keys: readonly string[], { key, isPrefix }: KeySeek): boolean =>
  keys.some((each) => (isPrefix ? each.startsWith(key) : each === key));

/** A confirmed key can be older than the till's own edit: then the edited member must match by itself. */
function stillMatches(laid: Laid, seek: KeySeek): boolean {
  if (laid.openOps.length === 0) return true;
  return matches(searchKeys(laid.member), seek);
}

/**
 * Members for a text, surest meaning first: whole phone, then parts, look-up ID, e-mail, name. Index seeks
 * only, no ranking.
 */
export function findMembers(ctx: Ctx, seeks: readonly KeySeek[], limit: number): Laid[] {
  const found = new Map<MemberId, Laid>();
  for (const seek of seeks) {
    const ids = [...ctx.till.ops.searchOpen(seek, limit), ...ctx.replica().search(seek, limit)];
    for (const memberId of ids) {
      if (found.has(memberId) || found.size >= limit) continue;
      const laid = ctx.overlay.lay(memberId);
      if (laid === undefined || laid.member.state === 'anonymised' || !stillMatches(laid, seek)) continue;
      found.set(memberId, laid);
    }
  }
  return [...found.values()];
}

export const lookupMembers: Handler<'members.lookup'> = (ctx, { text }) => {
  const plan = toSearchPlan(text, ctx.directory.country());
  const facts = cardFacts(ctx);
  const held = plan.cardNumber === null ? undefined : ctx.overlay.findByCardNumber(plan.cardNumber);
  if (plan.cardNumber !== null && held !== undefined) {
    const laid = ctx.overlay.lay(held.memberId);
    const members = laid === undefined ? [] : [toMemberHit(laid, facts)];
    return { by: 'card', cardNumber: plan.cardNumber, members, hasMore: false };
  }
  const found = findMembers(ctx, plan.seeks, LOOKUP_RESULTS_MAX + 1);
  return {
    by: plan.cardNumber !== null && found.length === 0 ? 'card' : 'search',
    cardNumber: plan.cardNumber,
    members: found.slice(0, LOOKUP_RESULTS_MAX).map((laid) => toMemberHit(laid, facts)),
    hasMore: found.length > LOOKUP_RESULTS_MAX,
  };
};
