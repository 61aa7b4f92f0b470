import type { MessageTemplate } from '../../../sync/model/template.ts';
import { AppError } from '../../contract/errors.ts';
import type { Ctx } from '../ctx.ts';

/** The template that may be sent now, own unsent versions on top. @throws AppError `bad_request`. */
export function getTemplate(ctx: Ctx, templateId: string): MessageTemplate {
  const found = ctx.directory.documents('template').find(({ id }) => id === templateId)?.body;
  if (found === undefined || found.isRetired)
    throw new AppError('bad_request', 'There is no such message any more. Nothing was sent; choose another.');
  return found;
}
