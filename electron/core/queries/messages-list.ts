import type { MemberId } from '../../../sync/base/ids.ts';
import type { MessagesView, WaitingMessage } from '../../contract/messages.ts';
import { CentreFault } from '../centre-client.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf, managerOf, noLine, toDeskError } from '../inbox/desk.ts';
import { nameOf } from '../views/member-view.ts';

const OWN_SHOWN = 200;

const nameIn = ({ overlay }: Ctx, memberId: MemberId | null): string => {
  const member = memberId === null ? undefined : overlay.lay(memberId)?.member;
  return member === undefined ? '' : nameOf(member);
};

/** Own requests that the centre has no word about yet, the oldest first. */
function waitingHere(ctx: Ctx): WaitingMessage[] {
  const { ops } = ctx.till;
  return ops.listAfter(ops.ackedTseq(), OWN_SHOWN).flatMap(({ op: { opId, body, wallMs } }) =>
    body.kind === 'message.requested'
      ? [
          {
            opId,
            templateId: body.templateId,
            memberName: nameIn(ctx, body.memberId),
            segmentId: body.segmentId,
            askedAtMs: wallMs,
          },
        ]
      : [],
  );
}

export const listMessages: Handler<'messages.list'> = async (ctx) => {
  const { person } = managerOf(ctx);
  const waiting = waitingHere(ctx);
  const down: MessagesView = { line: 'down', channels: [], waiting, messages: [] };
  const centre = centreOf(ctx);
  if (centre === null) return down;
  try {
    const { channels, messages } = await centre.messages({ actorId: person.staffId });
    const named = messages.map((message) => ({
      ...message,
      memberName: nameIn(ctx, message.memberId),
      actorName: ctx.directory.staff(message.actorId)?.name ?? '',
    }));
    return { line: 'up', channels, waiting, messages: named };
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return down;
    throw toDeskError(cause);
  }
};

export const listSends: Handler<'messages.sends'> = async (ctx, { opId }) => {
  const { person } = managerOf(ctx);
  const centre = centreOf(ctx);
  if (centre === null) throw noLine();
  try {
    const { sends } = await centre.sends(opId, { actorId: person.staffId });
    return { sends: sends.map((line) => ({ ...line, memberName: nameIn(ctx, line.memberId) })) };
  } catch (cause) {
    throw toDeskError(cause);
  }
};
