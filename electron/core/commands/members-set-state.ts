import type { MemberRow, MemberState } from '../../../sync/model/member.ts';
import { AppError } from '../../contract/errors.ts';
import type { Input } from '../../contract/index.ts';
import type { Handler } from '../ctx.ts';
import { actor, getLaid, replyTo } from './shared.ts';

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
 * Raising keeps the epoch, lowering starts the next one: so a raise from elsewhere is only undone by somebody
 * who saw it.
 */
export const setMemberState: Handler<'members.setState'> = (ctx, { opId, memberId, action, reason }) => {
  const state = TO[action];
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.state',
    asked: { memberId, state },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      assertPossible(member, action);
      const epoch = member.stateEpoch + (state === 'active' ? 1 : 0);
      return { body: { kind: 'member.state', memberId, state, epoch, reason }, memberState: member.state };
    },
  });
  return replyTo(ctx, stored, null);
};
