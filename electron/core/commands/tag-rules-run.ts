import { AppError } from '../../contract/errors.ts';
import type { Handler } from '../ctx.ts';
import { roleNow } from '../op-writer.ts';
import { actor } from './shared.ts';

/** Now, and not only when the till comes to it by itself. */
export const runTagRules: Handler<'segments.runTagRules'> = (ctx) => {
  if (roleNow(ctx.directory, actor(ctx)) !== 'manager')
    throw new AppError('not_allowed', 'This needs a manager. Nothing was saved.');
  return ctx.tagRunner.run();
};
