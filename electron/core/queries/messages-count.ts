import { agreesToMarketing } from '../../../sync/merge/consents.ts';
import { skipReasonOf } from '../../../sync/merge/messages.ts';
import type { Handler } from '../ctx.ts';
import { CentreFault } from '../centre-client.ts';
import { centreOf, managerOf, toDeskError } from '../inbox/desk.ts';
import { getTemplate } from '../messages/templates.ts';

/** Who would get it now. Of one member this till knows; a segment is counted where everybody is known. */
export const countMessage: Handler<'messages.count'> = async (ctx, { templateId, memberId, segmentId }) => {
  const template = getTemplate(ctx, templateId);
  if (memberId !== null) {
    const laid = ctx.overlay.lay(memberId);
    const reason = skipReasonOf(
      laid && { row: laid.member, hasMarketingConsent: agreesToMarketing(laid.people) },
      template,
    );
    return reason === null ? { willGet: 1, willNot: [] } : { willGet: 0, willNot: [{ reason, count: 1 }] };
  }
  const { person } = managerOf(ctx);
  const centre = centreOf(ctx);
  if (centre === null) return { willGet: null, willNot: [] };
  try {
    return await centre.rehearse({ actorId: person.staffId, templateId, segmentId });
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return { willGet: null, willNot: [] };
    throw toDeskError(cause);
  }
};
