import { agreesToMarketing } from '../../../sync/merge/consents.ts';
import { skipReasonOf } from '../../../sync/merge/messages.ts';
import { CentreFault } from '../centre-client.ts';
import type { Ctx, Handler } from '../ctx.ts';
import { centreOf, managerOf, toDeskError } from '../inbox/desk.ts';
import { countFilterReach, countReach } from '../messages/reach.ts';
import { getTarget } from '../messages/target.ts';
import { getTemplate } from '../messages/templates.ts';

/** True while members of the chain are missing here: a count of the others would be too low. */
function isPartial({ sync }: Ctx): boolean {
  const { isFilling, members, membersOf } = sync.status();
  return isFilling || members < membersOf;
}

/** Who would get it now, as this till knows it; one that has not everybody yet asks the centre. */
export const countMessage: Handler<'messages.count'> = async (ctx, asked) => {
  const { templateId, memberId, segmentId, filterVersion } = asked;
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
  const target = getTarget(ctx, segmentId, filterVersion);
  if (!isPartial(ctx)) {
    if (target.kind === 'segment') return countReach(ctx, target.segment, template);
    const reach = await countFilterReach(ctx, target.saved, template);
    if (reach !== null) return reach;
  }
  const centre = centreOf(ctx);
  if (centre === null) return { willGet: null, willNot: [] };
  try {
    const pinned = filterVersion === null ? {} : { filterVersion };
    return await centre.rehearse({ actorId: person.staffId, templateId, segmentId, ...pinned });
  } catch (cause) {
    if (cause instanceof CentreFault && cause.kind !== 'refused') return { willGet: null, willNot: [] };
    throw toDeskError(cause);
  }
};
