import type { MemberId } from '../../../sync/base/ids.ts';
import { must } from '../../../sync/base/must.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import type { MemberRow } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { mergeKey } from '../own-keys.ts';
import { toEdit } from './members-edit.ts';
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

type Asked = Input<'members.merge'>;

/** The merge was saved by an earlier try of the same press. @throws AppError `op_id_reused` For another act's id. */
function isSaved(ctx: Ctx, { opId, memberId, intoId }: Asked): boolean {
  const body = ctx.till.ops.find(opId)?.op.body;
  if (body === undefined) return false;
  if (body.kind === 'member.merged' && body.memberId === memberId && body.intoId === intoId) return true;
  throw new AppError(
    'op_id_reused',
    'This action id was already used for something else. Nothing was saved.',
  );
}

/** Both in one transaction, the merge first: the values come to a profile whose former self is not another's. */
function mergeAndKeep(ctx: Ctx, asked: Asked, keeps: NonNullable<Asked['keeps']>): void {
  if (isSaved(ctx, asked)) return;
  const { opId, memberId, intoId, reason } = asked;
  ctx.writer.commitAll(actor(ctx), (add) => {
    assertApart(ctx, memberId, intoId);
    const edit = toEdit(ctx, { memberId: intoId, draft: keeps.draft }, [memberId]);
    add({ opId, body: { kind: 'member.merged', memberId, intoId, reason }, keys: [mergeKey(intoId)] });
    add({ opId: keeps.opId, ...edit });
  });
}

/** Two profiles are one person: nothing is moved, so that it can be taken back. */
export const mergeMembers: Handler<'members.merge'> = (ctx, asked) => {
  const { opId, memberId, intoId, reason, keeps } = asked;
  if (keeps !== null) {
    mergeAndKeep(ctx, asked, keeps);
    return replyTo(ctx, must(ctx.till.ops.find(keeps.opId), 'saved with the merge'), null);
  }
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.merged',
    asked: { memberId, intoId },
    make: () => {
      assertApart(ctx, memberId, intoId);
      return { body: { kind: 'member.merged', memberId, intoId, reason }, keys: [mergeKey(intoId)] };
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
