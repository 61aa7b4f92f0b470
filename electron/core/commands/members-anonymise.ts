import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { confirmSecond } from './confirm-second.ts';
import { actor, asSaved, getLaid, replyTo } from './shared.ts';

/** Final, and stronger than every edit that is still on its way. The ledger stays, and says of nobody. Two people. */
export const anonymiseMember: Handler<'members.anonymise'> = async (
  ctx,
  { opId, memberId, reason, second },
) => {
  const act = { opId, kind: 'member.state', least: 'manager' } as const;
  const secondId = await confirmSecond(ctx, second, act);
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.state',
    asked: { memberId: asSaved(ctx, opId, memberId), state: 'anonymised' },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      if (member.state === 'anonymised') {
        throw new AppError('action_not_offered', 'This member is anonymised already. Nothing was changed.');
      }
      const epoch = member.stateEpoch + 1;
      const to = { memberId: member.memberId, state: 'anonymised' as const, epoch, reason, secondId };
      return { body: { kind: 'member.state', ...to }, memberState: member.state };
    },
  });
  return replyTo(ctx, stored, null);
};
