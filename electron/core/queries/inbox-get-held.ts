import { MemberId } from '../../../sync/base/ids.ts';
import type { Handler } from '../ctx.ts';
import { centreOf, managerOf, noLine, toDeskError } from '../inbox/desk.ts';
import { hopelessFor, toPerson } from '../inbox/item-view.ts';
import { repairFields } from '../inbox/repair.ts';

/** A held op with what a form can mend of it. */
export const getHeld: Handler<'inbox.getHeld'> = async (ctx, { seq }) => {
  const { person } = managerOf(ctx);
  const centre = centreOf(ctx);
  if (centre === null) throw noLine();
  const { op, reason } = await centre.held(seq, person.staffId).catch((cause: unknown) => {
    throw toDeskError(cause);
  });
  const memberId = MemberId.safeParse((op.body as { memberId?: unknown }).memberId);
  return {
    seq,
    opKind: op.kind,
    reason,
    wallMs: op.wallMs,
    businessDay: op.businessDay,
    actorName: ctx.directory.staff(op.actorId)?.name ?? op.actorId,
    person: memberId.success ? toPerson(ctx, memberId.data) : null,
    fields: repairFields(op, reason),
    hopeless: hopelessFor(ctx, op, person.staffId),
  };
};
