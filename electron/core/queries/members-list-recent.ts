import type { Handler } from '../ctx.ts';
import { cardFacts, toMemberHit } from '../views/member-view.ts';

const RECENT_MAX = 5;

/** The last members that this till did something for. */
export const listRecentMembers: Handler<'members.listRecent'> = (ctx) => {
  const facts = cardFacts(ctx);
  return ctx.till.ops
    .recentMembers(RECENT_MAX)
    .map((memberId) => ctx.overlay.lay(memberId))
    .filter((laid) => laid !== undefined)
    .map((laid) => toMemberHit(laid, facts));
};
