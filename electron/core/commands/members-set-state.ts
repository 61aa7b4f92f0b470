import type { MemberRow, MemberState } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { Handler } from '../ctx.ts';
import { actor, asSaved, getLaid, replyTo } from './shared.ts';

type Action = Input<'members.setState'>['action'];

const FROM: Record<Action, readonly MemberState[]> = {
  lock: ['active'],
  unlock: ['locked'],
  block: ['active', 'locked'],
  unblock: ['blocked'],
};
const TO: Record<Action, MemberState> = {
  lock: 'locked',
  unlock: 'active',
  block: 'blocked',
  unblock: 'active',
};

function assertPossible(member: MemberRow, action: Action): void {
  if (FROM[action].includes(member.state)) return;
  throw new AppError(
    'action_not_offered',
    `The member is ${member.state}, so there is nothing to ${action}. Nothing changed.`,
  );
}

/**
 * A lock keeps the epoch, so it is only undone by somebody who saw it. What a manager says starts the next
 * one, a block too: an unlock that somebody made elsewhere at the same time must not wash it away.
 */
export const setMemberState: Handler<'members.setState'> = (ctx, { opId, memberId, action, reason }) => {
  const state = TO[action];
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.state',
    asked: { memberId: asSaved(ctx, opId, memberId), state },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      assertPossible(member, action);
      const epoch = member.stateEpoch + (action === 'lock' ? 0 : 1);
      const body = { kind: 'member.state' as const, memberId: member.memberId, state, epoch, reason };
      return { body, memberState: member.state };
    },
  });
  return replyTo(ctx, stored, null);
};
