import type { Handler } from '../ctx.ts';
import { reveal } from '../sight.ts';
import { openMemberView } from '../views/member-view.ts';
import { actor, assertRole, getLaid } from './shared.ts';

/** What is masked of a member, whole, for a supervisor who says why; kept before it is shown. */
export const revealMember: Handler<'members.reveal'> = (ctx, { memberId, reason }) => {
  assertRole(ctx, 'supervisor');
  const laid = getLaid(ctx, memberId);
  reveal(ctx, { session: actor(ctx), memberId: laid.member.memberId, why: reason });
  return openMemberView(ctx, laid);
};
