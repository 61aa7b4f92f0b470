import type { MemberId } from '../../../sync/base/ids.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { actor, getLaid, replyTo } from './shared.ts';

/** The very profile, and not the person that it goes on as. */
const profileOf = (ctx: Ctx, memberId: MemberId): MemberRow =>
  ctx.replica().member(memberId) ?? getLaid(ctx, memberId).member;

function assertApart(ctx: Ctx, memberId: MemberId, intoId: MemberId): void {
  const [from, into] = [getLaid(ctx, memberId), getLaid(ctx, intoId)];
  if (from.member.state === 'anonymised' || into.member.state === 'anonymised') {
    throw new AppError('action_not_offered', 'One of them was anonymised. Nothing was changed.');
  }
  if (isRemoved(into.member) && !isRemoved(from.member)) {
    throw new AppError(
      'action_not_offered',
      'The profile to go on with was removed. Nothing was changed; take it back first.',
    );
  }
  const isOne = from.member.memberId === into.member.memberId;
  if (!isOne && profileOf(ctx, memberId).mergedIntoId === null) return;
  throw new AppError('action_not_offered', 'One of them is merged already. Nothing was changed.');
}

/** Two profiles are one person: nothing is moved, so that it can be taken back. */
export const mergeMembers: Handler<'members.merge'> = (ctx, { opId, memberId, intoId, reason }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.merged',
    asked: { memberId, intoId },
    make: () => {
      assertApart(ctx, memberId, intoId);
      return { body: { kind: 'member.merged', memberId, intoId, reason } };
    },
  });
  return replyTo(ctx, stored, null);
};

/** Takes a merge back: each has their own cards and points again, as if nothing had been. */
export const unmergeMembers: Handler<'members.unmerge'> = (ctx, { opId, memberId, intoId, reason }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.unmerged',
    asked: { memberId, intoId },
    make: () => {
      if (profileOf(ctx, memberId).mergedIntoId !== intoId) {
        throw new AppError('action_not_offered', 'These two are not merged. Nothing was changed.');
      }
      return { body: { kind: 'member.unmerged', memberId, intoId, reason } };
    },
  });
  return replyTo(ctx, stored, null);
};
