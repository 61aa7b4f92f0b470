import { handLimit } from '../../../sync/merge/hand-limits.ts';
import { AppError } from '../../contract/errors.ts';
import { opsIn } from '../close/own-ops.ts';
import { actor } from '../commands/shared.ts';
import type { Ctx } from '../ctx.ts';
import { momentOf } from '../moment.ts';
import { roleNow } from '../op-writer.ts';
import { policyOf } from './facts.ts';

/**
 * Points that one person gave by hand here on a business day, less those that were taken back. What another manager
 * stood by with her PIN is both of theirs, and counts against nobody.
 */
function givenToday(ctx: Ctx, staffId: string, day: string): number {
  const given = new Map<string, number>();
  for (const { op } of opsIn(ctx.till, ctx.till.ops.dayRanges(day))) {
    const { body } = op;
    if (body.kind === 'entry.corrected') given.delete(body.correctsOpId);
    if (body.kind !== 'points.credited' || body.amountMinor !== null || op.actorId !== staffId) continue;
    if (body.secondId !== undefined) continue;
    given.set(op.opId, body.points);
  }
  return [...given.values()].reduce((sum, points) => sum + points, 0);
}

/**
 * Nobody gives more points by hand than her role may on one day. This till knows its own; what she gave at others the
 * centre adds up, and tells a manager (`crm/inbox/hand-limits.ts`).
 *
 * @throws AppError `hand_limit`.
 */
export function assertHandLimit(ctx: Ctx, points: number): void {
  const session = actor(ctx);
  const role = roleNow(ctx.directory, session);
  // Who may not at all is told so where the op is made.
  if (role === 'cashier') return;
  const limit = handLimit(role, policyOf(ctx));
  const given = givenToday(ctx, session.person.staffId, momentOf(ctx).businessDay);
  if (given + points <= limit) return;
  throw new AppError(
    'hand_limit',
    `You have given ${given} of the ${limit} points that you may give by hand today. Nothing was booked. ` +
      'Above a manager’s limit another manager stands by it with her PIN.',
  );
}
