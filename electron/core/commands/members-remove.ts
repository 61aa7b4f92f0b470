import { searchKeys } from '../../../sync/base/search-key.ts';
import { isRemoved } from '../../../sync/model/extras.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { ActionReply } from '../../contract/views.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { actor, asSaved, getLaid, replyTo } from './shared.ts';
import { assertUnique } from './uniqueness.ts';

function setRemoved(ctx: Ctx, { opId, memberId, reason }: Input<'members.remove'>, to: boolean): ActionReply {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.removed',
    asked: { memberId: asSaved(ctx, opId, memberId), isRemoved: to },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      if (member.state === 'anonymised' || isRemoved(member) === to) {
        const message = `The member is ${to ? 'gone' : 'here'} already. Nothing was changed.`;
        throw new AppError('action_not_offered', message);
      }
      // Her number may be somebody else's by now.
      if (!to) assertUnique(ctx, { mobile: member.mobile, lookupId: member.lookupId }, [member.memberId]);
      const body = { kind: 'member.removed' as const, memberId: member.memberId, isRemoved: to, reason };
      return to ? { body } : { body, keys: searchKeys(member) };
    },
  });
  return replyTo(ctx, stored, null);
}

/** One act with one reason (D10): look-ups, lists and cards at once; what other tills still book counts. */
export const removeMember: Handler<'members.remove'> = (ctx, input) => setRemoved(ctx, input, true);

export const restoreMember: Handler<'members.restoreRemoved'> = (ctx, input) => setRemoved(ctx, input, false);
