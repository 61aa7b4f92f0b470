import { ShownReason } from '../../../sync/model/feed.ts';
import type { InboxView, OwnHeld } from '../../contract/inbox.ts';
import { CentreFault } from '../centre-client.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf, managerOf, toDeskError } from '../inbox/desk.ts';
import { toItems } from '../inbox/item-view.ts';
import { nameOf } from '../views/member-view.ts';

const OWN_SHOWN = 50;

/** What this till itself knows of its held ops: also without a line. */
function ownHeld({ till, overlay }: Ctx): InboxView['own'] {
  const ops = till.ops.listHeld(OWN_SHOWN).map(({ op, heldReason }): OwnHeld => {
    const member = overlay.lay(op.body.memberId)?.member;
    const { opId, tseq, kind, wallMs } = op;
    const reason = ShownReason.parse(heldReason);
    return { opId, tseq, kind, wallMs, reason, memberName: member === undefined ? '' : nameOf(member) };
  });
  return { count: till.ops.counts().held, ops };
}

export const listInbox: Handler<'inbox.list'> = async (ctx, { state, after, id }) => {
  const { person } = managerOf(ctx);
  const own = ownHeld(ctx);
  const down: InboxView = { line: 'down', items: [], hasMore: false, open: 0, own };
  const centre = centreOf(ctx);
  if (centre === null) return down;
  try {
    const only = id === '' ? {} : { id };
    const reply = await centre.inbox({ actorId: person.staffId, state, after, ...only });
    return { line: 'up', items: toItems(ctx, reply), hasMore: reply.hasMore, open: reply.open, own };
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return down;
    throw toDeskError(cause);
  }
};
