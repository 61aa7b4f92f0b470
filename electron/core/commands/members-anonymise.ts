import { canonicalJson } from '../../../sync/base/canonical.ts';
import type { Left } from '../../../sync/programmes/left-balance.ts';
import { AppError } from '../../contract/errors.ts';
import type { LeftBalance } from '../../contract/members.ts';
import type { Handler } from '../ctx.ts';
import { assertHeard, hearOfSpends, leftOf, sumLeft, toSettling } from '../left-balances.ts';
import { confirmSecond } from './confirm-second.ts';
import { actor, asSaved, getLaid, replyTo } from './shared.ts';

/** Money may have been counted out by what the form said. */
function assertAsShown(left: readonly Left[], shown: readonly LeftBalance[] | undefined): void {
  if (shown === undefined || canonicalJson(sumLeft(left)) === canonicalJson([...shown])) return;
  throw new AppError(
    'action_not_offered',
    'What is left on her cards has changed. Nothing was saved; look at it again.',
  );
}

/**
 * Final, and stronger than every edit that is still on its way. The ledger stays, and says of nobody. Two people. What
 * is left of her balances goes first, by the chain's rule: all of it is saved, or nothing. Credit is handed over by
 * what the centre says, never by an old copy.
 */
export const anonymiseMember: Handler<'members.anonymise'> = async (
  ctx,
  { opId, memberId, reason, second, left: shown },
) => {
  const act = { opId, kind: 'member.state', least: 'manager' } as const;
  const secondId = await confirmSecond(ctx, second, act);
  const isSaved = ctx.till.ops.find(opId) !== undefined;
  const isHeard = !isSaved && (await hearOfSpends(ctx, getLaid(ctx, memberId)));
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'member.state',
    asked: { memberId: asSaved(ctx, opId, memberId), state: 'anonymised' },
    make: () => {
      const laid = getLaid(ctx, memberId);
      const { member } = laid;
      if (member.state === 'anonymised') {
        throw new AppError('action_not_offered', 'This member is anonymised already. Nothing was changed.');
      }
      const left = leftOf(ctx, laid);
      assertAsShown(left, shown);
      assertHeard(ctx, laid, { left, isHeard });
      const epoch = member.stateEpoch + 1;
      const to = { memberId: member.memberId, state: 'anonymised' as const, epoch, reason, secondId };
      return {
        body: { kind: 'member.state', ...to },
        memberState: member.state,
        before: toSettling(ctx, left, secondId),
      };
    },
  });
  return replyTo(ctx, stored, null);
};
