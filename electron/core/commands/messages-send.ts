import { WHOLE_CHAIN } from '../../../sync/base/ids.ts';
import { textSum } from '../../../sync/model/message.ts';
import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { getTarget } from '../messages/target.ts';
import { getTemplate } from '../messages/templates.ts';
import { actor, getLaid } from './shared.ts';

/** Asks the centre to write. The same press twice asks once; who gets it is decided when it goes out (N20). */
export const sendMessage: Handler<'messages.send'> = (ctx, input) => {
  const { opId, templateId, templateVersion, templateSum, segmentId, filterVersion } = input;
  const memberId = input.memberId ?? WHOLE_CHAIN;
  const text = { templateId, templateVersion, templateSum };
  const pinned = { ...text, ...(filterVersion !== null && { filterVersion }) };
  ctx.writer.commit({
    opId,
    session: actor(ctx),
    kind: 'message.requested',
    asked: { memberId, segmentId, ...pinned },
    make: () => {
      const template = getTemplate(ctx, templateId);
      if (template.version !== templateVersion || textSum(template) !== templateSum) {
        throw new AppError(
          'document_changed',
          'Somebody saved another version meanwhile. Nothing was sent; look at it again.',
        );
      }
      if (input.memberId !== null) getLaid(ctx, input.memberId);
      else getTarget(ctx, segmentId, filterVersion);
      return { body: { kind: 'message.requested', memberId, segmentId, ...pinned } };
    },
  });
  return { opId };
};
