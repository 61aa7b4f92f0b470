import type { OpId, StaffId } from '../../../sync/base/ids.ts';
import { isAtLeast } from '../../../sync/merge/roles.ts';
import { leastSecond, secondOf } from '../../../sync/merge/second-person.ts';
import type { StaffRole } from '../../../sync/model/chain.ts';
import type { OpKind } from '../../../sync/model/op.ts';
import { AppError } from '../../contract/errors.ts';
import type { SecondPerson } from '../../contract/views.ts';
import type { Ctx } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';
import { secondRefused } from '../second-person.ts';
import { actor } from './shared.ts';

/**
 * Checks the PIN of whoever stands by an act beside the person at work. It counts wrong tries as a sign-in does, and
 * signs nobody in. A press that is saved already asks no more.
 *
 * @param act `least`: the role of the actor without which the PIN is not even looked at.
 * @throws AppError `not_allowed`, `second_person`, `pin_wrong`, `pin_locked`.
 */
export async function confirmSecond(
  ctx: Ctx,
  { login, pin }: SecondPerson,
  act: { opId: OpId; kind: OpKind; least: StaffRole },
): Promise<StaffId> {
  const session = actor(ctx);
  const saved = ctx.till.ops.find(act.opId)?.op;
  const before = saved?.kind === act.kind ? secondOf(saved.body) : undefined;
  if (before !== undefined) return before;
  if (!isAtLeast(roleNow(ctx.directory, session), act.least))
    throw new AppError('not_allowed', `This needs a ${act.least}. Nothing was saved.`);
  const needed = leastSecond(act.kind);
  if (ctx.directory.staffByLogin(login)?.staffId === session.person.staffId) throw secondRefused(needed);
  const use = { act: 'second', place: ctx.screen } as const;
  const { person } = await ctx.sessions.check(login, pin, use);
  ctx.sessions.note(person.staffId, use, 'right');
  if (!isAtLeast(person.role, needed)) throw secondRefused(needed);
  return person.staffId;
}
