import { must } from '../../../sync/base/must.ts';
import type { Handler } from '../ctx.ts';
import { actor, asSaved, getLaid, replyTo } from './shared.ts';

/** A fact in the consent ledger. Allowed in every state: a withdrawal is never refused. */
export const recordConsent: Handler<'consents.record'> = (ctx, { opId, memberId, isGranted }) => {
  const stored = ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'consent.recorded',
    asked: { memberId: asSaved(ctx, opId, memberId), isGranted },
    make: () => {
      const { member } = getLaid(ctx, memberId);
      const { policyVersion } = must(ctx.directory.chain(), 'an enrolled till knows its chain');
      const word = { purpose: 'marketing' as const, isGranted, policyVersion, channel: 'counter' as const };
      return { body: { kind: 'consent.recorded', memberId: member.memberId, ...word } };
    },
  });
  return replyTo(ctx, stored, null);
};
